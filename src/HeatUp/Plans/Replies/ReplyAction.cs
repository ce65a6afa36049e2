using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using HeatUp.Channels;
using HeatUp.Primitives;

namespace HeatUp.Plans.Replies;

/// <summary>Reads one action of a reply. A defect completes the sentence "Action 2 ...".</summary>
internal static partial class ReplyAction
{
    // What one of these says counts, whatever else is there.
    private static readonly string[] ActionNames = ["action", "actiontype", "actionname"];

    // One of these tells the action only if it says one.
    private static readonly string[] OtherActionNames =
        ["type", "kind", "name", "tool", "function", "command", "operation", "activity", "step"];

    private static readonly string[] HolderNames = ["arguments", "args", "parameters", "params", "details", "input"];

    // The first that is there counts; the others must not say otherwise.
    private static readonly string[] ChannelNames =
    [
        "channel", "channelusername", "channelname", "channelnumber", "username", "channelid", "channelindex",
        "channelno", "channelnum", "channelhandle", "channellink", "channelurl", "targetchannel",
    ];

    // The first name that is there with a value counts.
    private static readonly string[] DurationNames = ["durationseconds", "duration", "seconds"];
    private static readonly string[] UnitNames = ["unit", "units", "timeunit", "durationunit"];
    private static readonly string[] ReasonNames = ["reason", "reasoning", "why", "rationale"];

    private static readonly FrozenDictionary<string, string> Words = Forms(
            JoinChannel.Word, ["join", "subscribe", "subscribeto", "follow"], ["", "channel"])
        .Concat(Forms(ReadMessages.Word, ["read", "reading"],
            ["", "message", "messages", "channel", "posts", "channelmessages", "channelposts", "recentmessages",
                "recentposts"]))
        .Concat(Forms(Idle.Word,
            ["idle", "idling", "break", "takebreak", "takeabreak", "pause", "wait", "rest", "sleep", "donothing"],
            [""]))
        .ToFrozenDictionary();

    // Larger than any limit, small enough for a TimeSpan: the check says that it is too long.
    private const double SecondsReadMax = 1e9;

    private const int HoldersMax = 3;
    private const int QuoteLengthMax = 40;
    private const int WordLengthUsual = 64;

    public static bool IsAction(JsonElement item) =>
        FieldsOf(item) is var fields && (WordIn(fields) ?? TextOf(First(fields, ActionNames))) is not null;

    /// <summary>Whether it is an action that there is.</summary>
    public static bool IsKnown(JsonElement item) => WordIn(FieldsOf(item)) is not null;

    public static PlannedAction? Read(JsonElement item, ChannelPool pool, out string? defect)
    {
        var fields = FieldsOf(item);
        var reason = ForeignText.Clean(TextOf(First(fields, ReasonNames)), PlannedAction.ReasonLengthMax);
        switch (WordIn(fields))
        {
            case JoinChannel.Word:
                return ChannelOf(fields, pool, out defect) is { } joined ? new JoinChannel(joined, reason) : null;
            case ReadMessages.Word:
                if (ChannelOf(fields, pool, out defect) is not { } read) return null;
                return DurationOf(fields, out defect) is { } reading ? new ReadMessages(read, reading, reason) : null;
            case Idle.Word:
                return DurationOf(fields, out defect) is { } idling ? new Idle(idling, reason) : null;
            default:
                defect = First(fields, ActionNames) is { } unknown
                    ? $"has the unknown action {Quote(unknown)}." : "has no action.";
                return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Forms(string word, string[] verbs, string[] objects) =>
        from verb in verbs from what in objects select KeyValuePair.Create(verb + what, word);

    /// <summary>
    /// The fields of an action that have values, and after them those of what holds the rest of it: "arguments", or
    /// what stands under the name or the word of an action.
    /// </summary>
    private static List<Field> FieldsOf(JsonElement item)
    {
        var fields = new List<Field>();
        Add(item, HoldersMax);
        return fields;

        void Add(JsonElement holder, int left)
        {
            if (holder.ValueKind != JsonValueKind.Object) return;
            var start = fields.Count;
            foreach (var property in holder.EnumerateObject())
                if (property.Value.ValueKind != JsonValueKind.Null)
                    fields.Add(new(Plain(property.Name), property.Value));
            for (var (at, end) = (start, fields.Count); at < end && left > 0; at++)
                if (IsHolder(fields[at].Name))
                    Add(ActionLists.ObjectIn(fields[at].Value) ?? fields[at].Value, left - 1);
        }
    }

    private static bool IsHolder(string name) => HolderNames.Contains(name) || ActionNames.Contains(name)
        || OtherActionNames.Contains(name) || Words.ContainsKey(name);

    private static string? WordIn(List<Field> fields)
    {
        if (TextOf(First(fields, ActionNames)) is { } said) return WordOf(said);
        foreach (var name in OtherActionNames)
            foreach (var field in fields)
                if (field.Name == name && WordOf(TextOf(field.Value)) is { } told)
                    return told;
        var holders = fields.FindAll(
            field => field.Value.ValueKind == JsonValueKind.Object && Words.ContainsKey(field.Name));
        return holders is [var only] ? Words[only.Name] : null;
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

    private static JsonElement? First(List<Field> fields, string[] names) => Find(fields, names)?.Value;

    /// <summary>The field with the first of the names that is there.</summary>
    private static Field? Find(List<Field> fields, string[] names) => names
        .Select(name => fields.Find(field => field.Name == name)).FirstOrDefault(field => field is not null);

    private static string? WordOf(string? text) => text is null ? null : Words.GetValueOrDefault(Plain(text));

    private static ChannelName? ChannelOf(List<Field> fields, ChannelPool pool, out string? defect)
    {
        defect = null;
        if (First(fields, ChannelNames) is not { } first)
        {
            defect = "has no channel.";
            return null;
        }
        var last = PoolNumbers.First + pool.All.Length - 1;
        if (ReplyChannel.Read(first, pool) is not { } channel)
            defect = $"has the channel {Quote(first)}, which is none of the numbers {PoolNumbers.First} to {last}.";
        else if (fields.Exists(field => ChannelNames.Contains(field.Name)
            && ReplyChannel.Read(field.Value, pool) is { } other && other != channel))
            defect = "names two channels.";
        else return channel;
        return null;
    }

    private static TimeSpan? DurationOf(List<Field> fields, out string? defect)
    {
        defect = null;
        var time = Find(fields, DurationNames) ?? fields.Find(field => WithUnit().IsMatch(field.Name));
        if (time is null)
        {
            defect = "has no duration_seconds.";
            return null;
        }
        var unit = TextOf(First(fields, UnitNames)) ?? WithUnit().Match(time.Name).Groups[1].Value;
        if (SecondsOf(time.Value, unit) is { } seconds && double.IsFinite(seconds)) return TimeSpan.FromSeconds(
            Math.Round(Math.Clamp(seconds, -SecondsReadMax, SecondsReadMax), MidpointRounding.AwayFromZero));
        defect = $"has the duration_seconds {Quote(time.Value)}, which is not a number.";
        return null;
    }

    private static double? SecondsOf(JsonElement time, string unit) => time.ValueKind switch
    {
        JsonValueKind.Number or JsonValueKind.String =>
            ForeignText.Clean(TextOf(time) ?? time.GetRawText(), WordLengthUsual) is var text
                && WrittenTime.IsBare(text) ? WrittenTime.Seconds($"{text} {unit}") : WrittenTime.Seconds(text),
        JsonValueKind.Array when time.GetArrayLength() == 1 => SecondsOf(time[0], unit),
        // {"minutes": 1}, {"value": 17, "unit": "seconds"}
        JsonValueKind.Object => WrittenTime.Seconds(string.Join(' ', time.EnumerateObject().Select(part =>
            $"{TextOf(part.Value) ?? part.Value.GetRawText()} {(WrittenTime.IsUnit(part.Name) ? part.Name : "")}"))),
        _ => null,
    };

    private static string? TextOf(JsonElement? field) =>
        field is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string Quote(JsonElement field) => ForeignText.Clean(field.GetRawText(), QuoteLengthMax);

    [GeneratedRegex("^(?:duration|length|time)?(?:in)?"
        + "(?:(?:seconds?|secs?|(?<=duration)s)|(ms|millis(?:econds)?|mins?|minutes?))$")]
    private static partial Regex WithUnit();

    /// <summary>A field whose name has neither case nor separators.</summary>
    private sealed record Field(string Name, JsonElement Value);
}
