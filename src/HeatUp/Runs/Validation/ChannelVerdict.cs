using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>What a look-up says about a listed channel.</summary>
/// <param name="Fault">Why no plan may use it; null if all is well.</param>
/// <param name="Detail">More about the fault, for people, such as the channel's new name; or null.</param>
/// <param name="Members">How many follow it; null if unknown.</param>
public sealed record ChannelVerdict(ChannelFault? Fault, string? Detail, long? Members)
{
    /// <summary>
    /// Judges an answer. Null if it says nothing about the channel: no network, a wait, an account's trouble, an error
    /// that nobody has met yet.
    /// </summary>
    /// <param name="name">The name that was looked up.</param>
    /// <param name="answer">The answer.</param>
    public static ChannelVerdict? Of(ChannelName name, LookUp answer) => answer switch
    {
        { Found: { } found } => OfFound(name, found),
        { Failure: Outcome.Refused { Why.Kind: TelegramErrorKind.NotOccupied } } => new(ChannelFault.Gone, null, null),
        { Failure: Outcome.Refused { Why.Kind: TelegramErrorKind.Private } } => new(ChannelFault.Private, null, null),
        _ => null,
    };

    /// <summary>A channel's entry with this verdict.</summary>
    /// <param name="entry">The entry as it stands in the file now.</param>
    /// <param name="at">When the look-up was answered.</param>
    public ListedChannel On(ListedChannel entry, DateTimeOffset at)
    {
        // Known since the first of the look-ups that said the same.
        var since = entry.Check is { FaultSince: { } known } check && check.Fault == Fault ? known : at;
        return entry with
        {
            Channel = Members is { } members ? entry.Channel.WithSubscribers(members) : entry.Channel,
            Check = new ChannelCheck(at, Fault, Fault is null ? null : since, Fault is null ? null : Detail),
        };
    }

    private static ChannelVerdict OfFound(ChannelName name, FoundChat found)
    {
        // Member counts of what is no channel are nobody's subscribers; a count of 0 is Telegram's word for unknown.
        var members = found.Members is > 0 and var count ? count : default(long?);
        if (found.Kind != ChatKind.Channel) return new(ChannelFault.NotAChannel, KindOf(found.Kind), null);
        if (found.IsRestricted) return new(ChannelFault.Restricted, null, members);
        return found.Name is { } now && now != name
            ? new(ChannelFault.Renamed, $"it is {now} now", members)
            : new(null, null, members);
    }

    private static string KindOf(ChatKind kind) => kind switch
    {
        ChatKind.Group => "it is a group",
        ChatKind.Bot => "it is a bot",
        _ => "it is a person",
    };
}
