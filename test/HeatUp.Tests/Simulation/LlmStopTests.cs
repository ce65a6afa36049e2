using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Sessions.Sqlite;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Simulation;

/// <summary>A run whose plans a language model makes: how it is stopped, and how its calls are counted.</summary>
public sealed class LlmStopTests : IAsyncLifetime
{
    private LlmPopulationWorld world = null!;

    public async ValueTask InitializeAsync() => world = await LlmPopulationWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.7, 2)]
    public void AStopDoesNotWaitForTheModelAndTheRunGoesOnToTheSameEnd(double answered, int threads)
    {
        var whole = Live("whole", CancellationToken.None);
        var calls = world.Llm.RequestCount;
        using var stop = new CancellationTokenSource();
        var left = (long)(answered * calls);
        world.Llm.Otherwise = async request =>
        {
            if (Interlocked.Decrement(ref left) >= 0) return world.Llm.GoodPlan(request);
            await stop.CancelAsync();
            // No answer ever comes.
            return await new TaskCompletionSource<Testing.StubReply>().Task;
        };

        var stopped = Live("part", stop.Token, threads);

        stopped.Status.ShouldBe(RunFolderStatus.Stopped);
        stopped.Detail.ShouldNotBeNull().ShouldContain("was stopped at");
        stopped.Reached.ShouldBeLessThan(whole.Reached);
        (stopped.Sittings > 0).ShouldBe(answered > 0);
        Rows("part", "runs").ShouldBe(stopped.Sittings);
        Rows("part", "steps").ShouldBe(stopped.Actions);
        Rows("part", "sittings").ShouldBe(stopped.Summary.Days.Sum(day => day.NewSessions));

        world.Llm.Otherwise = null;
        var resumed = Live("part", CancellationToken.None, threads);
        resumed.Status.ShouldBe(RunFolderStatus.Complete);
        resumed.Transcript.ShouldBe(whole.Transcript);
        JsonSerializer.Serialize(resumed.Summary).ShouldBe(JsonSerializer.Serialize(whole.Summary));
        foreach (var table in (string[])["runs", "steps", "session_history", "memberships"])
            Rows("part", table).ShouldBe(Rows("whole", table), table);
    }

    [Fact]
    public async Task ACallThatSeveralSittingsShareIsPaidForOnce()
    {
        var request = new PlanRequest(
            Recollection.OfNobody(SessionId.Parse("s00000001")), LlmPopulationWorld.Pool, LlmPopulationWorld.Scenario.Start);
        using (var planner = world.Record())
        {
            foreach (var _ in (int[])[1, 2, 3])
                (await planner.PlanAsync(request, TestContext.Current.CancellationToken)).Origin.Tokens.Input.ShouldBe(2_000);
            planner.TokensUsed(request.Now.AddMinutes(1)).ShouldBe(new TokenUsage(2_000, 200, 1_920));
        }

        using var resumed = world.Record();
        resumed.TokensUsed(request.Now).ShouldBe(default, "nothing was planned yet");
        await resumed.PlanAsync(request, TestContext.Current.CancellationToken);
        resumed.TokensUsed(request.Now.AddMinutes(1)).ShouldBe(new TokenUsage(2_000, 200, 1_920));
    }

    [Fact]
    public void TheSummaryTakesItsTokensAndItsCostFromTheCalls()
    {
        var scenario = LlmPopulationWorld.Scenario with { Sessions = 3, Days = 1, Prices = new TokenPrices(2, 0.5, 10, "EUR") };
        using var planner = world.Record();
        using var run = new SimulationRun(scenario, LlmPopulationWorld.Pool, planner, 1, null)
        {
            TokensUsed = _ => new TokenUsage(1_000_000, 0, 500_000),
        };

        var plans = run.Run(_ => { }, TestContext.Current.CancellationToken).Summary.Plans;

        (plans.TokensIn, plans.TokensOut, plans.TokensCached).ShouldBe((1_000_000, 0, 500_000));
        plans.Cost.ShouldBe(1.25);
    }

    [Fact]
    public void TheRowsOfSittingsThatShareACallAddUpToWhatWasPaid()
    {
        // With one interest for all, sessions whose first sitting begins in the same minute ask the same.
        var pool = Plans.Some.PoolOf(20, "News");
        var scenario = LlmPopulationWorld.Scenario with { Sessions = 400, Days = 1 };

        var recorded = Live(world.Record("a"), "a", 2, scenario, pool, CancellationToken.None);
        var calls = world.Llm.RequestCount;
        var again = Live(world.Replay("a"), "b", 1, scenario, pool, CancellationToken.None);

        var plans = recorded.Summary.Plans;
        calls.ShouldBeLessThan(recorded.Sittings, "some calls are shared");
        plans.TokensIn.ShouldBe(2_000 * calls);
        Tokens("a").Sum().ShouldBe(2_200 * calls);
        Tokens("a").ShouldContain(0);
        Tokens("b").ShouldBe(Tokens("a"), "who pays depends on no thread");
        JsonSerializer.Serialize(again.Summary).ShouldBe(JsonSerializer.Serialize(recorded.Summary));
        var figures = FiguresOf(HistoryOf("a"), pool).Summary.Plans;
        (figures.TokensIn, figures.TokensOut, figures.TokensCached).ShouldBe((plans.TokensIn, plans.TokensOut, plans.TokensCached));
    }

    private SimulationEnd Live(string folder, CancellationToken stop, int threads = 1) =>
        Live(world.Record(folder), folder, threads, LlmPopulationWorld.Scenario, LlmPopulationWorld.Pool, stop);

    private SimulationEnd Live(
        LlmPopulation population, string folder, int threads, Scenario scenario, ChannelPool pool, CancellationToken stop)
    {
        using var ending = population;
        Directory.CreateDirectory(world.Folder(folder));
        using var run = new SimulationRun(scenario, pool, population, threads, HistoryOf(folder))
        {
            BeforeCheckpoint = population.Flush,
            TokensUsed = population.TokensUsed,
            TokensPaid = population.TokensPaid,
        };
        var end = run.Run(_ => { }, stop);
        Tokens(folder).Sum().ShouldBe(end.Summary.Plans.TokensIn + end.Summary.Plans.TokensOut, "the rows say what the summary says");
        return end;
    }

    private static HistoryFigures FiguresOf(string path, ChannelPool known)
    {
        using var file = SqliteHistoryFile.Open(path);
        return HistoryFigures.Read(file, known, HistoryFigures.DaysMax);
    }

    private string HistoryOf(string run) => Path.Combine(world.Folder(run), "history.db");

    private List<long> Tokens(string run)
    {
        using var connection = new SqliteConnection($"Data Source={HistoryOf(run)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tokens_in + tokens_out FROM runs ORDER BY number";
        using var reader = command.ExecuteReader();
        var tokens = new List<long>();
        while (reader.Read()) tokens.Add(reader.GetInt64(0));
        return tokens;
    }

    private long Rows(string run, string table)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(world.Folder(run), "history.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }
}
