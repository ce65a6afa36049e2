using System.Runtime.CompilerServices;

namespace HeatUp.Runs;

/// <summary>Waiting on an injected clock.</summary>
internal static class ClockWaits
{
    /// <summary>
    /// Lets this time pass, or less if cancelled. Never throws: whether it was cancelled is for the caller to look
    /// at. Goes on in the captured context, without a state machine of its own.
    /// </summary>
    public static ConfiguredTaskAwaitable Delay(
        this TimeProvider clock, TimeSpan time, CancellationToken cancellation)
    {
        var passing = time > TimeSpan.Zero ? Task.Delay(time, clock, cancellation) : Task.CompletedTask;
        return passing.ConfigureAwait(
            ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }
}
