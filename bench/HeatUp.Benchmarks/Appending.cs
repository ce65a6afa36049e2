using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Benchmarks;

/// <summary>The load of remembering: many sittings at once, each step durable before the sitting's next.</summary>
internal static class Appending
{
    private static readonly Seed Seed = new(1);

    /// <summary>Begins so many sittings and remembers so many steps of each; returns the steps a second.</summary>
    public static async Task<double> RunAsync(ISessionStore store, int sittings, int stepsEach)
    {
        var now = TimeProvider.System.GetUtcNow();
        var runs = await Task.WhenAll(Enumerable.Range(0, sittings).Select(number => BeginAsync(store, number, now)));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(runs.Select(run => Task.Run(() => RememberAsync(store, run, stepsEach))));
        return sittings * stepsEach / watch.Elapsed.TotalSeconds;
    }

    private static async Task<(RunRecord Run, Hold Hold)> BeginAsync(
        ISessionStore store, int number, DateTimeOffset now)
    {
        var session = SessionId.Parse(HistoryFile.SessionName(number));
        var request = new PlanRequest(Recollection.OfNobody(session), ChannelPool.VerifiedOnly, now);
        var plan = await new BuiltinPlanner(Seed).PlanAsync(request, default);
        var run = new RunRecord(RunId.For(Seed, session, 1, now), session, 1, plan, now, [], null, null);
        return (run, (await store.BeginAsync(run, default)).Hold);
    }

    private static async Task RememberAsync(ISessionStore store, (RunRecord Run, Hold Hold) begun, int steps)
    {
        for (var number = 1; number <= steps; number++)
        {
            var action = new ReadMessages(
                ChannelName.Parse("@durov"), TimeSpan.FromSeconds(8), "New posts in a channel it follows");
            var at = begun.Run.StartedAt.AddSeconds(10 * number);
            await store.RememberAsync(begun.Hold, new Step(number, action, new Outcome.Done(3), at, at.AddSeconds(8)));
        }
    }
}
