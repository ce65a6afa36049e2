using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>Once a day, and at the start, removes what is older than SESSION_HISTORY_DAYS.</summary>
internal sealed partial class Retention(
    ISessionStore store,
    Settings settings,
    IHostApplicationLifetime service,
    TimeProvider clock,
    ILogger<Retention> log)
    : Recurring(TimeSpan.FromDays(1), service, clock, log)
{
    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        var removed = await store.CleanUpAsync(clock.GetUtcNow().AddDays(-settings.SessionHistoryDays), cancellation);
        CleanedUp(log, removed, settings.SessionHistoryDays);
    }

    [LoggerMessage(31, LogLevel.Information, "Retention: {Removed} actions older than {Days} days removed")]
    private static partial void CleanedUp(ILogger log, long removed, int days);
}
