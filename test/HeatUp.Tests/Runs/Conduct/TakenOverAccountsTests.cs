using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>A folder of files, as earlier versions kept the accounts, is taken over once, and frees nothing.</summary>
public sealed class TakenOverAccountsTests : IDisposable
{
    private const string Book = """
        [{"name":"alice","added_at":"2025-05-01T08:00:00.0000000Z","allowed":["@durov"],"joined":["@telegram"],
          "followed":[],"joined_ids":[5],"followed_ids":[],"stopped":null,"wait_until":null,"wait_ahead":null,
          "removed_at":null,"user":"abc","lines":3,"seen":"2025-06-02T11:00:00.0000000Z"}]
        """;

    private readonly ConductWorld world = new();

    private static (DateTimeOffset, string)[] ThreeSittings =>
        [.. Enumerable.Range(1, 3).Select(i => (FakeTime.Noon.AddHours(i - 4), AccountLedger.Sitting))];

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task WhatWasAllowedAndDoneCountsOn()
    {
        world.BeginWithFiles(Book, ThreeSittings);

        var account = world.Book.Find(Alice).ShouldNotBeNull();

        account.Allowed.ShouldBe([Durov]);
        account.Joined.ShouldBe([News]);
        account.User.ShouldBe("abc");
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("at most 4 sittings");
        world.Ledger.Count.ShouldBe(4);
    }

    [Fact]
    public void TheFilesArePutAsideOnceTheDatabaseHasAll()
    {
        world.BeginWithFiles(Book, ThreeSittings);

        world.Book.List().ShouldHaveSingleItem();

        Directory.EnumerateFiles(world.Folder).Select(Path.GetFileName).Order()
            .ShouldBe(["accounts.db", "accounts.taken-over.json", "alice.taken-over.ledger"]);
        world.OpenBook().List().ShouldHaveSingleItem();
        File.Delete(world.BookFile);
        Should.Throw<IOException>(() => world.OpenBook().List()).Message.ShouldContain("put back from a backup");
    }

    [Fact]
    public async Task ALineThatACrashCutInTwoIsOfAnActionThatWasNotDone()
    {
        world.BeginWithFiles(Book, ThreeSittings);
        File.AppendAllText(world.EarlierLedger, "4 2025-06-02T12:00");

        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();

        world.Ledger.Count.ShouldBe(4);
    }

    [Fact]
    public void AnAccountOfBeforeNumbersWereKeptIsReadAsItIs()
    {
        world.BeginWithFiles(
            Book.Replace("\"joined_ids\":[5],", "", StringComparison.Ordinal)
                .Replace("\"followed_ids\":[],", "", StringComparison.Ordinal),
            ThreeSittings);

        world.Book.Find(Alice).ShouldNotBeNull().Allowed.ShouldBe([Durov]);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("no lines")]
    public async Task ALedgerThatSomebodyTouchedStopsTheAccount(string way)
    {
        world.BeginWithFiles(Book, ThreeSittings);
        var lines = File.ReadAllLines(world.EarlierLedger);
        if (way == "deleted") File.Delete(world.EarlierLedger);
        if (way == "cut") File.WriteAllLines(world.EarlierLedger, lines[..^1]);
        if (way == "changed")
            File.WriteAllLines(
                world.EarlierLedger, lines.Select(line => line.Replace("sitting", "look-up", StringComparison.Ordinal)));
        if (way == "no lines") File.WriteAllText(world.EarlierLedger, "no\nlines\nat all\n");

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("stopped");

        world.Book.Resume(Alice).ShouldBeNull();
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("at most 4 sittings");
    }

    [Fact]
    public void ABookThatWasEditedIsNotTakenOver()
    {
        world.BeginWithFiles(Book, ThreeSittings);
        File.WriteAllText(world.EarlierBook, File.ReadAllText(world.EarlierBook).Replace("@durov", "@other", StringComparison.Ordinal));

        Should.Throw<IOException>(() => world.Book.List()).Message.ShouldContain("accounts.json can't be believed: it was changed.");

        File.Exists(world.EarlierBook).ShouldBeTrue();
        new FileInfo(world.BookFile).Length.ShouldBe(0);
    }
}
