using HeatUp.Channels;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 2: the operator's own accounts, at most three of them.</summary>
public sealed class AccountsRuleTests : IDisposable
{
    private readonly ConductWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task AClockThatIsSetBackForALogoutMakesNoRoom()
    {
        world.Book.Add(Bob);
        world.Book.Add(SessionId.Parse("carol"));
        await world.UseUpSittingsAsync();
        world.SetClockTo(FakeTime.Noon.AddDays(-2));
        world.Book.Remove(Alice).ShouldBeTrue();
        world.SetClockTo(FakeTime.Noon.AddMinutes(1));
        world.Book.Add(SessionId.Parse("dave")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("accounts.json")]
    [InlineData("database.key")]
    [InlineData("Bob.Ledger")]
    [InlineData("accounts.lock")]
    public void ANameIsNoneOfTheFoldersFiles(string name) =>
        Account.ProblemOf(SessionId.Parse(name)).ShouldNotBeNull().ShouldContain("files of the accounts' folder");

    [Fact]
    public void AFourthAccountIsRefusedWithTheReason()
    {
        world.Book.Add(Bob).ShouldBeNull();
        world.Book.Add(SessionId.Parse("carol")).ShouldBeNull();

        world.Book.Add(SessionId.Parse("dave")).ShouldNotBeNull().ShouldContain("at most 3 accounts");

        world.Book.List().Count.ShouldBe(3);
        world.Book.Add(Bob).ShouldBeNull("it is there");
    }

    [Fact]
    public void ProcessesAtOnceDontMakeMoreThanThree()
    {
        Parallel.For(0, 12, i => world.OpenBook().Add(SessionId.Parse($"account{i}")));

        world.Book.List().Count.ShouldBe(ConductLimits.AccountsMax);
    }

    [Fact]
    public async Task AccountsInTurnAreNoWayToMoreThanThree()
    {
        world.Book.Add(Bob);
        world.Book.Add(SessionId.Parse("carol"));
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();

        world.Book.Remove(Alice).ShouldBeTrue();

        world.Book.Add(SessionId.Parse("dave")).ShouldNotBeNull("alice did something today");
        world.Clock.Advance(ConductLimits.Period + TimeSpan.FromSeconds(1));
        world.Book.Add(SessionId.Parse("dave")).ShouldBeNull();
    }

    [Fact]
    public void AnUnusedNameIsFreeAtOnce()
    {
        world.Book.Add(Bob);
        world.Book.Add(SessionId.Parse("carol"));

        world.Book.Remove(Bob);

        world.Book.Add(SessionId.Parse("dave")).ShouldBeNull();
    }

    [Theory]
    [InlineData("tg:+79990001122")]
    [InlineData("имя")]
    [InlineData("a2345678901234567890123456789012345678901")]
    [InlineData("ALICE")]
    public void ANameThatIsNoAccountsIsRefused(string name) =>
        world.Book.Add(SessionId.Parse(name)).ShouldNotBeNull().ShouldContain(name);

    [Fact]
    public void OnlyTheirOwnerMayReadTheFiles()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.EnumerateFiles(world.Folder))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task ABookThatWasEditedIsNotBelieved()
    {
        world.Book.Allow(Alice, Durov).ShouldBeNull();
        world.Edit("UPDATE accounts SET account = replace(account, '@durov', '@other')").ShouldBe(1);

        Should.Throw<IOException>(() => world.Book.List()).Message.ShouldContain("can't be believed");
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("can't be believed");
        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public void AUserOfTelegramsHasOneNameHereForEver()
    {
        var carol = SessionId.Parse("carol");

        world.Book.Add(Bob, 777_000).ShouldBeNull();
        world.Book.Add(Bob, 777_000).ShouldBeNull("it is there");
        world.Book.Add(carol, 777_000).ShouldNotBeNull().ShouldContain("'bob'");
        world.Book.Add(carol, 777_001).ShouldBeNull();
        world.Book.Remove(Bob);
        world.Clock.Advance(TimeSpan.FromDays(30));

        world.OpenBook().Add(SessionId.Parse("dave"), 777_000).ShouldNotBeNull().ShouldContain("heat account login bob");
        world.OpenBook().Add(Bob, 777_002).ShouldNotBeNull("two users in turn under one name are two users")
            .ShouldContain("another Telegram account");
        world.OpenBook().Add(Bob, 777_000).ShouldBeNull();
        System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(world.BookFile)).ShouldNotContain("777");
    }

    [Theory]
    [InlineData("UPDATE accounts SET account = replace(account, '\"user\":\"', '\"user\":\"0')")]
    [InlineData("UPDATE accounts SET account = replace(account, '\"user\"', '\"nobody\"')")]
    [InlineData("DELETE FROM accounts")]
    [InlineData("INSERT INTO accounts SELECT 'zed', replace(account, 'alice', 'zed') FROM accounts")]
    [InlineData("UPDATE book SET seal = upper(seal)")]
    public void AnEditOfWhoseAnAccountIsIsFound(string edit)
    {
        world.Book.Remove(Alice);
        world.Edit(edit).ShouldBe(1);

        Should.Throw<IOException>(() => world.OpenBook().Add(Bob)).Message.ShouldContain("can't be believed");
    }

    [Theory]
    [InlineData("DELETE FROM book")]
    [InlineData("DROP TABLE accounts")]
    [InlineData("PRAGMA application_id = 7")]
    [InlineData("UPDATE accounts SET account = x'00ff'")]
    public void ADatabaseOfAnotherFormIsNotBelieved(string edit)
    {
        world.Edit(edit);

        Should.Throw<IOException>(() => world.OpenBook().List()).Message.ShouldContain("can't be believed");
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("{\"accounts\": []}, of an earlier version, or of anybody, so that it is longer than a page's head of SQLite's")]
    public void AFileThatIsNoDatabaseIsNotBelievedAndStaysAsItIs(string text)
    {
        File.WriteAllText(world.BookFile, text);

        Should.Throw<IOException>(() => world.OpenBook().Add(Bob)).Message.ShouldContain("can't be believed: it is no such file.");

        File.ReadAllText(world.BookFile).ShouldBe(text);
    }

    [Fact]
    public void ADatabaseOfANewerVersionIsLeftAlone()
    {
        world.Edit("PRAGMA user_version = 2");

        Should.Throw<IOException>(() => world.OpenBook().List()).Message.ShouldContain("Use the newer version.");
    }

    [Fact]
    public void AnotherKeyIsNotTakenForAnEdit()
    {
        var other = new AccountBook(world.Folder, () => new byte[32], world.Clock);

        Should.Throw<IOException>(() => other.List()).Message.ShouldSatisfyAllConditions(
            said => said.ShouldContain("sealed with another key"),
            said => said.ShouldContain("TDLIB_DATABASE_KEY"));
        world.OpenBook().List().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ABookThatWasDeletedDoesNotBeginAnew()
    {
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
        File.Delete(world.BookFile);

        Should.Throw<IOException>(() => world.Book.Add(Alice));
    }

    [Fact]
    public void ABookThatWasDeletedWithTheLedgersIsMissedWhileALoginIsLeft()
    {
        Directory.CreateDirectory(Path.Combine(world.Folder, "bob"));
        world.Book.Add(Bob).ShouldBeNull();
        File.Delete(world.BookFile);
        Directory.EnumerateFiles(world.Folder, "*.ledger").ShouldBeEmpty();

        Should.Throw<IOException>(() => world.OpenBook().Add(Alice)).Message.ShouldContain("move the whole folder");
        Should.Throw<IOException>(() => world.OpenBook().List());

        Directory.Delete(Path.Combine(world.Folder, "bob"), recursive: true);
        world.OpenBook().Add(Alice).ShouldBeNull("nothing is left that was bound");
    }

    [Fact]
    public void ALoginThatWasBegunBeforeTheMarkIsMarkedWithTheNextThingThatIsDone()
    {
        Directory.CreateDirectory(Path.Combine(world.Folder, "alice"));

        world.Book.Allow(Alice, Durov).ShouldBeNull();
        File.Delete(world.BookFile);

        Should.Throw<IOException>(() => world.OpenBook().List());
    }

    [Fact]
    public void ALoginThatWasOnlyBegunIsNoAccountYet()
    {
        Directory.CreateDirectory(Path.Combine(world.Folder, "bob"));
        File.WriteAllText(Path.Combine(world.Folder, "bob", "login"), "Ready 2025-06-02T12:00:00Z");
        File.Delete(world.BookFile);

        world.OpenBook().Add(Bob).ShouldBeNull();
    }

    [Fact]
    public async Task AnUnknownAccountGoesNowhere()
    {
        (await world.ConnectAsync(Bob)).Failure.ShouldBeRefused().ShouldContain("heat account login bob");
        world.Telegram.Asked.ShouldBeEmpty();
    }
}
