using System.Buffers;
using System.Text.Json;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Makes channels of entries. What the fields hold is learnt from the first of them: which fields without a known
/// meaning hold names, and whether what a channel is called is its name.
/// </summary>
/// <param name="category">The category of channels that name none.</param>
/// <param name="take">Takes a channel.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed class EntryReader(string? category, Action<Channel> take, Remarks remarks)
{
    private static readonly char[] Gaps = [.. ",;|[]'\" \r\n"];

    private static readonly SearchValues<char> Between = SearchValues.Create(Gaps);

    private static readonly char[] Around = [.. " \t\n()[]<>-–—:|,;"];

    private readonly List<ListEntry> sample = [];
    private readonly HashSet<string> namesByContent = [];
    private readonly HashSet<string> callsByName = [];
    private readonly HashSet<string> callsByRef = [];
    private bool hasLearnt;

    /// <summary>Takes an entry.</summary>
    public void Add(ListEntry entry)
    {
        entry = WithInner(entry);
        if (NamesIn(entry) is { } names) foreach (var one in names) Add(one);
        else if (hasLearnt)
        {
            Read(entry);
        }
        else
        {
            sample.Add(entry);
            if (sample.Count == ListLimits.SampleMax) Complete();
        }
    }

    /// <summary>Reads what has waited; the next entries are of another kind.</summary>
    public void Complete()
    {
        if (!hasLearnt) Learn();
        hasLearnt = true;
        foreach (var entry in sample) Read(entry);
        sample.Clear();
    }

    /// <summary>With what its cells say that hold an object of JSON.</summary>
    private static ListEntry WithInner(ListEntry entry)
    {
        if (!entry.Fields.Any(IsObject)) return entry;
        var fields = new List<ListField>();
        foreach (var field in entry.Fields)
            if (!IsObject(field)) fields.Add(field);
            else if (JsonPieces.In(field.Text, new()).FirstOrDefault() is { ValueKind: JsonValueKind.Object } json)
                fields.AddRange(json.EnumerateObject().Select(inner =>
                    new ListField(JsonShapes.NameOf(inner), JsonShapes.TextOf(inner.Value))));
        return entry with { Fields = fields };

        static bool IsObject(ListField field) =>
            field.Meaning == FieldMeaning.None && IsJson(field.Text) && field.Text.Length <= ListLimits.NameCellMax;
    }

    /// <summary>Whether a cell holds an object of JSON.</summary>
    public static bool IsJson(string cell) => cell is ['{', .., '}'] && cell.Contains(':', StringComparison.Ordinal);

    private void Learn()
    {
        var fields = sample.SelectMany(entry => entry.Fields).Where(field => !NoValue.IsIn(field.Text)).ToList();
        var isNamed = fields.Exists(field => field.Meaning is FieldMeaning.Username && NameOf(field.Text) is not null
            || field.Meaning is FieldMeaning.Link && FirstIn(field.Text)?.Name is not null);
        if (isNamed) return;
        foreach (var column in fields.GroupBy(field => field.Name))
        {
            var (count, meaning) = (column.Count(), column.First().Meaning);
            var refs = column.Count(field => TelegramRefs.Whole(field.Text)?.Name is not null);
            if (meaning == FieldMeaning.None && refs * 2 >= count) namesByContent.Add(column.Key);
        }
        if (namesByContent.Count > 0 || sample.Exists(entry =>
                entry.Fields.Any(field => field.Meaning is FieldMeaning.Username or FieldMeaning.Link)))
            return;
        foreach (var column in fields.Where(field => field.Meaning == FieldMeaning.Called).GroupBy(field => field.Name))
        {
            // Among links and @names, a word with a capital is a headline.
            var hasRefs = column.Any(field => FirstIn(field.Text) is not null);
            var count = column.Count(field => hasRefs
                ? TelegramRefs.In(field.Text).Take(2).Count() == 1
                    || IsHandle(field.Text) && NameOf(field.Text) is not null
                : MayBeCalled(field));
            if (hasRefs && count * 2 >= column.Count()) callsByRef.Add(column.Key);
            else if (count * 5 >= column.Count() * 4) callsByName.Add(column.Key);
        }
    }

    /// <summary>
    /// Whether what a channel is called may be its name. Of a channel called Technology <c>@Technology</c> is somebody
    /// else's: only in a column of channels a word with a capital is a name.
    /// </summary>
    private static bool MayBeCalled(ListField field) => NameOf(field.Text) is not null
        && (IsHandle(field.Text) || !field.Name.Contains("name", StringComparison.OrdinalIgnoreCase)
            && !field.Name.Contains("им", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether a word looks as names do and titles don't: with a digit, an underscore, or a small letter first.
    /// </summary>
    public static bool IsHandle(string text) => text.AsSpan().Trim() is [var first, ..]
        && (first == '@' || char.IsAsciiLetterLower(first) || text.Any(c => char.IsAsciiDigit(c) || c == '_'));

    /// <summary>
    /// Whether words are names of channels and not, say, tags: nearly all may be, none comes twice, and at least every
    /// second has what other words don't, a digit, an underscore or an <c>@</c>.
    /// </summary>
    public static bool AreNames(IReadOnlyCollection<string> words)
    {
        var names = words.Where(word =>
            IsHandle(word) && !word.AsSpan().Trim().ContainsAny(" \t\u00A0") && NameOf(word) is not null).ToList();
        return names.Count > 0 && names.Count * 5 >= words.Count * 4
            && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count
            && names.Count(IsSigned) * 2 >= names.Count;
    }

    /// <summary>Whether a name has a digit, an underscore or an <c>@</c>.</summary>
    public static bool IsSigned(string name) => name.Any(letter => letter is '_' or '@' || char.IsAsciiDigit(letter));

    private void Read(ListEntry entry)
    {
        var (name, reason, why) = NameIn(entry);
        if (EntryKind.FaultOf(entry, name) is var (other, because)) (name, reason, why) = (null, other, because);
        if (name is null)
        {
            remarks.PassOver(reason, $"{entry.Place} is left out: {why}: {entry.Show()}");
            return;
        }
        var about = FirstOf(entry, FieldMeaning.Description) ?? FirstOf(entry, FieldMeaning.Title)
            ?? entry.Of(FieldMeaning.Called).Select(field => TitleIn(field.Text))
                .FirstOrDefault(text => NameOf(text) != name);
        take(new(name.Value, about, FirstOf(entry, FieldMeaning.Category) ?? category, CountIn(entry, name.Value),
            name.Value.Link));
    }

    private static string? FirstOf(ListEntry entry, FieldMeaning meaning) => entry.Of(meaning).FirstOrDefault().Text;

    private long? CountIn(ListEntry entry, ChannelName name)
    {
        var texts = entry.Of(FieldMeaning.Subscribers).Select(field => field.Text).ToList();
        var count = texts.Select(PeopleCount.Read).FirstOrDefault(read => read is not null);
        if (count is null && texts is [var text, ..])
            remarks.Add($"{entry.Place}: {Quoted(text)} is no number of subscribers; "
                + $"{name} is taken without one.");
        return count;
    }

    /// <summary>
    /// An entry for each of the channels that a cell names, if it names several and says nothing else; what else the
    /// row says is about all of them, but for a title and a count. Null if no cell does.
    /// </summary>
    private static IEnumerable<ListEntry>? NamesIn(ListEntry entry)
    {
        foreach (var field in entry.Fields)
        {
            if (!FieldNames.MayName(field.Meaning) || field.Text.Length > ListLimits.NameCellMax
                || !field.Text.AsSpan().ContainsAny(Between)) continue;
            var names = field.Text.Split(Gaps, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(piece => piece.Any(char.IsLetterOrDigit)).ToList();
            if (names.Count < 2 && !field.Text.StartsWith('[') || !AreNames(names)) continue;
            var shared = entry.Fields.Where(other => other.Meaning is not (FieldMeaning.Subscribers
                or FieldMeaning.Title or FieldMeaning.Description) && !FieldNames.MayName(other.Meaning));
            return names.Select(name => entry with
            {
                Fields = [new(field.Name, FieldMeaning.Username, name), .. shared],
            });
        }
        return null;
    }

    /// <summary>What a text says beside the channel that it refers to.</summary>
    private static string TitleIn(string text)
    {
        if (FirstIn(text) is not { Name: not null } found) return text;
        var rest = text.Replace(found.Text, "", StringComparison.Ordinal).Trim(Around);
        return rest.Any(char.IsLetterOrDigit) ? rest : text;
    }

    /// <summary>The channel of an entry; or why there is none.</summary>
    private (ChannelName? Name, PassedOverReason Reason, string Why) NameIn(ListEntry entry)
    {
        var (reason, why) = (PassedOverReason.NotPublic, "it names no channel");
        foreach (var field in entry.Of(FieldMeaning.Username))
        {
            if (NameOf(field.Text) is { } name) return (name, default, "");
            (reason, why) = (PassedOverReason.NotAName, $"{Quoted(field.Text)} is not a channel's name");
        }
        foreach (var field in entry.Of(FieldMeaning.Link))
        {
            if (FirstIn(field.Text) is { } found)
            {
                if (found.Name is { } name) return (name, default, "");
                (reason, why) = (found.Fault!.Value, $"{Quoted(found.Text)} leads to no public channel");
            }
            else if (IsHandle(field.Text) && NameOf(field.Text) is { } bare) return (bare, default, "");
        }
        foreach (var field in entry.Fields.Where(field => namesByContent.Contains(field.Name)))
            if (TelegramRefs.Whole(field.Text)?.Name is { } name)
                return (name, default, "");
        foreach (var field in entry.Of(FieldMeaning.Called))
        {
            if (TelegramRefs.Whole(field.Text)?.Name is { } name) return (name, default, "");
            var isByRef = callsByRef.Contains(field.Name);
            if (isByRef && FirstIn(field.Text) is { Name: { } beside }) return (beside, default, "");
            if (!callsByName.Contains(field.Name) && !(isByRef && IsHandle(field.Text))) continue;
            if (NameOf(field.Text) is { } called) return (called, default, "");
            (reason, why) = (PassedOverReason.NotAName, $"{Quoted(field.Text)} is not a channel's name");
        }
        return (null, reason, why);
    }

    private static string Quoted(string text) => $"'{ForeignText.Clean(text, ListLimits.ShownMax)}'";

    private static TelegramRef? FirstIn(string text)
    {
        if (text.Length > ListLimits.NameCellMax) return null;
        TelegramRef? fault = null;
        foreach (var found in TelegramRefs.In(text))
        {
            if (found.Name is not null) return found;
            fault ??= found;
        }
        return fault;
    }

    /// <summary>The name that a cell holds: bare, with an <c>@</c>, in a link, with signs around it.</summary>
    public static ChannelName? NameOf(string text)
    {
        if (text.Length > ListLimits.NameCellMax || NoValue.IsIn(text)) return null;
        if (FirstIn(text) is { } found) return found.Name;
        var bare = text.AsSpan().Trim();
        while (bare.Length > 0 && !char.IsLetterOrDigit(bare[0]) && bare[0] is not ('#' or '_')) bare = bare[1..];
        while (bare.Length > 0 && !char.IsLetterOrDigit(bare[^1]) && bare[^1] != '_') bare = bare[..^1];
        return ChannelName.TryParse(bare.ToString(), out var name) && !NoValue.IsName(name) ? name : null;
    }
}

/// <summary>A row of a table, an object or a text of JSON: what a list says of one channel.</summary>
/// <param name="Place">Where it stands, such as <c>line 3</c>.</param>
/// <param name="Fields">What it says, in its order; names of fields may repeat.</param>
internal sealed record ListEntry(string Place, IReadOnlyList<ListField> Fields)
{
    /// <summary>What it says in fields of a meaning, without those that say nothing.</summary>
    public IEnumerable<ListField> Of(FieldMeaning meaning) =>
        Fields.Where(field => field.Meaning == meaning && !NoValue.IsIn(field.Text));

    /// <summary>What it says, for people.</summary>
    public string Show() => ForeignText.Clean(
        string.Join(", ", Fields.Where(field => !NoValue.IsIn(field.Text))
            .Select(field => field.Text[..Math.Min(field.Text.Length, ListLimits.ShownMax)])), ListLimits.ShownMax);
}

/// <summary>A field of an entry.</summary>
/// <param name="Name">What it is called; empty for an entry that is a text.</param>
/// <param name="Meaning">What that means.</param>
/// <param name="Text">What it says.</param>
internal readonly record struct ListField(string Name, FieldMeaning Meaning, string Text)
{
    public ListField(string name, string text) : this(name, FieldNames.Of(name), text) { }
}
