using Heat.Configuration;
using HeatUp.Sessions.Sqlite;

namespace Heat.Background;

/// <summary>Once a day, and at the start, removes what is older than SESSION_HISTORY_DAYS.</summary>
internal sealed partial class Retention(
    SqliteSessionStore store,
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
        if (await store.IsOfSimulationAsync(cancellation))
        {
            Kept(log);
            return;
        }
        var before = clock.GetUtcNow().AddDays(-settings.SessionHistoryDays);
        var removed = await store.CleanUpAsync(before, isAwaited: false, cancellation);
        CleanedUp(log, removed, settings.SessionHistoryDays);
    }

    [LoggerMessage(33, LogLevel.Information,
        "Retention: nothing is removed, since the database is a simulation's history")]
    private static partial void Kept(ILogger log);

    [LoggerMessage(31, LogLevel.Information, "Retention: {Removed} actions older than {Days} days removed")]
    private static partial void CleanedUp(ILogger log, long removed, int days);
}
