namespace Heat.Background;

/// <summary>
/// Work that is done at the start and then every so often. A failure is told, and the work tried again next time.
/// </summary>
internal abstract partial class Recurring(
    TimeSpan every, IHostApplicationLifetime service, TimeProvider clock, ILogger log) : BackgroundService
{
    protected abstract Task DoAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A service that can't listen ends again at once: it must not have taken anything over before.
        await ListensAsync(stoppingToken);
        using var timer = new PeriodicTimer(every, clock);
        do
        {
            try { await DoAsync(stoppingToken); }
            catch (Exception failure) when (failure is not OperationCanceledException) { Failed(log, failure, every); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ListensAsync(CancellationToken stopping)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = service.ApplicationStarted.Register(listens.SetResult);
        await listens.Task.WaitAsync(stopping);
    }

    [LoggerMessage(30, LogLevel.Error, "Background work failed; it is tried again in {Every}")]
    private static partial void Failed(ILogger log, Exception failure, TimeSpan every);
}
