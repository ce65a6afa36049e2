namespace HeatUp.Channels.Sources;

/// <summary>Why an item of a source is no channel for the pool.</summary>
public enum PassedOverReason
{
    /// <summary>It has no public name: it names nothing, or is private.</summary>
    NotPublic,

    /// <summary>What stands in the place of its name can't be one.</summary>
    NotAName,

    /// <summary>It is a group.</summary>
    Group,

    /// <summary>It is a person.</summary>
    Person,

    /// <summary>It is a bot, or called like one.</summary>
    Bot,

    /// <summary>It is restricted, or marked as false or fraudulent.</summary>
    Restricted,

    /// <summary>It is a link to Telegram, but to no channel.</summary>
    LinkToNoChannel,

    /// <summary>It is a name on another network.</summary>
    OtherSite,

    /// <summary>It can't be read.</summary>
    Unreadable,

    /// <summary>It was named before.</summary>
    NamedAgain,
}

/// <summary>Items of a source that are no channels for the pool.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many, 1 or more.</param>
public readonly record struct PassedOver(PassedOverReason Reason, long Count);
