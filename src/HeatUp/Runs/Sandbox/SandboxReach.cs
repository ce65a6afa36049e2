namespace HeatUp.Runs.Sandbox;

/// <summary>What comes between a call and its answer.</summary>
/// <param name="After">How long the answer takes.</param>
/// <param name="Silence">The part of it that is a flood wait.</param>
/// <param name="Failure">Why there is no good one; null if there may be.</param>
internal readonly record struct SandboxReach(TimeSpan After, TimeSpan Silence, TelegramError? Failure)
{
    public bool IsOffline => Failure?.Kind == TelegramErrorKind.Offline;

    /// <summary>
    /// Draws it. Every fault is drawn each time, so that switching one on moves no other.
    /// </summary>
    /// <param name="rng">The call's own chance.</param>
    /// <param name="telegram">What goes wrong there, and how fast.</param>
    /// <param name="loss">Why the account is lost by this call, if it is.</param>
    public static SandboxReach Draw(Rng rng, SandboxTelegram telegram, out TelegramError? loss)
    {
        var (pace, faults) = (telegram.Pace, telegram.Faults);
        var latency = pace.Of(rng.Between(SandboxFigures.LatencyMin, SandboxFigures.LatencyMax));
        var offline = rng.Chance(faults[SandboxFault.Offline]);
        loss = SandboxTrouble.Loss(ref rng, faults);
        var wait = SandboxTrouble.FloodWait(ref rng, faults);
        // What doesn't reach Telegram costs no account.
        if (offline) loss = null;
        if (offline) return new(pace.Of(RunLimits.AnswerWithin), default, TelegramError.NoAnswer);
        if (loss is not null) return new(latency, default, loss);
        if (wait > SandboxFigures.SilentWaitMax) return new(latency, default, SandboxTrouble.TooManyRequests(wait));
        var silence = pace.Of(wait);
        return new(latency + silence, silence, null);
    }
}
