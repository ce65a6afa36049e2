using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs.Validation;

namespace Heat.Background;

/// <summary>
/// Where this process has its channels checked, and where to ask how far that is. Thread-safe.
/// </summary>
internal sealed partial class ValidationDesk(
    ChannelValidation validation, TimeProvider clock, ILogger<ValidationDesk> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private volatile ValidationAnswer state = ValidationAnswer.None;
    private volatile Task running = Task.CompletedTask;

    /// <summary>The pass that goes on, or else the last one of this process.</summary>
    public ValidationAnswer State => state;

    /// <summary>Whether sittings have reported channels that nobody has looked at since.</summary>
    public bool HasReports => validation.HasReports;

    /// <summary>Notes that a channel refused a sitting.</summary>
    public void Report(ChannelName channel) => validation.Report(channel);

    /// <summary>Begins a pass in the background; false if one goes on, here or in another process.</summary>
    /// <exception cref="ChannelFileException">There can't be one.</exception>
    public bool TryStart(ValidationOptions options)
    {
        if (validation.TryBegin(options) is not { } pass) return false;
        state = ValidationAnswer.Begun(clock.GetUtcNow(), options.IsDryRun);
        running = Detached.Run(() => RunDetachedAsync(pass));
        return true;
    }

    /// <summary>Runs a pass; null if one goes on, here or in another process.</summary>
    /// <param name="options">How.</param>
    /// <param name="onChange">Hears of each step, with the state after it.</param>
    /// <param name="cancellation">Ends the pass early; what is known is written.</param>
    /// <exception cref="ChannelFileException">There can't be one, or what was found can't be written.</exception>
    public async Task<ValidationAnswer?> RunAsync(
        ValidationOptions options, Action<ValidationAnswer> onChange, CancellationToken cancellation)
    {
        if (validation.TryBegin(options) is not { } pass) return null;
        state = ValidationAnswer.Begun(clock.GetUtcNow(), options.IsDryRun);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping.Token);
        await RunAsync(pass, onChange, either.Token);
        return state;
    }

    /// <summary>Ends the pass that goes on. Completes when what it knows is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunDetachedAsync(ValidationPass pass)
    {
        try { await RunAsync(pass, _ => { }, stopping.Token); }
        catch (Exception failure) when (failure is not OutOfMemoryException) { Failed(log, failure); }
    }

    private async Task RunAsync(ValidationPass pass, Action<ValidationAnswer> onChange, CancellationToken cancellation)
    {
        using (pass)
            try
            {
                await foreach (var happening in pass.RunAsync(cancellation))
                    onChange(state = state.After(happening, clock.GetUtcNow()));
            }
            catch (Exception failure)
            {
                state = state.Broken(failure.Message, clock.GetUtcNow());
                throw;
            }
        Tell();
    }

    private void Tell()
    {
        if (state.Reason is { } reason) Stopped(log, state.Checked, reason);
        else Done(log, state.Checked, state.Invalid.Count, state.BackAgain.Count);
    }

    [LoggerMessage(50, LogLevel.Information,
        "Channels: {Checked} checked, {Out} taken out of the pool, {Back} back in it")]
    private static partial void Done(ILogger log, int @checked, int @out, int back);

    [LoggerMessage(51, LogLevel.Warning, "Channels: the check ended early, after {Checked}. {Reason}")]
    private static partial void Stopped(ILogger log, int @checked, string reason);

    [LoggerMessage(52, LogLevel.Error, "Channels: the check failed")]
    private static partial void Failed(ILogger log, Exception failure);
}
