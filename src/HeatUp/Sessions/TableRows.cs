using System.Text;
using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>How many rows there are to be read.</summary>
/// <param name="Actions">Of the history.</param>
/// <param name="Runs">Runs, open ones included.</param>
/// <param name="Follows">Memberships.</param>
public sealed record TableSizes(long Actions, long Runs, long Follows);

/// <summary>A row of the history, with what can be read of its data.</summary>
/// <param name="Id">Its number, which rises as rows are written.</param>
/// <param name="Session">The session's name. What isn't UTF-8 in any text of a row becomes U+FFFD.</param>
/// <param name="Action">The action's word, such as <c>join_channel</c>; another program may have written any.</param>
/// <param name="Channel">The channel, such as <c>@durov</c>; null if the data names none.</param>
/// <param name="DurationSeconds">How long it was to take; null if the data doesn't say.</param>
/// <param name="Reason">Why it was planned; null if the data doesn't say.</param>
/// <param name="Data">The data as they are stored, usually JSON; null if there are none.</param>
/// <param name="At">When it was done; null if the row has no time that can be read.</param>
public readonly record struct ActionRow(
    long Id, string Session, string Action, string? Channel, long? DurationSeconds, string? Reason, string? Data,
    DateTimeOffset? At)
{
    internal static ActionRow Of(
        long id, ReadOnlySpan<byte> session, ReadOnlySpan<byte> action, bool hasData, ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> timestamp)
    {
        var said = ActionData.Read(data);
        return new(
            id, Encoding.UTF8.GetString(session), Encoding.UTF8.GetString(action), said.Channel, said.DurationSeconds,
            said.Reason, hasData ? Encoding.UTF8.GetString(data) : null,
            StoredTime.TryRead(timestamp, out var at) ? at : null);
    }
}

/// <summary>What is remembered of a session, counted.</summary>
/// <param name="Session">Its name.</param>
/// <param name="Sittings">How many of its sittings began, also those that are no longer remembered.</param>
/// <param name="Actions">How many actions its history holds.</param>
/// <param name="Channels">How many channels it follows.</param>
/// <param name="First">When the oldest of these actions was done; null if none has a time.</param>
/// <param name="Last">When the newest was done; null if none has a time.</param>
public readonly record struct SessionRow(
    string Session, long Sittings, long Actions, long Channels, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>That a session follows a channel.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Channel">The channel.</param>
/// <param name="JoinedAt">Since when.</param>
/// <param name="LastReadAt">When it last read there; null if never.</param>
public readonly record struct MembershipRow(
    string Session, ChannelName Channel, DateTimeOffset JoinedAt, DateTimeOffset? LastReadAt);
