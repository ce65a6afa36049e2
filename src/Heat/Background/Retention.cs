using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>Once a day, and at the start, removes what is older than SESSION_HISTORY_DAYS.</summary>
internal sealed partial class Retention(ISessionStore store, Settings settings, TimeProvider clock, ILogger<Retention> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                var removed = await store.CleanUpAsync(clock.GetUtcNow().AddDays(-settings.SessionHistoryDays), stoppingToken);
                CleanedUp(log, removed, settings.SessionHistoryDays);
            }
            catch (StoreException failure) { NotCleanedUp(log, failure); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(30, LogLevel.Information, "Retention: {Removed} actions older than {Days} days removed")]
    private static partial void CleanedUp(ILogger log, long removed, int days);

    [LoggerMessage(31, LogLevel.Error, "Retention failed; tries again tomorrow")]
    private static partial void NotCleanedUp(ILogger log, Exception failure);
}
