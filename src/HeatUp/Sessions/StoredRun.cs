using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>Reads what every store holds of a run in the same form.</summary>
internal static class StoredRun
{
    /// <summary>The run's name.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static RunId IdOf(string? text) =>
        RunId.TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a run's name.");

    /// <summary>The actions of a plan's JSON.</summary>
    public static PlannedAction[] ActionsOf(ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(json.ToArray());
        return [.. document.RootElement.EnumerateArray().Select(ActionJson.Read)];
    }

    /// <summary>The action of its JSON.</summary>
    public static PlannedAction ActionOf(ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(json.ToArray());
        return ActionJson.Read(document.RootElement);
    }

    /// <summary>What a row of the history says was done; null if it says nothing that an action can be.</summary>
    public static PlannedAction? ActionOfHistory(string? type, string? data)
    {
        if (type == Idle.Word) return new Idle(TimeSpan.Zero, "");
        try
        {
            using var json = JsonDocument.Parse(data ?? "null");
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("channel_username", out var name)
                || name.ValueKind != JsonValueKind.String
                || !ChannelName.TryParse(name.GetString(), out var channel)) return null;
            return type switch
            {
                JoinChannel.Word => new JoinChannel(channel, ""),
                ReadMessages.Word => new ReadMessages(channel, TimeSpan.Zero, ""),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // Somebody wrote something else there: it says nothing here.
            return null;
        }
    }

    /// <summary>Whether reading a run failed because of what its row holds.</summary>
    public static bool IsOdd(Exception failure) => failure
        is FormatException or JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException;

    /// <summary>Says which run can't be read, and what to do.</summary>
    public static StoreException Unreadable(string? run, Exception odd) => new(
        $"The run {run} in the table runs can't be read: {odd.Message} "
        + "Somebody changed it by hand: mend or delete the row.", odd);
}
