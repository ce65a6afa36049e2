using HeatUp.Sessions;

namespace Heat.Background;

/// <summary>
/// Work that is done at the start and then every so often. A failure is told, and the work tried again next time.
/// </summary>
internal abstract partial class Recurring(
    TimeSpan every, IHostApplicationLifetime service, TimeProvider clock, ILogger log) : BackgroundService
{
    protected TimeSpan Period => every;

    protected abstract Task DoAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A service that can't listen ends again at once: it must not have taken anything over before.
        await ListensAsync(stoppingToken);
        using var timer = new PeriodicTimer(every, clock);
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DoAsync(stoppingToken);
                isFailing = false;
            }
            catch (StoreException failure)
            {
                // Once: as long as the store is away, it is the same line each time.
                if (!isFailing) StoreFailed(log, every, failure.Message);
                isFailing = true;
            }
            catch (Exception failure) when (failure is not OperationCanceledException) { Failed(log, failure, every); }
            await NextAsync(timer, stoppingToken);
        }
    }

    /// <summary>Waits until the work is to be done again.</summary>
    protected virtual Task NextAsync(PeriodicTimer timer, CancellationToken cancellation) =>
        timer.WaitForNextTickAsync(cancellation).AsTask();

    private async Task ListensAsync(CancellationToken stopping)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = service.ApplicationStarted.Register(listens.SetResult);
        await listens.Task.WaitAsync(stopping);
    }

    [LoggerMessage(35, LogLevel.Error, "Background work waits, and is tried again every {Every}. {Why}")]
    private static partial void StoreFailed(ILogger log, TimeSpan every, string why);

    [LoggerMessage(30, LogLevel.Error, "Background work failed; it is tried again in {Every}")]
    private static partial void Failed(ILogger log, Exception failure, TimeSpan every);
}
