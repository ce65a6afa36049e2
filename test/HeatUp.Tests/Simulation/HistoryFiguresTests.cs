using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Simulation;

public sealed class HistoryFiguresTests : IDisposable
{
    private const string PythonTable = """
        CREATE TABLE session_history (
            id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, action_type TEXT NOT NULL,
            action_data TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP)
        """;

    private static readonly ChannelPool Pool = ChannelPool.Of(
        ChannelFile.Read(Repository.File("channels_data.json")).Channels);

    private readonly Support.TempFolder folder = new();

    private string Database => folder.File("history.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheHistoryAloneTellsWhatTheSummaryTells()
    {
        SandboxFaults.TryParse("flood_wait:0.03,private:0.05,offline:0.02,revoked:0.002", out var faults, out _).ShouldBeTrue();
        var end = Live(new Scenario { Sessions = 60, Days = 12, SittingsPerDay = 4, Seed = new Seed(7), Faults = faults! });

        var figures = Read(Database, Pool, HistoryFigures.DaysMax);

        figures.Sessions.ShouldBe(end.Sessions, "everybody came");
        figures.Sittings.ShouldBe(end.Sittings);
        figures.Actions.ShouldBe(end.Actions);
        end.Summary.Refusals.ShouldNotBeEmpty();
        figures.Summary.Calibration.Length.ShouldBe(6);
        Text(figures.Summary).ShouldBe(Text(end.Summary with
        {
            HoursLocal = [.. new long[24]],
            Calibration = [.. end.Summary.Calibration.Take(6)],
        }));
    }

    [Fact]
    public void FewerDaysAreTheNewest()
    {
        var end = Live(new Scenario { Sessions = 40, Days = 6 });

        var figures = Read(Database, Pool, 2);

        figures.Days.ShouldBe(2);
        figures.Summary.Days.Select(day => day.Sittings).ShouldBe(end.Summary.Days.TakeLast(2).Select(day => day.Sittings));
    }

    [Fact]
    public void AHistoryWithoutRunsTellsWhatWasDone()
    {
        Run(PythonTable);
        Run("""
            INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES
            ('a', 'join_channel', '{"channel_username": "@durov"}', '2024-01-10 12:00:00'),
            ('a', 'read_messages', '{"channel_username": "@Durov", "x": NaN}', '2024-01-10 12:01:00.5'),
            ('a', 'idle', NULL, '2024-01-11 12:02:00'),
            ('a', 'danced', '[]', '2024-01-11 12:02:00'),
            ('a', 'read_messages', '{"channel_username": "@elsewhere"}', '2024-01-11 12:03:00'),
            ('a', 'read_messages', '{"channel_username": 5}', 'yesterday')
            """);
        var before = File.ReadAllBytes(Database);

        var figures = Read(Database, Pool, HistoryFigures.DaysMax);

        figures.Sittings.ShouldBe(0);
        figures.Actions.ShouldBe(3);
        figures.Summary.Channels.Single(channel => channel.Channel == "@durov").Joins.ShouldBe(1);
        figures.Summary.Channels.Single(channel => channel.Channel == "@elsewhere").Reads.ShouldBe(1);
        File.ReadAllBytes(Database).ShouldBe(before, "it is neither changed nor upgraded");
    }

    [Fact]
    public async Task AnEmptyHistoryIsSaidToBeEmpty()
    {
        await using (var store = await SqliteSessionStore.OpenAsync(
            Database, TelegramMode.Sandbox, TimeProvider.System,
            NullLogger<SqliteSessionStore>.Instance, TestContext.Current.CancellationToken)) { }

        var figures = Read(Database, Pool, 30);

        figures.From.ShouldBeNull();
        figures.Sittings.ShouldBe(0);
        figures.Summary.Days.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CREATE TABLE invoices (number)", "no table session_history (it has invoices)")]
    [InlineData("CREATE TABLE invoices (number); PRAGMA user_version = 99", "no table session_history (it has invoices)")]
    [InlineData("CREATE TABLE session_history (x)", "other columns (x)")]
    [InlineData(PythonTable + "; PRAGMA user_version = 99", "newer Heat Up")]
    [InlineData("VACUUM", "empty database")]
    public void AnotherProgramsDatabaseIsRefused(string sql, string said)
    {
        Run(sql);

        Should.Throw<StoreException>(() => Read(Database, Pool, 30)).Message.ShouldContain(said);
    }

    [Fact]
    public void WhatIsNoDatabaseIsRefused()
    {
        File.WriteAllText(Database, string.Join(' ', Enumerable.Repeat("years of work", 100)));

        Should.Throw<StoreException>(() => Read(Database, Pool, 30)).Message.ShouldContain("not an SQLite database");
    }

    private static HistoryFigures Read(string path, ChannelPool known, int days)
    {
        using var file = SqliteHistoryFile.Open(path);
        return HistoryFigures.Read(file, known, days);
    }

    private static string Text(Summary summary) => JsonSerializer.Serialize(summary);

    private SimulationEnd Live(Scenario scenario)
    {
        using var run = new SimulationRun(scenario, Pool, null, 2, Database);
        return run.Run(_ => { }, TestContext.Current.CancellationToken);
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
