namespace HeatUp.Runs.Sandbox;

/// <summary>What can come between a call and its answer, worded as the real one does.</summary>
internal static class SandboxTrouble
{
    /// <summary>What the adapter says when its patience ends, since Telegram itself says nothing.</summary>
    public static readonly Outcome NoAnswer = new Outcome.Refused(TelegramError.NoAnswer);

    /// <summary>What somebody hears who is in too many channels.</summary>
    public static readonly Outcome Full = new Outcome.Refused(new TelegramError(400, "CHANNELS_TOO_MUCH"));

    /// <summary>What somebody hears who takes a person, a bot or a group for a channel.</summary>
    public static readonly Outcome NoChannel = new Outcome.Refused(new TelegramError(400, "CHANNEL_INVALID"));

    private static readonly Outcome.AccountLost LoggedOut = new(TelegramError.LoggedOut);

    private static readonly (SandboxFault Fault, TelegramError Loss)[] Losses =
    [
        (SandboxFault.Revoked, new(401, "SESSION_REVOKED")),
        (SandboxFault.Banned, new(401, "USER_DEACTIVATED_BAN")),
        (SandboxFault.Frozen, new(406, "FROZEN_METHOD_INVALID")),
        (SandboxFault.PeerFlood, new(400, "PEER_FLOOD")),
    ];

    /// <summary>Draws whether this call costs the account; null if not.</summary>
    public static TelegramError? Loss(ref Rng rng, SandboxFaults faults)
    {
        foreach (var (fault, loss) in Losses)
            if (rng.Chance(faults[fault]))
                return loss;
        return null;
    }

    /// <summary>What the calls after this loss hear: only the one that met it is told why the login is gone.</summary>
    public static Outcome.AccountLost Afterwards(TelegramError loss) =>
        loss.Kind == TelegramErrorKind.AccountLost ? LoggedOut : new(loss);

    /// <summary>Draws the wait that Telegram asks for; zero for none.</summary>
    public static TimeSpan FloodWait(ref Rng rng, SandboxFaults faults) => rng.Chance(faults[SandboxFault.FloodWait])
        ? HeavyTail.LogUniform(ref rng, SandboxFigures.FloodWaitMin, SandboxFigures.FloodWaitMax)
        : TimeSpan.Zero;

    /// <summary>The error of a wait that is too long for silence.</summary>
    public static TelegramError TooManyRequests(TimeSpan wait) =>
        new(429, $"Too Many Requests: retry after {wait.TotalSeconds:0}");
}
