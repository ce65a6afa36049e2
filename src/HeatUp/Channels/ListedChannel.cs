namespace HeatUp.Channels;

/// <summary>
/// A channel as the file of channels lists it: what it is, where it came from, and what the last look at it showed.
/// </summary>
/// <param name="Channel">The channel.</param>
public sealed record ListedChannel(Channel Channel)
{
    /// <summary>The longest source that is kept, in characters.</summary>
    public const int SourceLengthMax = 80;

    /// <summary>Where it came from, such as <c>tgstat</c>; null if the file doesn't say.</summary>
    public string? Source { get; init; }

    /// <summary>When it came into the file; null if the file doesn't say.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>What the last look-up of its name showed; null if nobody has looked.</summary>
    public ChannelCheck? Check { get; init; }

    /// <summary>Whether plans may use it: nobody has found a fault.</summary>
    public bool IsUsable => Check?.Fault is null;

    /// <summary>
    /// The fields of the file's entry that Heat Up doesn't know, as JSON between the braces: they are written back.
    /// Null for none.
    /// </summary>
    internal string? OtherFields { get; init; }

    /// <summary>
    /// The file's entry as it stands there, if not all that it says could be taken: what nobody has changed is written
    /// back as it was. Null if nothing is lost.
    /// </summary>
    internal string? Said { get; init; }
}

/// <summary>What a look-up of a channel's name showed.</summary>
/// <param name="At">When.</param>
/// <param name="Fault">Why no plan may use it; null if all is well.</param>
/// <param name="FaultSince">Since when that is known; null if all is well.</param>
/// <param name="Detail">More about the fault, for people, such as the channel's new name; or null.</param>
public sealed record ChannelCheck(
    DateTimeOffset At, ChannelFault? Fault = null, DateTimeOffset? FaultSince = null, string? Detail = null)
{
    /// <summary>The longest detail that is kept, in characters.</summary>
    public const int DetailLengthMax = 160;
}

/// <summary>Why a listed channel can't be used.</summary>
public enum ChannelFault
{
    /// <summary>Nobody has this name any more.</summary>
    Gone,

    /// <summary>It is private now, or has banned the account that looks.</summary>
    Private,

    /// <summary>The name belongs to a person, a bot or a group.</summary>
    NotAChannel,

    /// <summary>The channel goes by another name now.</summary>
    Renamed,

    /// <summary>Telegram restricts or marks it.</summary>
    Restricted,
}
