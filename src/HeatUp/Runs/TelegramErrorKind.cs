namespace HeatUp.Runs;

/// <summary>What an error of Telegram's means for a sitting.</summary>
public enum TelegramErrorKind
{
    /// <summary>Nobody has met it yet.</summary>
    Unknown,

    /// <summary>Too many requests: nothing may be asked for <see cref="TelegramError.RetryAfter"/>.</summary>
    FloodWait,

    /// <summary>The account is logged out, deleted or banned.</summary>
    AccountLost,

    /// <summary>The account is frozen: it may look, and do nothing.</summary>
    Frozen,

    /// <summary>The account is limited because others complained.</summary>
    PeerFlood,

    /// <summary>The account is in as many channels as it may be. It can still read.</summary>
    AccountFull,

    /// <summary>The session is a member already: what it wanted.</summary>
    AlreadyMember,

    /// <summary>No channel has this name.</summary>
    NotOccupied,

    /// <summary>The channel is private, or has banned this account.</summary>
    Private,

    /// <summary>A request to join was sent; a person or a bot of the channel decides about it.</summary>
    JoinRequested,

    /// <summary>It can't be joined at all: no channel, a broken one, or one that said no.</summary>
    NotJoinable,

    /// <summary>The client library doesn't know the chat any more: its name must be looked up again, once.</summary>
    ChatUnknown,

    /// <summary>There was no answer in time.</summary>
    Offline,

    /// <summary>Something failed at the other end, or the client is closing; later it may work.</summary>
    RetryLater,

    /// <summary>Not Telegram's but ours: the rules of conduct for real accounts refused it, and nothing was asked.
    /// </summary>
    Conduct,
}
