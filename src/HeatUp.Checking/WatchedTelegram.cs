using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Checking;

/// <summary>Looks at all that a process asks of Telegram, and keeps what it answered.</summary>
internal sealed class WatchedTelegram(World world, Life life, ITelegram inner) : ITelegram
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public string? Trouble => inner.Trouble;

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        if (life.IsOver) await Life.Never();
        var asking = world.Seen.Asking(session, life);
        if (asking is null) return await inner.ConnectAsync(session, remembered, run, cancellation);
        var known = asking.Session;
        if (known.Online is { Life.IsOver: false })
            world.Seen.Bad(Invariant.OneSitting, session, $"{session} goes online twice at once.");
        known.Online = (life, asking);
        world.Journal.Tell($"{session} goes online");
        var connection = await inner.ConnectAsync(session, remembered, run, cancellation);
        if (connection.Session is not { } online)
        {
            known.Online = null;
            world.Journal.Tell($"{session} is not online: {connection.Failure?.Word} {connection.Failure?.Error}");
            return connection;
        }
        return new Connection(new Online(this, session, asking, online), null);
    }

    /// <inheritdoc/>
    public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
        inner.LookUpAsync(name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
        inner.SimilarAsync(channel, cancellation);

    private bool MayAsk(SessionId session, KnownRun run, PlannedAction action)
    {
        var (seen, before) = (world.Seen, world.Journal.Violation);
        if (seen.Asking(session, life) != run) return false;
        if (run.NextAction is not { } next || Asked(next) != Asked(action))
            seen.Bad(Invariant.NoRepetition, session,
                $"{session} asks Telegram for {Asked(action)}; its next step is {Asked(run.NextAction)}.");
        if (run.Answer is not { } answer || answer.Step != run.NextStep) return true;
        if (answer.Outcome is not Outcome.MustWait)
            seen.Bad(Invariant.NoRepetition, session, $"{session} tries step {run.NextStep} again after an answer.");
        else if (answer.NotBefore - world.Time.GetUtcNow() > Rounding)
            seen.Bad(Invariant.WaitObeyed, session, $"{session} asks before the wait is over.");
        return world.Journal.Violation == before;
    }

    private void Heard(SessionId session, KnownRun run, PlannedAction action, Outcome outcome)
    {
        // A cancelled call is no answer: nothing has happened.
        if (outcome is Outcome.Cancelled) return;
        if (outcome is Outcome.Done && action is JoinChannel) world.Journal.Count(Exercised.Join);
        var wait = outcome is Outcome.MustWait must ? must.Until - world.Machine.GetUtcNow() : TimeSpan.Zero;
        // What no sitting bears is never over.
        var notBefore = wait > WaitMax ? DateTimeOffset.MaxValue : world.Time.GetUtcNow() + wait;
        run.Answer = (run.NextStep, outcome, notBefore);
        world.Journal.Tell($"{session} {Asked(action)}: {outcome.Word} {outcome.Error}");
    }

    private void WentOffline(SessionId session, KnownRun run)
    {
        if (run.Session.Online?.Life == life) run.Session.Online = null;
        if (!life.IsOver && run.HasJoinToRemember && !run.HasForgotten)
            world.Seen.Bad(Invariant.JoinRemembered, session,
                $"{session} goes offline and step {run.NextStep}, a join that was done, is not remembered.");
    }

    private static string Asked(PlannedAction? action) =>
        action is null ? "nothing" : $"{action.Kind} {ActionJson.ChannelOf(action)}";

    private sealed class Online(
        WatchedTelegram telegram, SessionId session, KnownRun run, ITelegramSession inner) : ITelegramSession
    {
        private bool isBusy;

        /// <inheritdoc/>
        public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
            AskAsync(new JoinChannel(channel, ""), () => inner.JoinAsync(channel, cancellation));

        /// <inheritdoc/>
        public ValueTask<Outcome> ReadAsync(
            ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
            AskAsync(
                new ReadMessages(channel, duration, ""), () => inner.ReadAsync(channel, duration, cancellation));

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            telegram.WentOffline(session, run);
            await inner.DisposeAsync();
        }

        private async ValueTask<Outcome> AskAsync(PlannedAction action, Func<ValueTask<Outcome>> ask)
        {
            if (telegram.Life.IsOver) await Life.Never();
            if (isBusy)
                telegram.World.Seen.Bad(Invariant.OneSitting, session, $"{session} asks two things at once.");
            if (!telegram.MayAsk(session, run, action)) return await ask();
            isBusy = true;
            var outcome = await ask();
            isBusy = false;
            telegram.Heard(session, run, action, outcome);
            return outcome;
        }
    }

    private World World => world;

    private Life Life => life;
}
