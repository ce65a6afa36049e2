using Heat.Api;
using HeatUp;
using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>
/// Goes on with runs that a stopped or killed process left open: at the start, and every so often, because another
/// process on the same database may die too. At the stop, interrupts what runs here.
/// </summary>
internal sealed partial class OpenRuns(Sittings sittings, TimeProvider clock, ILogger<OpenRuns> log)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the server closes its door: requests that wait for a sitting must get their answer first.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => sittings.StopAsync().WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try { await ResumeAsync(stoppingToken); }
            catch (StoreException failure) { log.CannotLook(failure); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ResumeAsync(CancellationToken cancellation)
    {
        foreach (var (run, sitting) in await sittings.ResumeAsync(null, cancellation))
        {
            if (sitting is null) log.Closed(run.Session, run.Id, run.Steps.Count, run.Plan.Actions.Count);
            else
            {
                log.GoesOn(run.Session, run.Id, run.Steps.Count + 1, run.Plan.Actions.Count);
                Requests.Detach(() => sittings.RunAsync(sitting));
            }
        }
    }
}

internal static partial class OpenRunsLog
{
    [LoggerMessage(20, LogLevel.Information, "{Session} {Run}: was interrupted, goes on at step {Step} of {Actions}")]
    public static partial void GoesOn(this ILogger log, SessionId session, RunId run, int step, int actions);

    [LoggerMessage(21, LogLevel.Warning, "{Session} {Run}: was interrupted too long ago after {Steps} of {Actions} actions; closed")]
    public static partial void Closed(this ILogger log, SessionId session, RunId run, int steps, int actions);

    [LoggerMessage(22, LogLevel.Error, "Can't look for interrupted runs; tries again later")]
    public static partial void CannotLook(this ILogger log, Exception failure);
}
