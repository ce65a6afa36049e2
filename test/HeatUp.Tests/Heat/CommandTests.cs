using System.Text.Json;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Heat;

/// <summary>The command line, as its user meets it.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(">/dev/full", "The disk is full. Free some space.")]
    [InlineData(">&-", "")]
    public async Task AnAnswerThatCannotBeWrittenIsAFailureThatSaysSo(string redirection, string why)
    {
        string[][] commands = [["history", "alice"], ["channels", "list", "--json"], ["--help"], ["db", "export", "-"]];
        await HeatProcess.RunAsync(folder, ["db", "init"]);
        foreach (var command in commands)
        {
            var ended = await HeatProcess.RunWithStreamsAsync(folder, redirection, command);

            ended.Code.ShouldBe(1, ended.Error);
            ended.Error.ShouldStartWith($"error: Standard output can't be written: {why}");
        }
    }

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("2>&-")]
    public async Task AComplaintThatCannotBeWrittenChangesNothing(string redirection)
    {
        var ended = await HeatProcess.RunWithStreamsAsync(folder, redirection, "history", "alice", "--days", "x");

        ended.Code.ShouldBe(2);
    }

    [Fact]
    public async Task AWarmupShowsWhatIsRecalledPlannedRunAndRemembered()
    {
        var ended = await RunAsync("warmup", "alice", "--sittings", "2", "--pace", "0");

        ended.Code.ShouldBe(0);
        ended.Error.ShouldBeEmpty();
        ended.Out.ShouldContain("its first time");
        ended.Out.ShouldContain("sitting 2");
        ended.Out.ShouldContain("just now; follows @");
        ended.Out.ShouldContain("✓");
    }

    [Fact]
    public async Task ProgramsGetALineOfJsonForEachSitting()
    {
        var ended = await RunAsync("warmup", "alice", "--sittings", "3", "--pace", "0", "--json");

        var lines = ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines.Select(line => JsonDocument.Parse(line).RootElement.Text("status"))
            .ShouldAllBe(status => status == "completed");
    }

    [Fact]
    public async Task TheHistoryOfASittingIsShownAndAnsweredInJson()
    {
        await RunAsync("warmup", "alice", "--pace", "0");

        var shown = await RunAsync("history", "alice");
        var answered = await RunAsync("history", "alice", "--json");

        shown.Code.ShouldBe(0);
        shown.Out.ShouldContain("join_channel");
        var json = JsonDocument.Parse(answered.Out).RootElement;
        json.List("history").Count.ShouldBe(json.GetProperty("summary").Number("total_actions"));
    }

    [Fact]
    public async Task SessionsAndForgettingAgree()
    {
        await RunAsync("warmup", "alice", "--pace", "0");

        (await RunAsync("sessions")).Out.ShouldContain("alice");
        (await RunAsync("forget", "alice")).Code.ShouldBe(1, "nobody could be asked");
        (await RunAsync("forget", "alice", "--yes")).Code.ShouldBe(0);
        (await RunAsync("sessions")).Out.ShouldContain("No session did anything");
    }

    [Theory]
    [InlineData("John Doe")]
    [InlineData("a/b")]
    [InlineData("🦊")]
    public async Task ASessionOfAnotherProgramIsShownAndForgottenWhateverItsName(string name)
    {
        using (var python = new Sessions.Sqlite.PythonDatabase(folder.File("sessions.db")))
            python.Add(name, "idle", "{}", "2024-01-10 12:00:00").Add("alice", "idle", "{}", "2024-01-10 12:00:00");

        var shown = await RunAsync("history", name, "--days", "3650");
        var forgotten = await RunAsync("forget", name, "--yes");
        var again = await RunAsync("history", name);

        (await RunAsync("sessions", "--days", "3650")).Out.ShouldNotContain(name);
        shown.Code.ShouldBe(0, shown.Error);
        shown.Error.ShouldContain("1 action");
        forgotten.Code.ShouldBe(0, forgotten.Error);
        again.Code.ShouldBe(2);
        again.Error.ShouldContain("A session id has letters, digits");
        (await RunAsync("forget", name, "--yes")).Code.ShouldBe(2);
        (await RunAsync("history", "alice", "--days", "3650")).Error.ShouldContain("1 action");
    }

    [Fact]
    public async Task AnExportSkipsARunThatCannotBeReadAndSaysSo()
    {
        await RunAsync("warmup", "alice", "--sittings", "3", "--pace", "0");
        var whole = await RunAsync("db", "export", "whole.ndjson");
        await using (var connection = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE runs SET plan = 'scribble' WHERE sitting = 2";
            command.ExecuteNonQuery();
        }

        var ended = await RunAsync("db", "export", "rest.ndjson");

        whole.Code.ShouldBe(0, whole.Error);
        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("warning: skipped: The run ");
        ended.Error.ShouldContain("; 1 skipped that can't be read.");
        File.ReadAllLines(folder.File("rest.ndjson")).Length
            .ShouldBe(File.ReadAllLines(folder.File("whole.ndjson")).Length - 1);
    }

    [Fact]
    public async Task ChannelsAreListedByCategory()
    {
        var answered = await RunAsync("channels", "list", "--category", "science", "--json");

        JsonDocument.Parse(answered.Out).RootElement.List("channels")
            .ShouldAllBe(channel => channel.Text("category") == "Science");
        (await RunAsync("channels", "list", "--category", "nonsense")).Error.ShouldContain("Science");
    }

    [Theory]
    [InlineData("warmup")]
    [InlineData("warmup", "a/b")]
    [InlineData("warmup", "..")]
    [InlineData("warmup", "alice", "--pace", "-1")]
    [InlineData("warmup", "alice", "--sittings", "0")]
    [InlineData("history", "alice", "--days", "0")]
    [InlineData("nonsense")]
    [InlineData("db")]
    [InlineData("db", "export", "")]
    [InlineData("db", "import", "")]
    [InlineData("db", "backup", "")]
    public async Task WrongUseSaysWhatIsWrongAndWhereHelpIs(params string[] arguments)
    {
        var ended = await RunAsync(arguments);

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("error:");
        ended.Error.ShouldContain("--help");
        ended.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("warmup")]
    [InlineData("history")]
    [InlineData("sessions")]
    [InlineData("forget")]
    [InlineData("channels list")]
    [InlineData("db init")]
    [InlineData("db cleanup")]
    [InlineData("db export")]
    [InlineData("db import")]
    [InlineData("db backup")]
    [InlineData("account login")]
    [InlineData("account list")]
    [InlineData("account allow")]
    [InlineData("account resume")]
    [InlineData("account logout")]
    public async Task EveryCommandHasHelpWithAnExample(string command)
    {
        var ended = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("Examples:");
        ended.Out.ShouldContain($"  heat {command}".TrimEnd());
    }

    [Fact]
    public async Task AskingMakesNoDatabase()
    {
        var ended = await RunAsync("history", "alice");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("DATABASE_PATH");
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PACE", "-1")]
    [InlineData("SESSION_HISTORY_DAYS", "abc")]
    [InlineData("TELEGRAM_MODE", "live")]
    [InlineData("DATABASE_PATH", "missing/folder/sessions.db")]
    [InlineData("DATABASE_PATH", ".")]
    public async Task AWrongSettingIsOneLineThatNamesIt(string name, string value)
    {
        // Without --pace, which would win over PACE.
        var ended = await HeatProcess.RunAsync(folder, ["warmup", "alice"], (name, value));

        ended.Code.ShouldBeOneOf(1, 2);
        ended.Error.ShouldContain(name);
        ended.Error.ShouldContain(value);
        ended.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task EachWrongSettingIsALineOfItsOwnHoweverLong()
    {
        var ended = await HeatProcess.RunAsync(folder, ["sessions"], ("PACE", "-1"), ("SANDBOX_FAULTS", "nonsense:1"));

        var lines = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(line => line.StartsWith("error: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("export", "sessions.db")]
    [InlineData("backup", "sessions.db")]
    [InlineData("export", "sessions.db-wal")]
    [InlineData("backup", "link.db")]
    public async Task NoCommandWritesOverTheDatabaseInUse(string command, string target)
    {
        await RunAsync("warmup", "alice", "--pace", "0");
        File.CreateSymbolicLink(folder.File("link.db"), folder.File("sessions.db"));

        var ended = await RunAsync("db", command, target, "--force");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("belongs to the database in use");
        (await RunAsync("sessions")).Out.ShouldContain("alice");
    }

    [Fact]
    public async Task WhatAForeignRowHoldsCantCommandTheTerminal()
    {
        await File.WriteAllTextAsync(folder.File("rows.ndjson"),
            """{"session_id":"alice","action_type":"idle","action_data":"\u001b[2Jgone","timestamp":"2026-01-10 12:34:56"}""",
            TestContext.Current.CancellationToken);
        (await RunAsync("db", "import", "rows.ndjson")).Code.ShouldBe(0);

        var shown = await RunAsync("history", "alice", "--days", "3650");

        shown.Out.ShouldContain("[2Jgone");
        shown.Out.ShouldNotContain('\u001b');
    }

    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(folder, arguments);
}
