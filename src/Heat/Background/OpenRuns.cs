using HeatUp;

namespace Heat.Background;

/// <summary>
/// Goes on with runs that a stopped or killed process left open: at the start, and every so often, because another
/// process on the same database may die too. At the stop, interrupts what runs here.
/// </summary>
internal partial class OpenRuns(
    TimeSpan every, Sittings sittings, RunWriter runs, LeftOpenRuns leftOpen, IHostApplicationLifetime service,
    TimeProvider clock, ILogger<OpenRuns> log)
    : Recurring(every, service, clock, log), IHostedLifecycleService
{
    private readonly ILogger log = log;

    public OpenRuns(
        Sittings sittings, RunWriter runs, LeftOpenRuns leftOpen, IHostApplicationLifetime service, TimeProvider clock,
        ILogger<OpenRuns> log)
        : this(TimeSpan.FromSeconds(30), sittings, runs, leftOpen, service, clock, log) { }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Before the server closes its door: requests that wait for a sitting must get their answer first.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => runs.StopAsync().WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task DoAsync(CancellationToken cancellation)
    {
        foreach (var (run, sitting) in await leftOpen.ResumeAsync(cancellation: cancellation))
        {
            if (sitting is null)
                Closed(log, run.Session, run.Id, run.Steps.Count, run.Plan.Actions.Count, run.End?.Detail);
            else
            {
                GoesOn(log, run.Session, run.Id, run.Steps.Count + 1, run.Plan.Actions.Count);
                _ = Detached.Run(() => sittings.RunAsync(sitting));
            }
        }
    }

    [LoggerMessage(20, LogLevel.Information, "{Session} {Run}: was interrupted, goes on at step {Step} of {Actions}")]
    private static partial void GoesOn(ILogger log, SessionId session, RunId run, int step, int actions);

    [LoggerMessage(21, LogLevel.Warning, "{Session} {Run}: closed after {Steps} of {Actions} actions. {Why}")]
    private static partial void Closed(ILogger log, SessionId session, RunId run, int steps, int actions, string? why);
}
