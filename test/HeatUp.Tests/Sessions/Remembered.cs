using System.Buffers;
using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Tests.Sessions;

/// <summary>Things to remember, short to write.</summary>
internal static class Remembered
{
    public static readonly DateTimeOffset Noon = new(2024, 1, 10, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Ever = DateTimeOffset.UnixEpoch;
    public static readonly SessionId Alice = SessionId.Parse("alice");
    public static readonly SessionId Bob = SessionId.Parse("bob");

    public static JoinChannel Join(string channel, string reason = "curious") => new(ChannelName.Parse(channel), reason);

    public static ReadMessages Read(string channel, int seconds = 8) =>
        new(ChannelName.Parse(channel), TimeSpan.FromSeconds(seconds), "news");

    public static Idle Idle(int seconds = 5) => new(TimeSpan.FromSeconds(seconds), "tea");

    public static Plan PlanOf(params PlannedAction[] actions) => new(actions, PlanOrigin.Builtin);

    public static RunRecord Run(SessionId session, int sitting = 1, DateTimeOffset? at = null, Plan? plan = null)
    {
        var startedAt = at ?? Noon;
        return new RunRecord(RunId.For(new Seed(1), session, sitting, startedAt), session, sitting,
            plan ?? PlanOf(Join("@durov"), Read("@durov"), Idle()), startedAt, [], null, null);
    }

    public static Step Done(int number, PlannedAction action, DateTimeOffset? at = null, int posts = 0) =>
        Step(number, action, new Outcome.Done(posts), at);

    public static Step Step(int number, PlannedAction action, Outcome outcome, DateTimeOffset? at = null)
    {
        var endedAt = at ?? Noon.AddSeconds(number);
        return new Step(number, action, outcome, endedAt.AddMilliseconds(-1), endedAt);
    }

    /// <summary>Begins a run and remembers actions as its steps, one a second.</summary>
    public static async Task<BegunRun> LiveAsync(
        this ISittingStore store, SessionId session, int sitting, DateTimeOffset at, params PlannedAction[] actions)
    {
        var run = Run(session, sitting, at);
        var hold = await store.BegunAsync(run);
        for (var i = 0; i < actions.Length; i++)
            (await store.RememberAsync(hold, Done(i + 1, actions[i], at.AddSeconds(i + 1)))).ShouldBeTrue();
        return new BegunRun(run, hold);
    }

    /// <summary>A process that holds these runs takes over the others.</summary>
    public static TakeOver Holding(params RunId[] runs) => new(runs.Contains);

    /// <summary>Begins a run.</summary>
    public static async Task<Hold> BegunAsync(this ISittingStore store, RunRecord run)
    {
        var beginning = await store.BeginAsync(run, TestContext.Current.CancellationToken);
        beginning.Kind.ShouldBe(BeginningKind.Begun);
        return beginning.Hold;
    }

    /// <summary>Lives and ends a run.</summary>
    public static async Task<BegunRun> SitAsync(
        this ISittingStore store, SessionId session, int sitting, DateTimeOffset at, params PlannedAction[] actions)
    {
        var run = await store.LiveAsync(session, sitting, at, actions);
        (await store.EndAsync(run.Hold, RunEnd.Completed, at.AddMinutes(1))).ShouldBeTrue();
        return run;
    }

    public static async Task<string> HistoryAsync(this ISessionStore store, SessionId session, DateTimeOffset? since = null)
    {
        var answer = new ArrayBufferWriter<byte>();
        await store.WriteHistoryAsync(session, since ?? Ever, answer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(answer.WrittenSpan);
    }

    public static ValueTask<SessionHistory> TypedHistoryAsync(
        this ISessionStore store, SessionId session, DateTimeOffset? since = null) =>
        SessionHistory.ReadAsync(store, session, since ?? Ever, TestContext.Current.CancellationToken);
}

/// <summary>A run that has begun, and the hold of it.</summary>
internal sealed record BegunRun(RunRecord Run, Hold Hold)
{
    public RunId Id => Run.Id;
}
