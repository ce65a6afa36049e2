namespace HeatUp.Runs.Sandbox;

/// <summary>
/// What can go wrong on the sandbox. The words that users write are these names in lower case: <c>flood_wait</c>.
/// </summary>
public enum SandboxFault
{
    /// <summary>
    /// By call: Telegram asks for a wait. Up to 60 s it is sat out in silence, over that it is an error.
    /// </summary>
    FloodWait,

    /// <summary>By channel: only its members see it.</summary>
    Private,

    /// <summary>By channel: a join becomes a request that nobody answers.</summary>
    JoinRequest,

    /// <summary>By channel: nobody has the name any more.</summary>
    NotOccupied,

    /// <summary>By session: it is in as many channels as it may be, by joins that happened elsewhere.</summary>
    ChannelsTooMuch,

    /// <summary>By call, and from then on as long as the process lives: the login was revoked.</summary>
    Revoked,

    /// <summary>By call, and from then on as long as the process lives: the account was banned.</summary>
    Banned,

    /// <summary>By call, and from then on as long as the process lives: the account was frozen.</summary>
    Frozen,

    /// <summary>By call, and from then on as long as the process lives: the account was limited.</summary>
    PeerFlood,

    /// <summary>By call, going online included: no answer comes.</summary>
    Offline,
}
