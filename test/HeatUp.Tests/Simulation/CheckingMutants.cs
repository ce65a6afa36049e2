using System.Diagnostics.CodeAnalysis;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Checking;

namespace HeatUp.Tests.Simulation;

/// <summary>Ways to break the path or what it stands on, each of which a check must find.</summary>
internal static class CheckingMutants
{
    /// <summary>The memory answers that it has a step, and doesn't.</summary>
    public static PathParts ForgetsAStep => PathParts.Real with
    {
        Store = inner => new BrokenStore(inner)
        {
            OnRemember = (hold, step) => step.Number == 3 ? new(true) : inner.RememberAsync(hold, step),
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
    public static PathParts LetsTwoIn => PathParts.Real with { Claims = () => new ClaimsOfTwo() };

    /// <summary>A run is ended nowhere but in the process' own memory.</summary>
    public static PathParts NeverWritesTheEnd => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner) { OnEnd = (_, _, _) => new(true) },
    };

    /// <summary>Nobody takes up what an earlier process left.</summary>
    public static PathParts NeverResumes => PathParts.Real with { Resumes = false };

    public static PathParts NeverReleases => PathParts.Real with { Claims = () => new ClaimsForEver() };

    public static PathParts PlansForEver => PathParts.Real with { Planner = inner => new EndlessPlanner(inner) };

    /// <summary>Every plan is made anew, and anew.</summary>
    public static PathParts GoesRoundInCircles => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner) { OnBegin = _ => Beginning.Stale },
    };

    public static PathParts RemembersEarlierTimes => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (hold, step) =>
                inner.RememberAsync(hold, step with { EndedAt = step.EndedAt.AddMinutes(-1) }),
        },
    };

    public static PathParts RemembersTwice => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = async (hold, step) =>
            {
                await inner.RememberAsync(hold, step);
                return await inner.RememberAsync(hold, step);
            },
        },
    };

    public static PathParts GoesOnAfterAnUnrememberedStep => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = async (hold, step) =>
            {
                try { return await inner.RememberAsync(hold, step); }
                catch (StoreException) { return true; /* It goes on. */ }
            },
        },
    };

    /// <summary>The path remembers that all was done, whatever Telegram said.</summary>
    public static PathParts RemembersWhatDidNotHappen => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (hold, step) =>
                inner.RememberAsync(hold, step with { Outcome = Outcome.Done.Plain }),
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
            OnEnd = (hold, end, at) => inner.EndAsync(hold, end.Code is null ? end : RunEnd.Cancelled, at),
        },
    };

    /// <summary>The path doesn't remember what it joined.</summary>
    public static PathParts SwallowsJoins => PathParts.Real with
    {
        Asking = inner => new BrokenStore(inner)
        {
            OnRemember = (hold, step) =>
                step.Action is JoinChannel ? new(true) : inner.RememberAsync(hold, step),
        },
    };

    private static ChannelName Elsewhere => ChannelName.Parse("@elsewhere");

    private static PathParts Planning(
        Func<IReadOnlyList<PlannedAction>, Recollection, IReadOnlyList<PlannedAction>> change) =>
        PathParts.Real with { Planner = inner => new BrokenPlanner(inner, change) };

    private static PathParts AtTelegram(Func<Func<ValueTask<Outcome>>, ValueTask<Outcome>> change) =>
        PathParts.Real with { Telegram = inner => new BrokenTelegram(inner, change) };

    private static IReadOnlyList<TakenRun> WithoutLastStep(IReadOnlyList<TakenRun> taken) =>
        [.. taken.Select(one => one with { Run = one.Run with { Steps = [.. one.Run.Steps.SkipLast(1)] } })];

    private sealed class BrokenStore(ISittingStore inner) : ISittingStore
    {
        public Func<Recollection, Recollection>? OnRecall { get; init; }

        public Func<RunRecord, Beginning>? OnBegin { get; init; }

        public Func<Hold, Step, ValueTask<bool>>? OnRemember { get; init; }

        public Func<Hold, RunEnd, DateTimeOffset, ValueTask<bool>>? OnEnd { get; init; }

        public Func<IReadOnlyList<TakenRun>, IReadOnlyList<TakenRun>>? OnTakeOver { get; init; }

        public async ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation)
        {
            var past = await inner.RecallAsync(session, cancellation);
            return OnRecall?.Invoke(past) ?? past;
        }

        public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation) =>
            OnBegin is null ? inner.BeginAsync(run, cancellation) : new(OnBegin(run));

        public ValueTask<bool> RememberAsync(Hold hold, Step step) =>
            OnRemember?.Invoke(hold, step) ?? inner.RememberAsync(hold, step);

        public ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at) =>
            OnEnd?.Invoke(hold, end, at) ?? inner.EndAsync(hold, end, at);

        public async ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation)
        {
            var taken = await inner.TakeOverAsync(which, cancellation);
            return OnTakeOver?.Invoke(taken) ?? taken;
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

    /// <summary>Lets in whoever comes.</summary>
    private sealed class ClaimsOfTwo() : Claims(int.MaxValue)
    {
        internal override bool TryTake(
            SessionId session, RunId run, [NotNullWhen(true)] out Claim? claim,
            [NotNullWhen(false)] out SittingStart? refusal)
        {
            if (!base.TryTake(session, run, out claim, out refusal)) claim = new Claim(this, session, run);
            refusal = null;
            return true;
        }
    }

    /// <summary>Lets nobody in a second time.</summary>
    private sealed class ClaimsForEver() : Claims(int.MaxValue)
    {
        internal override void Release(Claim claim) { }
    }

    private sealed class BrokenTelegram(
        ITelegram inner, Func<Func<ValueTask<Outcome>>, ValueTask<Outcome>> change) : ITelegram
    {
        public string? Trouble => null;

        public async ValueTask<Connection> ConnectAsync(
            SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
        {
            var connection = await inner.ConnectAsync(session, remembered, run, cancellation);
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
