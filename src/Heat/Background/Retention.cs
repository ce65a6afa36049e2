using Heat.Configuration;
using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>Once a day, and at the start, removes what is older than SESSION_HISTORY_DAYS.</summary>
internal sealed partial class Retention(
    ISessionStore store,
    HistoryRetention retention,
    Settings settings,
    IHostApplicationLifetime service,
    TimeProvider clock,
    ILogger<Retention> log)
    : Recurring(TimeSpan.FromDays(1), service, clock, log)
{
    private readonly ILogger log = log;

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        if (await store.IsOfSimulationAsync(cancellation))
        {
            Kept(log);
            return;
        }
        var days = settings.SessionHistoryDays;
        var (removed, refusal) = await retention.RemoveAsync(days, trustsClock: false, isAwaited: false, cancellation);
        if (refusal is null) CleanedUp(log, removed, days);
        if (retention.Notice is { } notice) Noticed(log, notice);
    }

    [LoggerMessage(33, LogLevel.Information,
        "Retention: nothing is removed, since the database is a simulation's history")]
    private static partial void Kept(ILogger log);

    [LoggerMessage(34, LogLevel.Warning, "Retention: {Notice}")]
    private static partial void Noticed(ILogger log, string notice);

    [LoggerMessage(31, LogLevel.Information, "Retention: {Removed} actions older than {Days} days removed")]
    private static partial void CleanedUp(ILogger log, long removed, int days);
}
