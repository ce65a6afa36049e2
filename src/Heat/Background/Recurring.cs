namespace Heat.Background;

/// <summary>
/// Work that is done at the start and then every so often. A failure is told, and the work tried again next time.
/// </summary>
internal abstract partial class Recurring(TimeSpan every, TimeProvider clock, ILogger log) : BackgroundService
{
    protected abstract Task DoAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The service must not wait for this before it listens.
        await Task.Yield();
        using var timer = new PeriodicTimer(every, clock);
        do
        {
            try { await DoAsync(stoppingToken); }
            catch (Exception failure) when (failure is not OperationCanceledException) { Failed(log, failure, every); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(30, LogLevel.Error, "Background work failed; it is tried again in {Every}")]
    private static partial void Failed(ILogger log, Exception failure, TimeSpan every);
}
