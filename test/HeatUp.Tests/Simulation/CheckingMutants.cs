using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Simulation.Checking;

namespace HeatUp.Tests.Simulation;

/// <summary>Ways to break the path or what it stands on, each of which a check must find.</summary>
internal static class CheckingMutants
{
    /// <summary>The memory answers that it has a step, and doesn't.</summary>
    public static PathParts ForgetsAStep => PathParts.Real with
    {
        Store = inner => new BrokenStore(inner)
        {
            OnRemember = (run, session, step) => step.Number == 3 ? default : inner.RememberAsync(run, session, step),
        },
    };

    /// <summary>The memory loses the last step when its process dies.</summary>
    public static PathParts LosesTheLastStepOverARestart => PathParts.Real with
    {
        Store = inner => new BrokenStore(inner) { OnTakeOver = WithoutLastStep },
    };

    /// <summary>The path begins one step too early after a restart.</summary>
    public static PathParts RepeatsTheLastStepAfterARestart => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner) { OnTakeOver = WithoutLastStep },
    };

    /// <summary>The memory forgets the channels of a session.</summary>
    public static PathParts ForgetsMemberships => PathParts.Real with
    {
        Store = inner => new BrokenStore(inner) { OnRecall = past => past with { Joined = [] } },
    };

    public static PathParts PlansOutsideOfThePool =>
        Planning((actions, _) => [.. actions.SkipLast(1), new ReadMessages(Elsewhere, TimeSpan.FromSeconds(5), "")]);

    public static PathParts JoinsAgain => Planning((actions, past) => past.Joined.Count == 0
        ? actions
        : [.. actions.SkipLast(1), new JoinChannel(past.Joined[0].Channel, "")]);

    public static PathParts PlansTooMuch => Planning((actions, _) =>
        [.. actions, .. Enumerable.Repeat(new Idle(TimeSpan.FromSeconds(5), ""), 5)]);

    public static PathParts PlansForTooLong =>
        Planning((actions, _) => [.. actions.SkipLast(1), new Idle(TimeSpan.FromSeconds(16), "")]);

    /// <summary>Two requests of one session are let in.</summary>
    public static PathParts LetsTwoIn => PathParts.Real with { Coordinator = _ => new OpenDoor() };

    /// <summary>A run is ended nowhere but in the process' own memory.</summary>
    public static PathParts NeverWritesTheEnd => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner) { OnEnd = (_, _, _) => default },
    };

    /// <summary>Nobody takes up what an earlier process left.</summary>
    public static PathParts NeverResumes => PathParts.Real with { Resumes = false };

    public static PathParts NeverReleases => PathParts.Real with { Coordinator = inner => new OneWayDoor(inner) };

    public static PathParts PlansForEver => PathParts.Real with { Planner = inner => new EndlessPlanner(inner) };

    /// <summary>Every plan is made anew, and anew.</summary>
    public static PathParts GoesRoundInCircles => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner) { OnBegin = _ => new Beginning(BeginningKind.Stale, default) },
    };

    public static PathParts RemembersEarlierTimes => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (run, session, step) =>
                inner.RememberAsync(run, session, step with { EndedAt = step.EndedAt.AddMinutes(-1) }),
        },
    };

    public static PathParts RemembersTwice => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = async (run, session, step) =>
            {
                await inner.RememberAsync(run, session, step);
                await inner.RememberAsync(run, session, step);
            },
        },
    };

    public static PathParts GoesOnAfterAnUnrememberedStep => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = async (run, session, step) =>
            {
                try { await inner.RememberAsync(run, session, step); }
                catch (StoreException) { /* It goes on. */ }
            },
        },
    };

    /// <summary>The path remembers that all was done, whatever Telegram said.</summary>
    public static PathParts RemembersWhatDidNotHappen => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (run, session, step) =>
                inner.RememberAsync(run, session, step with { Outcome = Outcome.Done.Plain }),
        },
    };

    /// <summary>A runner that asks again although Telegram wants nothing now.</summary>
    public static PathParts DoesNotWait => AtTelegram(async ask =>
    {
        var outcome = await ask();
        return outcome is Outcome.MustWait ? await ask() : outcome;
    });

    /// <summary>A runner that does everything twice.</summary>
    public static PathParts DoesAllTwice => AtTelegram(async ask =>
    {
        await ask();
        return await ask();
    });

    /// <summary>A runner that goes on after a loss as if nothing were.</summary>
    public static PathParts GoesOnAfterALoss => AtTelegram(
        async ask => await ask() is var outcome && outcome is Outcome.AccountLost or Outcome.MustWait
            ? Outcome.Done.Plain
            : outcome);

    public static PathParts Faults => AtTelegram(async ask =>
        await ask() is var outcome && outcome is Outcome.Refused ? throw new InvalidOperationException() : outcome);

    public static PathParts EndsALossAsSomethingElse => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnEnd = (run, end, at) => inner.EndAsync(run, end.Code is null ? end : RunEnd.Cancelled, at),
        },
    };

    /// <summary>The path doesn't remember what it joined.</summary>
    public static PathParts SwallowsJoins => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (run, session, step) =>
                step.Action is JoinChannel ? default : inner.RememberAsync(run, session, step),
        },
    };

    private static ChannelName Elsewhere => ChannelName.Parse("@elsewhere");

    private static PathParts Planning(
        Func<IReadOnlyList<PlannedAction>, Recollection, IReadOnlyList<PlannedAction>> change) =>
        PathParts.Real with { Planner = inner => new BrokenPlanner(inner, change) };

    private static PathParts AtTelegram(Func<Func<ValueTask<Outcome>>, ValueTask<Outcome>> change) =>
        PathParts.Real with { Telegram = inner => new BrokenTelegram(inner, change) };

    private static IReadOnlyList<RunRecord> WithoutLastStep(IReadOnlyList<RunRecord> runs) =>
        [.. runs.Select(run => run with { Steps = [.. run.Steps.SkipLast(1)] })];

    private sealed class BrokenStore(ISittingStore inner) : ISittingStore
    {
        public Func<Recollection, Recollection>? OnRecall { get; init; }

        public Func<RunRecord, Beginning>? OnBegin { get; init; }

        public Func<RunId, SessionId, Step, ValueTask>? OnRemember { get; init; }

        public Func<RunId, RunEnd, DateTimeOffset, ValueTask>? OnEnd { get; init; }

        public Func<IReadOnlyList<RunRecord>, IReadOnlyList<RunRecord>>? OnTakeOver { get; init; }

        public async ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation)
        {
            var past = await inner.RecallAsync(session, cancellation);
            return OnRecall?.Invoke(past) ?? past;
        }

        public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation) =>
            OnBegin is null ? inner.BeginAsync(run, cancellation) : new(OnBegin(run));

        public ValueTask RememberAsync(RunId run, SessionId session, Step step) =>
            OnRemember?.Invoke(run, session, step) ?? inner.RememberAsync(run, session, step);

        public ValueTask EndAsync(RunId run, RunEnd end, DateTimeOffset at) =>
            OnEnd?.Invoke(run, end, at) ?? inner.EndAsync(run, end, at);

        public async ValueTask<IReadOnlyList<RunRecord>> TakeOverAsync(
            SessionId? session, CancellationToken cancellation)
        {
            var runs = await inner.TakeOverAsync(session, cancellation);
            return OnTakeOver?.Invoke(runs) ?? runs;
        }
    }

    private sealed class BrokenPlanner(
        IPlanner inner, Func<IReadOnlyList<PlannedAction>, Recollection, IReadOnlyList<PlannedAction>> change) : IPlanner
    {
        public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            var plan = await inner.PlanAsync(request, cancellation);
            return new Plan(change(plan.Actions, request.Past), plan.Origin);
        }
    }

    private sealed class EndlessPlanner(IPlanner inner) : IPlanner
    {
        public ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) =>
            request.Past.NextSitting < 3
                ? inner.PlanAsync(request, cancellation)
                : new ValueTask<Plan>(new TaskCompletionSource<Plan>().Task);
    }

    private sealed class OpenDoor : ISittingCoordinator
    {
        public ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation) =>
            new(new Claim(ClaimKind.Claimed, run));

        public ValueTask ReleaseAsync(SessionId session, RunId run) => default;
    }

    private sealed class OneWayDoor(ISittingCoordinator inner) : ISittingCoordinator
    {
        public ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation) =>
            inner.ClaimAsync(session, run, cancellation);

        public ValueTask ReleaseAsync(SessionId session, RunId run) => default;
    }

    private sealed class BrokenTelegram(
        ITelegram inner, Func<Func<ValueTask<Outcome>>, ValueTask<Outcome>> change) : ITelegram
    {
        public string? Trouble => null;

        public async ValueTask<Connection> ConnectAsync(
            SessionId session, IReadOnlyList<Membership> remembered, CancellationToken cancellation)
        {
            var connection = await inner.ConnectAsync(session, remembered, cancellation);
            return connection.Session is { } online ? new Connection(new Online(online, change), null) : connection;
        }

        public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
            inner.LookUpAsync(name, cancellation);

        public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
            inner.SimilarAsync(channel, cancellation);

        private sealed class Online(
            ITelegramSession inner, Func<Func<ValueTask<Outcome>>, ValueTask<Outcome>> change) : ITelegramSession
        {
            public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
                change(() => inner.JoinAsync(channel, cancellation));

            public ValueTask<Outcome> ReadAsync(
                ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
                change(() => inner.ReadAsync(channel, duration, cancellation));

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
