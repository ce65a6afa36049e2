using HeatUp.Channels;

namespace HeatUp.Runs;

/// <summary>The answer to a look-up: what a name leads to or, if there is no such answer, why.</summary>
/// <param name="Found">What the name leads to.</param>
/// <param name="Failure">Why that isn't known: never <see cref="Outcome.Done"/>. Null if something was found.</param>
public readonly record struct LookUp(FoundChat? Found, Outcome? Failure);

/// <summary>The answer to the question for similar channels: channels or, if there is no such answer, why.</summary>
/// <param name="Channels">The channels, those with names only, the most similar first; none if there are none.</param>
/// <param name="Failure">Why that isn't known: never <see cref="Outcome.Done"/>. Null if there is an answer.</param>
public readonly record struct Similar(IReadOnlyList<FoundChat> Channels, Outcome? Failure);

/// <summary>What a name leads to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name that it goes by now; null if Telegram doesn't say.</param>
/// <param name="Title">Its title: foreign text as it came.</param>
/// <param name="Members">How many follow it; null if unknown.</param>
/// <param name="IsRestricted">Whether Telegram restricts it or marks it as false or fraudulent.</param>
public sealed record FoundChat(ChatKind Kind, ChannelName? Name, string Title, long? Members, bool IsRestricted);

/// <summary>What a name can lead to.</summary>
public enum ChatKind
{
    /// <summary>A broadcast channel.</summary>
    Channel,

    /// <summary>A group.</summary>
    Group,

    /// <summary>A bot.</summary>
    Bot,

    /// <summary>A person.</summary>
    Person,
}
