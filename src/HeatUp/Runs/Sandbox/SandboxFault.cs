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

    /// <summary>By channel and fortnight: nobody has the name. Later it may be back.</summary>
    Vanished,

    /// <summary>By channel and fortnight: the name is a person's, a bot's or a group's.</summary>
    NotAChannel,

    /// <summary>By channel and fortnight: it goes by another name, and the old one leads to it.</summary>
    Renamed,

    /// <summary>By channel and fortnight: Telegram restricts it. It can be joined and read all the same.</summary>
    Restricted,

    /// <summary>By channel and fortnight: its followers are as many as the sandbox draws, whatever is listed.</summary>
    Recounted,
}
