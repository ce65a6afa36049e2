using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Simulation;

public sealed class SimulationRunTests : IDisposable
{
    private static readonly ChannelPool Pool = ChannelPool.Of(
        ChannelFile.Read(Repository.File("channels_data.json")).Channels);

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Scenario Rough => new()
    {
        Sessions = 150,
        Days = 12,
        Seed = new Seed(7),
        ArriveOverDays = 4,
        Faults = Faults("flood_wait:0.03,private:0.05,offline:0.02,revoked:0.002"),
        Recommendations = true,
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OneSeedGivesTheSameOnOneThreadAndOnTwo()
    {
        var one = Live(Rough, 1, "one.db");
        var two = Live(Rough, 2, "two.db");

        one.Status.ShouldBe(RunFolderStatus.Complete);
        ShouldBeTheSame(two, "two.db", one, "one.db");
    }

    [Fact]
    public void AnotherSeedGivesSomethingElse() =>
        Live(Rough with { Seed = new Seed(8) }, 1, null).Transcript.ShouldNotBe(Live(Rough, 1, null).Transcript);

    [Fact]
    public void TheOrderInWhichTimeZonesAreListedChangesNothing()
    {
        var zones = Rough.TimeZones;

        var listed = Live(Rough, 1, null).Transcript;
        var backwards = Live(Rough with { TimeZones = [.. zones.Reverse()] }, 1, null).Transcript;

        backwards.ShouldBe(listed);
        Live(Rough with { TimeZones = zones.RemoveAt(0) }, 1, null).Transcript.ShouldNotBe(listed);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(2, false)] // Epochs of days, because nobody makes a model in between.
    public void AStoppedRunThatGoesOnEndsAsOneThatWasNeverStopped(int epochs, bool recommendations)
    {
        var rough = Rough with { Recommendations = recommendations };
        var whole = Live(rough, 2, "whole.db");

        var part = Live(rough, 2, "part.db", stopAfter: epochs);
        part.Status.ShouldBe(RunFolderStatus.Stopped);
        part.Transcript.ShouldNotBe(whole.Transcript);
        var resumed = Live(rough, 1, "part.db");

        resumed.Status.ShouldBe(RunFolderStatus.Complete);
        ShouldBeTheSame(resumed, "part.db", whole, "whole.db");
    }

    [Fact]
    public void AStopWhileARunLivesAgainWhatIsWrittenChangesNothingAndItStillGoesOn()
    {
        var whole = Live(Rough, 2, "whole.db");
        Live(Rough, 2, "part.db", stopAfter: 5);
        var before = File.ReadAllBytes(folder.File("part.db"));

        var stopped = Live(Rough, 2, "part.db", stopAfter: 2);

        stopped.IsUnchanged.ShouldBeTrue();
        stopped.Status.ShouldBe(RunFolderStatus.Stopped);
        stopped.Detail.ShouldNotBeNull().ShouldContain("replayed what is written");
        File.ReadAllBytes(folder.File("part.db")).ShouldBe(before);
        var resumed = Live(Rough, 1, "part.db");
        resumed.IsUnchanged.ShouldBeFalse();
        ShouldBeTheSame(resumed, "part.db", whole, "whole.db");
    }

    [Fact]
    public void ARunDoesNotGoOnInAnothersHistory()
    {
        Live(Rough, 1, "history.db", stopAfter: 3);

        Should.Throw<RunFolderException>(() => Live(Rough with { Seed = new Seed(8) }, 1, "history.db"))
            .Message.ShouldContain("does something else");
    }

    [Fact]
    public async Task TheServiceRemembersOfTheHistoryWhatTheSimulationRemembered()
    {
        using var run = new HeatUp.Simulations.Simulation(Rough, Pool, null, 1);
        while (!run.IsOver) run.RunEpoch(Cancellation);
        Live(Rough, 1, "history.db");

        await using var store = await SqliteSessionStore.OpenAsync(
            folder.File("history.db"), TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance, Cancellation);

        foreach (var shard in run.Shards)
            foreach (var (number, _) in shard.Memory.All)
            {
                var session = Population.NameOf(number);
                var remembered = await shard.Memory.RecallAsync(session, Cancellation);
                (await store.RecallAsync(session, Cancellation)).ShouldBeEquivalentTo(remembered with
                {
                    Joined = remembered.Joined.ToArray(), Recent = remembered.Recent.ToArray(),
                });
            }
        (await store.TakeOverAsync(new TakeOver(_ => false), Cancellation)).ShouldBeEmpty("every sitting has ended");
    }

    [Fact]
    public async Task AnActionTakes400BytesAndTheIndexesComeWhenTheHistoryIsAskedFor()
    {
        // A month, in which what is there once, such as a table's first page, hardly counts.
        Live(Rough with { Faults = SandboxFaults.None, Days = 30 }, 2, "history.db");
        double BytesEach() => Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            / (double)Number("SELECT count(*) FROM session_history");

        BytesEach().ShouldBeLessThan(400);
        Number("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").ShouldBe(0);

        await using (await SqliteSessionStore.OpenAsync(
            folder.File("history.db"), null, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance, Cancellation)) { }

        Number("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").ShouldBe(5);
        BytesEach().ShouldBeLessThan(600, "as in a service's file");
    }

    [Fact]
    public void TheHistoryHoldsWhatTheSummaryCounts()
    {
        var end = Live(Rough, 2, "history.db");

        Number("SELECT count(*) FROM runs").ShouldBe(end.Sittings);
        Number("SELECT count(*) FROM steps").ShouldBe(end.Actions);
        Number("SELECT count(*) FROM session_history").ShouldBe(end.Summary.Days.Sum(day => day.Done));
        Number("SELECT count(*) FROM runs WHERE ended_at IS NULL").ShouldBe(0);
        Number("SELECT count(DISTINCT session_id) FROM runs").ShouldBe(end.Summary.Days.Sum(day => day.NewSessions));
        Number("SELECT count(*) FROM steps WHERE error_message IS NOT NULL")
            .ShouldBe(end.Summary.Refusals.Sum(refusal => refusal.Count));
    }

    [Fact]
    public void ASessionThatLostItsAccountHasNoFurtherSittingsAndTheSummarySaysWhen()
    {
        var summary = Live(Rough, 2, "history.db").Summary;

        var last = Rows("history.db", "SELECT session_id FROM runs WHERE end_code = 'account_lost' ORDER BY session_id");
        last.Count.ShouldBeGreaterThan(10);
        Rows("history.db", """
            SELECT r.session_id FROM runs r WHERE end_code = 'account_lost'
            AND sitting = (SELECT max(sitting) FROM runs WHERE session_id = r.session_id) ORDER BY r.session_id
            """).ShouldBe(last, "the sitting that lost it is the session's last, and its only one of the kind");
        summary.Metrics.Single(metric => metric.Metric == "accounts_lost").Values[0].Value.ShouldBe(last.Count);
        var byDay = Rows("history.db",
            "SELECT substr(ended_at, 1, 10), count(*) FROM runs WHERE end_code = 'account_lost' GROUP BY 1 ORDER BY 1");
        summary.Days.Where(day => day.AccountsLost > 0).Select(day => $"{day.Day:yyyy-MM-dd}|{day.AccountsLost}").ShouldBe(byDay);
    }

    [Fact]
    public void SessionsArriveOverTimeIfTheScenarioSaysSo()
    {
        var summary = Live(Rough with { Faults = SandboxFaults.None }, 1, null).Summary;

        summary.Days[0].NewSessions.ShouldBeLessThan(50);
        summary.Days.Take(5).Sum(day => day.NewSessions).ShouldBeGreaterThan(80);
    }

    [Fact]
    public void AThresholdThatEndsARunEndsItAsSoonAsItFails()
    {
        var actions = new Threshold(
            Metric.Find("actions")!, new(AggregationKind.Count), Comparison.Less, 100, AbortOnFail: true);

        var end = Live(Rough with { Thresholds = [actions] }, 1, "history.db");

        end.Status.ShouldBe(RunFolderStatus.Aborted);
        end.Detail.ShouldNotBeNull().ShouldContain("actions");
        end.Reached.ShouldBeLessThan(Rough.End);
        end.Summary.Thresholds.ShouldHaveSingleItem().Passed.ShouldBeFalse();
    }

    [Fact]
    public void LookingAtThresholdsCostsTheSameForManySessionsAsForFew()
    {
        long CostOf(int sessions)
        {
            using var population = new HeatUp.Simulations.Simulation(Rough with { Sessions = sessions }, Pool, null, 1);
            for (var epoch = 0; epoch < 6; epoch++) population.RunEpoch(Cancellation);
            Look(population);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Look(population);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Distinct plans alone must be compared, of a sample that is bounded.
        void Look(HeatUp.Simulations.Simulation population)
        {
            var values = new MetricValues(population.Count());
            foreach (var metric in Metric.All.Where(metric => metric.Name != "plan_distinct"))
                values.ValueOf(metric, new(AggregationKind.Median));
        }

        CostOf(3_200).ShouldBeLessThan(CostOf(320) * 5 / 4);
    }

    [Fact]
    public void ThresholdsThatAreLookedAtAfterEachEpochChangeNothing()
    {
        Threshold At(Metric metric) => new(metric, metric.Kind switch
        {
            MetricKind.Counter => new(AggregationKind.Count),
            MetricKind.Rate => new(AggregationKind.Rate),
            _ => new(AggregationKind.Median),
        }, Comparison.Less, double.MaxValue, AbortOnFail: true);

        var watched = Live(Rough with { Thresholds = [.. Metric.All.Select(At)] }, 2, null);
        var plain = Live(Rough, 1, null);

        watched.Status.ShouldBe(RunFolderStatus.Complete);
        Text(watched.Summary with { Thresholds = [] }).ShouldBe(Text(plain.Summary));
    }

    [Fact]
    public void AHistoryThatCannotBeWrittenEndsTheRunWithItsReason()
    {
        using var run = new SimulationRun(Rough, Pool, null, 1, folder.File("history.db"));
        using var other = new SqliteConnection($"Data Source={folder.File("history.db")};Pooling=False");
        other.Open();

        var end = run.Run(
            progress =>
            {
                using var command = other.CreateCommand();
                command.CommandText = "DROP TABLE IF EXISTS steps";
                if (progress.Done > 0.3) command.ExecuteNonQuery();
            },
            Cancellation);

        end.Status.ShouldBe(RunFolderStatus.Failed);
        end.Detail.ShouldNotBeNull().ShouldContain("steps");
    }

    [Fact]
    public void AHistoryThatFailsInAnyOtherWayEndsTheRunToo()
    {
        using var run = new SimulationRun(Rough, Pool, null, 1, folder.File("history.db"))
        {
            TokensPaid = (_, sitting) => sitting < 3 ? default : throw new ArithmeticException("a fault of the planner's"),
        };

        var end = run.Run(_ => { }, Cancellation);

        end.Status.ShouldBe(RunFolderStatus.Failed);
        end.Detail.ShouldNotBeNull().ShouldContain("a fault of the planner's");
    }

    [Theory]
    [InlineData("no checkpoint", "is damaged")]
    [InlineData("", "is damaged")]
    [InlineData("x {0}", "is damaged")]
    [InlineData("0 {0}", "is damaged")]
    [InlineData("-4 {0}", "is damaged")]
    [InlineData("99999999999999999999 {0}", "is damaged")]
    [InlineData("4 abc", "is damaged")]
    [InlineData("4 {0}", "something else than what is written")]
    [InlineData("9999 {0}", "more is written than the run has")]
    public void ADamagedCheckpointIsSaidInOneLine(string mark, string said)
    {
        Live(Rough, 1, "history.db", stopAfter: 3).Status.ShouldBe(RunFolderStatus.Stopped);
        Rows("history.db", $"UPDATE simulation SET checkpoint = '{string.Format(null, mark, new string('a', 64))}'");

        var failure = Should.Throw<RunFolderException>(() => Live(Rough, 1, "history.db"));

        failure.Message.ShouldContain(said);
        failure.Message.ShouldNotContain('\n');
    }

    private static SandboxFaults Faults(string text) =>
        SandboxFaults.TryParse(text, out var faults, out var problem) ? faults : throw new ArgumentException(problem);

    private static string Text(Summary summary) => JsonSerializer.Serialize(summary);

    private void ShouldBeTheSame(SimulationEnd one, string history, SimulationEnd other, string otherHistory)
    {
        one.Transcript.ShouldBe(other.Transcript);
        Text(one.Summary).ShouldBe(Text(other.Summary));
        Content(history).ShouldBe(Content(otherHistory));
    }

    private SimulationEnd Live(Scenario scenario, int threads, string? history, int stopAfter = int.MaxValue)
    {
        using var stop = new CancellationTokenSource();
        using var run = new SimulationRun(
            scenario, Pool, null, threads, history is null ? null : folder.File(history));
        var epochs = 0;
        return run.Run(_ => { if (++epochs == stopAfter) stop.Cancel(); }, stop.Token);
    }

    private long Number(string sql) => long.Parse(Rows("history.db", sql).Single(), null);

    /// <summary>All rows of all tables, in the order of their keys.</summary>
    private string Content(string database) => string.Join('\n',
        Rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            .SelectMany(table => Rows(database, $"SELECT * FROM {table}").Prepend(table))
            .Concat(Rows(database, "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY name")));

    private List<string> Rows(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File(database)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))));
        return rows;
    }
}
