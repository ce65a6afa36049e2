using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// The JSON of an action, as users see it and as it is stored: <c>action, channel_username, duration_seconds,
/// reason</c>.
/// </summary>
public static class ActionJson
{
    /// <summary>Writes an action as an object.</summary>
    public static void Write(Utf8JsonWriter json, PlannedAction action)
    {
        json.WriteStartObject();
        json.WriteString("action"u8, action.Kind);
        if (ChannelOf(action) is { } channel) json.WriteString("channel_username"u8, channel.Value);
        if (DurationOf(action) is { } duration) json.WriteNumber("duration_seconds"u8, (int)duration.TotalSeconds);
        json.WriteString("reason"u8, action.Reason);
        json.WriteEndObject();
    }

    /// <summary>Reads an action that <see cref="Write"/> has written.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PlannedAction Read(JsonElement json)
    {
        var reason = json.GetProperty("reason"u8).GetString() ?? "";
        return json.GetProperty("action"u8).GetString() switch
        {
            JoinChannel.Word => new JoinChannel(Channel(), reason),
            ReadMessages.Word => new ReadMessages(Channel(), Duration(), reason),
            Idle.Word => new Idle(Duration(), reason),
            var other => throw new FormatException($"'{other}' is not an action."),
        };

        ChannelName Channel() => ChannelName.Parse(json.GetProperty("channel_username"u8).GetString() ?? "");
        TimeSpan Duration() => TimeSpan.FromSeconds(json.GetProperty("duration_seconds"u8).GetInt32());
    }

    /// <summary>The channel that an action is about; null for a break.</summary>
    public static ChannelName? ChannelOf(PlannedAction action) => action switch
    {
        JoinChannel join => join.Channel,
        ReadMessages read => read.Channel,
        _ => null,
    };

    /// <summary>How long an action is to take; null for a join.</summary>
    public static TimeSpan? DurationOf(PlannedAction action) => action switch
    {
        ReadMessages read => read.Duration,
        Idle idle => idle.Duration,
        _ => null,
    };
}
