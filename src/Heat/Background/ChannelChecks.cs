using Heat.Accounts;
using HeatUp.Channels;
using HeatUp.Runs.Validation;

namespace Heat.Background;

/// <summary>
/// Looks every channel of the file up once a week, slowly: each hour those that are due, the longest unchecked first,
/// as many as make the round in a week. What is due stands in the file, so that a restart doesn't begin anew. A
/// channel that refused a sitting is looked up within a minute. Machines that share a database share what they find,
/// each minute, and look up in turn.
/// </summary>
internal sealed class ChannelChecks(
    TelegramInUse telegram, ChannelPoolFile pool, ValidationDesk desk, IHostApplicationLifetime service,
    TimeProvider clock, ILogger<ChannelChecks> log, CheckExchange? exchange = null)
    : Recurring(TimeSpan.FromMinutes(1), service, clock, log)
{
    /// <summary>A channel is due so long after its last look-up.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromDays(7);

    /// <summary>What passes between two look-ups.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>How often what is due is looked up, first so long after the start.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly TimeProvider clock = clock;
    private DateTimeOffset next = clock.GetUtcNow() + Every;

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        // On an account of the owner's nothing is asked that the owner hasn't asked for.
        if (telegram.Accounts is not null) return;
        if (exchange is not null) await exchange.RunAsync(cancellation);
        if (clock.GetUtcNow() >= next) await TakeTurnAsync(cancellation);
        else if (desk.HasReports) await LookUpAsync(0, cancellation);
        else return;
        if (exchange is not null) await exchange.RunAsync(cancellation);
    }

    /// <summary>The pass of the hour. While another machine has the turn, it is tried again in a minute.</summary>
    private async Task TakeTurnAsync(CancellationToken cancellation)
    {
        if (exchange is not null && !await exchange.Shared.TryTakeTurnAsync(Every, cancellation)) return;
        try
        {
            // What another has found since then isn't due any more.
            if (exchange is not null) await exchange.RunAsync(cancellation);
            var now = clock.GetUtcNow();
            next = now + Every;
            var limit = PerPass(pool.Entries, now - Round);
            if (limit > 0 || desk.HasReports) await LookUpAsync(limit, cancellation);
        }
        finally
        {
            if (exchange is not null) await exchange.Shared.EndTurnAsync();
        }
    }

    private async Task LookUpAsync(int limit, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var options = new ValidationOptions
        {
            Limit = limit,
            Pause = Pause,
            NotSince = now - Round,
            CountedBack = Round,
        };
        // Another pass goes on: it takes what was reported along, and the rest is due in the next hour too.
        await desk.RunAsync(options, _ => { }, cancellation);
    }

    /// <summary>How many to look up in this pass; 0 if none is due.</summary>
    private static int PerPass(IReadOnlyCollection<ListedChannel> entries, DateTimeOffset notSince) =>
        entries.Any(entry => entry.Check is null || entry.Check.At <= notSince)
            ? (int)Math.Ceiling(entries.Count * (Every / Round))
            : 0;
}
