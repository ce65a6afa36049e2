using Heat.Accounts;
using HeatUp.Channels;
using HeatUp.Runs.Validation;

namespace Heat.Background;

/// <summary>
/// Looks every channel of the file up once a week, slowly: each hour those that are due, the longest unchecked first,
/// as many as make the round in a week. What is due stands in the file, so that a restart doesn't begin anew. A
/// channel that refused a sitting is looked up within a minute.
/// </summary>
internal sealed class ChannelChecks(
    TelegramInUse telegram, ChannelPoolFile pool, ValidationDesk desk, IHostApplicationLifetime service,
    TimeProvider clock, ILogger<ChannelChecks> log)
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
        var now = clock.GetUtcNow();
        var isTime = now >= next;
        if (isTime) next = now + Every;
        var limit = isTime ? PerPass(pool.Entries, now - Round) : 0;
        if (limit == 0 && !desk.HasReports) return;
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
