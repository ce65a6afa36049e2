using HeatUp.TdLib;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>Where accounts lie, and who may look there.</summary>
public sealed class TdAccountsTests : IDisposable
{
    private static readonly SessionId Alice = SessionId.Parse("alice");

    private readonly TempFolder folder = new();
    private readonly TdAccounts accounts;

    public TdAccountsTests() => accounts = new TdAccounts(folder.File("accounts"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AFolderIsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }
        var made = accounts.Make(Alice);
        accounts.Key();

        (File.GetUnixFileMode(made) & Everybody).ShouldBe(UnixFileMode.None);
        (File.GetUnixFileMode(folder.File("accounts")) & Everybody).ShouldBe(UnixFileMode.None);
        File.GetUnixFileMode(accounts.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void AnAccountIsListedUnderItsName()
    {
        accounts.List().ShouldBeEmpty();
        accounts.Has(Alice).ShouldBeFalse();

        foreach (var name in new[] { "alice", "tg:+79990001122", "Алиса" }) accounts.Make(SessionId.Parse(name));

        accounts.List().Select(account => account.Value).ShouldBe(["alice", "tg:+79990001122", "Алиса"], ignoreOrder: true);
        accounts.Has(Alice).ShouldBeTrue();
    }

    [Fact]
    public void AKeyIsMadeOnceAndKept()
    {
        var made = accounts.Key();

        made.Length.ShouldBe(TdAccounts.KeyLength);
        new TdAccounts(folder.File("accounts")).Key().ShouldBe(made);
        new TdAccounts(folder.File("others")).Key().ShouldNotBe(made);
        Directory.GetFiles(folder.File("accounts")).ShouldBe([accounts.KeyFile]);
    }

    [Fact]
    public void AKeyThatIsGoneIsNotMadeAnewWhileAnAccountNeedsIt()
    {
        accounts.Key();
        File.WriteAllText(Path.Combine(accounts.Make(Alice), "td.binlog"), "");
        File.Delete(accounts.KeyFile);

        var lost = Should.Throw<IOException>(accounts.Key).Message;

        lost.ShouldStartWith($"{accounts.KeyFile} is gone, and the account 'alice' is encrypted with it.");
        File.Exists(accounts.KeyFile).ShouldBeFalse();
    }

    [Fact]
    public void AKeyThatIsGoneIsNotMadeAnewForABookThatItSealed()
    {
        accounts.Key();
        folder.Write("accounts/accounts.json", "{}");
        File.Delete(accounts.KeyFile);

        Should.Throw<IOException>(accounts.Key).Message.ShouldStartWith(
            $"{accounts.KeyFile} is gone, and what the accounts did is sealed with it. Put it back from a backup");
        File.Exists(accounts.KeyFile).ShouldBeFalse();
    }

    [Fact]
    public void WhatTheSystemRefusesIsAnIOExceptionThatSaysWhatToDo()
    {
        folder.Write("accounts", "a file where the folder should be");

        foreach (var use in (Action[])[() => accounts.Key(), () => accounts.Make(Alice)])
            Should.Throw<IOException>(use).Message.ShouldContain("the user that runs heat must own it");
    }

    [Fact]
    public void AFolderInThePlaceOfTheKeyIsSaid()
    {
        Directory.CreateDirectory(accounts.KeyFile);

        Should.Throw<IOException>(() => accounts.Key()).Message.ShouldStartWith($"{accounts.KeyFile} can't be used: ");
    }

    [Fact]
    public void AKeyThatIsSetIsTakenAndNotWritten()
    {
        new TdAccounts(folder.File("accounts"), [1, 2, 3]).Key().ShouldBe([1, 2, 3]);

        Directory.Exists(folder.File("accounts")).ShouldBeFalse();
    }

    [Fact]
    public void AFileThatHoldsNoKeyIsSaid()
    {
        accounts.Make(Alice);
        File.WriteAllText(accounts.KeyFile, "half");

        Should.Throw<IOException>(() => accounts.Key()).Message
            .ShouldStartWith($"{accounts.KeyFile} holds 4 bytes; a key has 32. ");
    }

    private const UnixFileMode Everybody = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
}
