using Heat.Accounts;
using HeatUp.Channels;
using HeatUp.Runs.Validation;

namespace Heat.Background;

/// <summary>
/// Looks every channel of the file up once a week, slowly: each hour those that are due, the longest unchecked first,
/// as many as make the round in a week. What is due stands in the file, so that a restart doesn't begin anew. A
/// channel that refused a sitting is looked up within a minute. Machines that share a database share what they find,
/// and make one pass an hour together.
/// </summary>
internal sealed partial class ChannelChecks(
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
    private string? told;

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        // On an account of the owner's nothing is asked that the owner hasn't asked for.
        if (telegram.Accounts is not null) return;
        await ExchangeAsync(cancellation);
        var limit = clock.GetUtcNow() >= next ? await ClaimAsync(cancellation) : 0;
        if (limit == 0 && !desk.HasReports) return;
        await LookUpAsync(limit, cancellation);
        await ExchangeAsync(cancellation);
    }

    /// <summary>How many to look up in the pass of this hour; 0 if none is due, or another machine makes it.</summary>
    private async Task<int> ClaimAsync(CancellationToken cancellation)
    {
        var limit = PerPass(pool.Entries, clock.GetUtcNow() - Round);
        // While another's hour goes on, it is tried again in a minute.
        if (limit > 0 && exchange is not null && !await exchange.Shared.TryClaimAsync(Every, cancellation)) return 0;
        next = clock.GetUtcNow() + Every;
        return limit;
    }

    /// <summary>A file that can't be written is no reason to look nothing up.</summary>
    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        if (exchange is null) return;
        var trouble = default(string);
        try
        {
            if (await exchange.RunAsync(cancellation) is > 0 and var faults)
                trouble = $"{faults} channels would leave the pool, which is too many to be believed. "
                    + "'heat channels validate' looks them up here.";
        }
        catch (ChannelFileException failure)
        {
            trouble = failure.Message;
        }
        if (trouble is not null && trouble != told) NotTaken(log, trouble);
        told = trouble;
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

    [LoggerMessage(53, LogLevel.Warning, "What other machines found out about channels is not taken over. {Why}")]
    private static partial void NotTaken(ILogger log, string why);
}
