using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Simulation;
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
            planner.TokensUsed.ShouldBe(new TokenUsage(2_000, 200, 1_920));
        }

        using var resumed = world.Record();
        resumed.TokensUsed.ShouldBe(default, "nothing was planned yet");
        await resumed.PlanAsync(request, TestContext.Current.CancellationToken);
        resumed.TokensUsed.ShouldBe(new TokenUsage(2_000, 200, 1_920));
    }

    [Fact]
    public void TheSummaryTakesItsTokensAndItsCostFromTheCalls()
    {
        var scenario = LlmPopulationWorld.Scenario with { Sessions = 3, Days = 1, Prices = new TokenPrices(2, 0.5, 10, "EUR") };
        using var planner = world.Record();
        using var run = new SimulationRun(scenario, LlmPopulationWorld.Pool, planner, 1, null)
        {
            TokensUsed = () => new TokenUsage(1_000_000, 0, 500_000),
        };

        var plans = run.Run(_ => { }, TestContext.Current.CancellationToken).Summary.Plans;

        (plans.TokensIn, plans.TokensOut, plans.TokensCached).ShouldBe((1_000_000, 0, 500_000));
        plans.Cost.ShouldBe(1.25);
    }

    private SimulationEnd Live(string folder, CancellationToken stop, int threads = 1)
    {
        using var planner = world.Record(folder);
        using var run = new SimulationRun(
            LlmPopulationWorld.Scenario, LlmPopulationWorld.Pool, planner, threads, Path.Combine(world.Folder(folder), "history.db"))
        {
            BeforeCheckpoint = planner.Flush,
            TokensUsed = () => planner.TokensUsed,
        };
        return run.Run(_ => { }, stop);
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
