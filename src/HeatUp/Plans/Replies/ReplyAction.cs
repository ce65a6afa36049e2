using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Plans.Replies;

/// <summary>Reads one action of a reply. A defect completes the sentence "Action 2 ...".</summary>
internal static class ReplyAction
{
    // The first name that is there with a value counts.
    private static readonly string[] ActionNames = ["action", "actiontype", "type", "kind"];
    private static readonly string[] ChannelNames =
        ["channel", "channelusername", "channelname", "channelnumber", "username"];
    private static readonly string[] DurationNames = ["durationseconds", "duration", "seconds"];
    private static readonly string[] ReasonNames = ["reason", "reasoning", "why"];

    private static readonly FrozenDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["joinchannel"] = JoinChannel.Word, ["join"] = JoinChannel.Word, ["subscribe"] = JoinChannel.Word,
        ["readmessages"] = ReadMessages.Word, ["readmessage"] = ReadMessages.Word, ["read"] = ReadMessages.Word,
        ["readchannel"] = ReadMessages.Word, ["readposts"] = ReadMessages.Word,
        ["idle"] = Idle.Word, ["break"] = Idle.Word, ["takebreak"] = Idle.Word, ["pause"] = Idle.Word,
        ["wait"] = Idle.Word,
    }.ToFrozenDictionary();

    // Larger than any limit, small enough for a TimeSpan: the check says that it is too long.
    private const double SecondsReadMax = 1e9;

    private static readonly string[] SecondsWords = ["seconds", "second", "secs", "sec", "s"];

    private const int QuoteLengthMax = 40;
    private const int WordLengthUsual = 64;

    public static bool IsAction(JsonElement item) => Field(Inner(item), ActionNames)?.ValueKind == JsonValueKind.String;

    /// <summary>Whether it is an action that there is.</summary>
    public static bool IsKnown(JsonElement item) => WordIn(Inner(item), out _) is not null;

    public static PlannedAction? Read(JsonElement item, ChannelPool pool, out string? defect)
    {
        var outer = item;
        item = Inner(item);
        var word = WordIn(item, out var body);
        item = body;
        var reason = ReasonOf(item) is { Length: > 0 } said ? said : ReasonOf(outer);
        switch (word)
        {
            case JoinChannel.Word:
                return ChannelOf(item, pool, out defect) is { } joined ? new JoinChannel(joined, reason) : null;
            case ReadMessages.Word:
                if (ChannelOf(item, pool, out defect) is not { } read) return null;
                return DurationOf(item, out defect) is { } reading ? new ReadMessages(read, reading, reason) : null;
            case Idle.Word:
                return DurationOf(item, out defect) is { } idling ? new Idle(idling, reason) : null;
            default:
                defect = Field(item, ActionNames) is { } unknown
                    ? $"has the unknown action {Quote(unknown)}." : "has no action.";
                return null;
        }
    }

    /// <summary>What an action is that stands under the name of an action; itself if it doesn't.</summary>
    private static JsonElement Inner(JsonElement item) =>
        Field(item, ActionNames) is { ValueKind: JsonValueKind.Object } inner ? inner : item;

    /// <summary>The word of an action, and where the rest of it stands: beside the word, or under it.</summary>
    private static string? WordIn(JsonElement item, out JsonElement body)
    {
        body = item;
        if (Field(item, ActionNames) is { } word) return WordOf(TextOf(word));
        if (item.ValueKind != JsonValueKind.Object) return null;
        foreach (var field in item.EnumerateObject())
            if (field.Value.ValueKind == JsonValueKind.Object && WordOf(field.Name) is { } named)
            {
                body = field.Value;
                return named;
            }
        return null;
    }

    /// <summary>A word without case and separators: <c>Join-Channel</c> and <c>join_channel</c> are one.</summary>
    public static string Plain(string word)
    {
        var letters = word.Length <= WordLengthUsual ? stackalloc char[WordLengthUsual] : new char[word.Length];
        var count = 0;
        foreach (var letter in word)
            if (char.IsLetter(letter))
                letters[count++] = char.ToLowerInvariant(letter);
        return letters[..count].ToString();
    }

    private static JsonElement? Field(JsonElement item, string[] names)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        var (found, rank) = (default(JsonElement?), names.Length);
        foreach (var property in item.EnumerateObject())
            if (property.Value.ValueKind != JsonValueKind.Null
                && Array.IndexOf(names, Plain(property.Name), 0, rank) is >= 0 and var better)
                (found, rank) = (property.Value, better);
        return found;
    }

    private static string? WordOf(string? text) => text is null ? null : Words.GetValueOrDefault(Plain(text));

    private static ChannelName? ChannelOf(JsonElement item, ChannelPool pool, out string? defect)
    {
        defect = null;
        if (Field(item, ChannelNames) is not { } field)
        {
            defect = "has no channel.";
            return null;
        }
        if (ReplyChannel.Read(field, pool) is { } channel) return channel;
        var last = PoolNumbers.First + pool.All.Length - 1;
        defect = $"has the channel {Quote(field)}, which is none of the numbers {PoolNumbers.First} to {last}.";
        return null;
    }

    private static TimeSpan? DurationOf(JsonElement item, out string? defect)
    {
        defect = null;
        if (Field(item, DurationNames) is not { } field) defect = "has no duration_seconds.";
        else if (NumberOf(field) is { } seconds) return TimeSpan.FromSeconds(
            Math.Round(Math.Clamp(seconds, -SecondsReadMax, SecondsReadMax), MidpointRounding.AwayFromZero));
        else defect = $"has the duration_seconds {Quote(field)}, which is not a number.";
        return null;
    }

    private static double? NumberOf(JsonElement field)
    {
        var number = double.NaN;
        var read = field.ValueKind switch
        {
            JsonValueKind.Number => field.TryGetDouble(out number),
            JsonValueKind.String =>
                double.TryParse(
                    Seconds(field.GetString()!), NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return read && double.IsFinite(number) ? number : null;
    }

    /// <summary>The text without what can't be seen and without its unit.</summary>
    private static ReadOnlySpan<char> Seconds(string text)
    {
        var clean = ForeignText.Clean(text, WordLengthUsual);
        var unit = Array.Find(SecondsWords, word => clean.EndsWith(word, StringComparison.OrdinalIgnoreCase));
        return unit is null ? clean : clean.AsSpan(0, clean.Length - unit.Length).TrimEnd();
    }

    private static string ReasonOf(JsonElement item) =>
        ForeignText.Clean(TextOf(Field(item, ReasonNames)), PlannedAction.ReasonLengthMax);

    private static string? TextOf(JsonElement? field) =>
        field is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string Quote(JsonElement field) => ForeignText.Clean(field.GetRawText(), QuoteLengthMax);
}
