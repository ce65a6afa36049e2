using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Checking;

/// <summary>
/// A process' way to the sandbox, which lives on when the process dies: a join that has reached it is done all the
/// same. Asks for short waits now and then.
/// </summary>
internal sealed class RoughTelegram(World world, Life life) : ITelegram
{
    private const int ShortWaitSecondsMax = 40;

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        if (life.DiesAt(Exercised.CrashAtTelegram)) await Life.Never();
        var connection = await world.SandboxFor(session).ConnectAsync(session, remembered, run, cancellation);
        if (life.DiesAt(Exercised.CrashAtTelegram)) await Life.Never();
        Count(session, connection.Failure);
        return connection.Session is { } online
            ? new Connection(new Online(this, session, online), null)
            : connection;
    }

    /// <inheritdoc/>
    public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
        world.Sandboxed.LookUpAsync(name, cancellation);

    /// <inheritdoc/>
    public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
        world.Sandboxed.SimilarAsync(channel, cancellation);

    private void Count(SessionId session, Outcome? outcome)
    {
        if (outcome is Outcome.AccountLost) world.Lose(session);
        var kind = outcome switch
        {
            Outcome.AccountLost => Exercised.AccountLost,
            Outcome.MustWait => Exercised.LongWait,
            Outcome.Refused { Why.Kind: TelegramErrorKind.Offline } => Exercised.Offline,
            Outcome.Refused => Exercised.Refused,
            _ => default(Exercised?),
        };
        if (kind is { } counted) world.Journal.Count(counted);
    }

    private sealed class Online(RoughTelegram telegram, SessionId session, ITelegramSession inner) : ITelegramSession
    {
        /// <inheritdoc/>
        public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
            CallAsync(() => inner.JoinAsync(channel, cancellation), cancellation);

        /// <inheritdoc/>
        public ValueTask<Outcome> ReadAsync(
            ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
            CallAsync(() => inner.ReadAsync(channel, duration, cancellation), cancellation);

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private async ValueTask<Outcome> CallAsync(Func<ValueTask<Outcome>> call, CancellationToken cancellation)
        {
            var (world, life) = (telegram.World, telegram.Life);
            if (life.DiesAt(Exercised.CrashAtTelegram)) await Life.Never();
            if (!cancellation.IsCancellationRequested && world.Chance(world.Circumstances.ShortWaitChance))
                return ShortWait(world);
            var outcome = await call();
            if (life.DiesAt(Exercised.CrashAtTelegram)) await Life.Never();
            telegram.Count(session, outcome);
            return outcome;
        }

        private static Outcome ShortWait(World world)
        {
            world.Journal.Count(Exercised.ShortWait);
            var seconds = world.Whole(1, ShortWaitSecondsMax);
            return new TelegramError(429, $"FLOOD_WAIT_{seconds}").ToOutcome(world.Machine.GetUtcNow());
        }
    }

    private World World => world;

    private Life Life => life;
}
