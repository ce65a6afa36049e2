using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads JSON of any shape: lists of objects, of names or of rows, under any key; objects by names; columns of values.
/// </summary>
/// <param name="newReader">Makes a reader for entries of one kind.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed class JsonList(Func<EntryReader> newReader, Remarks remarks)
{
    private readonly EntryReader reader = newReader();
    private readonly Dictionary<string, FieldMeaning> meanings = [];
    private ListField? head;
    private string place = "entry";
    private long number;

    /// <summary>Reads a text of JSON; what is broken costs itself.</summary>
    /// <returns>How many entries it has.</returns>
    public int ReadAll(string text)
    {
        var count = 0;
        foreach (var json in JsonPieces.In(text, remarks))
            // A list may be written as a text of JSON within JSON.
            count += JsonText.Of(json) is [ '[' or '{', ..] inner
                ? JsonPieces.In(inner, remarks).Sum(one => Walk(one, "")) : Walk(json, "");
        reader.Complete();
        return count;
    }

    /// <summary>Reads lines of which each is JSON.</summary>
    public async Task ReadLinesAsync(ListLines lines, CancellationToken cancellation)
    {
        place = "line";
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            var text = line.Text.Trim().TrimEnd(',').TrimStart('\u001E');
            if (text.Length > 0 && text is not ("[" or "]")) ReadLine(text, line);
        }
        reader.Complete();
    }

    private void ReadLine(string text, ListLine line)
    {
        number = line.Number;
        try
        {
            using var json = JsonDocument.Parse(JsonPieces.WithoutNaN(text), JsonText.Tolerant);
            if (Walk(json.RootElement, "") == 0)
                remarks.PassOver(PassedOverReason.NotPublic,
                    $"line {number} is left out: it names no channel: {JsonText.Show(json.RootElement)}");
        }
        catch (JsonException)
        {
            remarks.PassOver(PassedOverReason.Unreadable, $"line {number} is left out: "
                + (line.IsCut ? $"it has more than {ListLimits.LineLengthMax} characters: " : "it is not JSON: ")
                + ForeignText.Clean(text[..Math.Min(text.Length, 4 * ListLimits.ShownMax)], ListLimits.ShownMax));
        }
    }

    private int Walk(JsonElement json, string key) => json.ValueKind switch
    {
        JsonValueKind.Array when IsOfRows(json) => AddTable(RowsOf(json)),
        JsonValueKind.Array => json.EnumerateArray().Sum(element => Walk(element, key)),
        JsonValueKind.Object when JsonColumns.RowsOf(json) is { } rows => AddTable(rows),
        JsonValueKind.Object => WalkObject(json, key),
        JsonValueKind.String => AddText(JsonText.Of(json) ?? "", key),
        _ => 0,
    };

    private int WalkObject(JsonElement json, string above)
    {
        if (NamesByKeys(json) is { } names) return names.Sum(AddNames);
        if (LinkOf(json) is { } link) return AddText(link, "");
        if (IsOfTitles(json)) return json.EnumerateObject().Sum(AddTitled);
        var isNamed = Has(json, FieldMeaning.Username);
        var isEntry = isNamed || Has(json, FieldMeaning.Link) || Has(json, FieldMeaning.Called)
            || Has(json, FieldMeaning.Title) || json.EnumerateObject().Any(field => IsRef(field.Value));
        if (isNamed) return AddEntry(json, null);
        var isMap = IsMap(json) || MeaningOf(above) == FieldMeaning.Called && IsOfSigned(json);
        var (count, outer, kind) = (0, head, KindOf(json));
        foreach (var field in json.EnumerateObject())
        {
            var key = NameOf(field);
            head = EntryKind.OfHead(key) is not null ? new(key, FieldMeaning.Kind, key)
                : MeaningOf(key) == FieldMeaning.Called ? null
                : field.Value.ValueKind == JsonValueKind.Object ? kind ?? outer : outer;
            if (NameIn(field, isMap) is { } name) count += AddEntry(field.Value, name);
            else if (MeaningOf(key) != FieldMeaning.Other
                && (!isEntry || IsOfObjects(field.Value) || JsonShapes.IsContainer(key)))
                count += field.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object
                    ? Walk(field.Value, key) : 0;
        }
        head = outer;
        return count == 0 && isEntry ? AddEntry(json, null) : count;
    }

    /// <summary>What an object around an entry says that it is, if that is no channel.</summary>
    private ListField? KindOf(JsonElement json)
    {
        foreach (var field in json.EnumerateObject())
            if (MeaningOf(NameOf(field)) == FieldMeaning.Kind && JsonText.Of(field.Value) is { } text
                && EntryKind.IsOther(text)) return new(NameOf(field), FieldMeaning.Kind, text);
        return null;
    }

    /// <summary>The link or the mention that an object is, as texts of exported chats have them.</summary>
    private static string? LinkOf(JsonElement json) =>
        JsonText.Of(JsonText.Field(json, "type")) is "link" or "mention" or "text_link"
            ? JsonText.Of(JsonText.Field(json, "href") ?? JsonText.Field(json, "text")) : null;

    /// <summary>Whether an object's keys are titles and its values links and <c>@names</c>.</summary>
    private bool IsOfTitles(JsonElement json) => json.EnumerateObject().Skip(1).Any()
        && json.EnumerateObject().All(field => MeaningOf(NameOf(field)) is FieldMeaning.None or FieldMeaning.Part
            && TelegramRefs.Whole(JsonText.Of(field.Value))?.Name is not null);

    private int AddTitled(JsonProperty field)
    {
        reader.Add(new(NextPlace(), [new("", FieldMeaning.Username, JsonShapes.TextOf(field.Value)),
            new("", FieldMeaning.Title, NameOf(field))]));
        return 1;
    }

    /// <summary>
    /// The fields of an object whose keys are categories and whose values are lists of names; null if it is no such.
    /// Words that may be anything, such as tags, are no names.
    /// </summary>
    private List<JsonProperty>? NamesByKeys(JsonElement json)
    {
        var fields = json.EnumerateObject().ToList();
        if (fields.Count == 0 || !fields.TrueForAll(field => field.Value.ValueKind == JsonValueKind.Array
                && MeaningOf(NameOf(field)) == FieldMeaning.None && !JsonShapes.IsContainer(NameOf(field))))
            return null;
        var texts = fields.SelectMany(field => field.Value.EnumerateArray()).Select(text => JsonText.Of(text)).ToList();
        return texts.TrueForAll(text => text is not null) && EntryReader.AreNames([.. texts.Select(text => text!)])
            ? fields : null;
    }

    private int AddNames(JsonProperty category)
    {
        foreach (var name in category.Value.EnumerateArray())
            reader.Add(new(NextPlace(),
            [
                new("", FieldMeaning.Username, JsonShapes.TextOf(name)),
                new("", FieldMeaning.Category, NameOf(category)),
            ]));
        return category.Value.GetArrayLength();
    }

    private bool Has(JsonElement json, FieldMeaning meaning) => json.EnumerateObject().Any(field =>
        MeaningOf(NameOf(field)) == meaning && !IsOfObjects(field.Value)
        && (field.Value.ValueKind != JsonValueKind.Array || meaning == FieldMeaning.Username)
        && (field.Value.ValueKind != JsonValueKind.Object || meaning is FieldMeaning.Link or FieldMeaning.Username));

    private bool Says(JsonElement json, FieldMeaning meaning) => json.EnumerateObject().Any(field =>
        MeaningOf(NameOf(field)) == meaning && !NoValue.IsIn(JsonShapes.TextOf(field.Value)));

    /// <summary>Whether the keys of an object are names of channels, and its values objects about them.</summary>
    private bool IsMap(JsonElement json)
    {
        var fields = json.EnumerateObject().ToList();
        return fields.TrueForAll(field => field.Value.ValueKind == JsonValueKind.Object
                && !JsonShapes.IsContainer(NameOf(field)) && EntryReader.NameOf(NameOf(field)) is not null
                && MeaningOf(NameOf(field)) == FieldMeaning.None)
            && (EntryReader.AreNames([.. fields.Select(NameOf)])
                || fields.TrueForAll(field => IsOfChannel(field.Value)));
    }

    /// <summary>Whether the keys of an object look as names do, and its values are single.</summary>
    private static bool IsOfSigned(JsonElement json) =>
        EntryReader.AreNames([.. json.EnumerateObject().Select(NameOf)]) && json.EnumerateObject().All(field =>
            EntryReader.IsSigned(NameOf(field))
            && field.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String);

    /// <summary>Whether an object says what is said of channels.</summary>
    private bool IsOfChannel(JsonElement json) => Says(json, FieldMeaning.Title)
        || Says(json, FieldMeaning.Subscribers) || Says(json, FieldMeaning.Description)
        || Says(json, FieldMeaning.Category);

    /// <summary>The name that a field's key is, if what it holds is about that channel.</summary>
    private string? NameIn(JsonProperty field, bool isMap)
    {
        var key = NameOf(field);
        var isRef = TelegramRefs.Whole(key)?.Name is not null;
        if (!isRef && !isMap) return null;
        if (field.Value.ValueKind != JsonValueKind.Object) return key;
        return Says(field.Value, FieldMeaning.Username) || Says(field.Value, FieldMeaning.Link)
            || field.Value.EnumerateObject().Any(inner => IsOfObjects(inner.Value) || IsOfNames(inner))
            ? null
            : key;
    }

    private int AddTable(IEnumerable<TableList.Row> rows)
    {
        var table = new TableList(newReader, remarks);
        var count = 0;
        foreach (var row in rows)
        {
            table.Add(row);
            count++;
        }
        return table.TryComplete() ? count : 0;
    }

    private int AddText(string text, string key)
    {
        var mayBeBare = key.Length == 0 || JsonShapes.IsContainer(key) || FieldNames.MayName(MeaningOf(key));
        if (!mayBeBare && TelegramRefs.Whole(text) is null) return 0;
        var all = TelegramRefs.In(text).Where(found => found.Name is not null).Select(found => found.Text).ToList();
        foreach (var one in all is [_, _, ..] ? all : [text])
            reader.Add(new(NextPlace(), [.. head is { } above ? [above] : Array.Empty<ListField>(),
                new("", FieldMeaning.Username, one)]));
        return 1;
    }

    private int AddEntry(JsonElement json, string? name)
    {
        var fields = new List<ListField>();
        if (name is not null) fields.Add(new("", FieldMeaning.Username, name));
        if (json.ValueKind == JsonValueKind.Object) AddFields(json, fields, hasName: name is not null, depth: 0);
        else if (json.ValueKind == JsonValueKind.Number)
            fields.Add(new("", FieldMeaning.Subscribers, json.GetRawText()));
        else if (JsonText.Of(json) is { } about)
            fields.Add(new("", PeopleCount.Read(about) is null
                ? FieldMeaning.Description : FieldMeaning.Subscribers, about));
        if (head is { } above) fields.Insert(0, above);
        reader.Add(new(NextPlace(), fields));
        return 1;
    }

    private void AddFields(JsonElement json, List<ListField> fields, bool hasName, int depth)
    {
        foreach (var field in json.EnumerateObject())
        {
            var (key, meaning) = (NameOf(field), MeaningOf(NameOf(field)));
            // Beside a name, or deeper, another name is somebody else's.
            if (meaning == FieldMeaning.Other || FieldNames.MayName(meaning)
                && (hasName || depth > 0 && !FieldNames.IsOfTelegram(key))) continue;
            var isInner = field.Value.ValueKind == JsonValueKind.Object && !FieldNames.MayName(meaning);
            // Each of several marks counts; a number is one of subscribers, whatever it is called.
            if (isInner && meaning is FieldMeaning.Restriction or FieldMeaning.Subscribers)
                fields.AddRange(field.Value.EnumerateObject()
                    .Where(inner => MeaningOf(NameOf(inner)) != FieldMeaning.Part)
                    .Select(inner => new ListField(NameOf(inner), meaning, JsonShapes.TextOf(inner.Value))));
            else if (isInner && meaning == FieldMeaning.Kind && JsonText.Field(field.Value, "name") is { } kind)
                fields.Add(new(key, meaning, JsonShapes.TextOf(kind)));
            else if (isInner && depth < JsonShapes.DepthMax) AddFields(field.Value, fields, hasName, depth + 1);
            else if (!isInner) fields.Add(new(key, meaning, JsonShapes.TextOf(field.Value)));
        }
    }

    private static bool IsRef(JsonElement json) =>
        JsonText.Of(json) is { Length: <= ListLimits.NameCellMax } text && TelegramRefs.Whole(text) is not null;

    private static bool IsOfObjects(JsonElement json) => json.ValueKind == JsonValueKind.Array
        && json.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
        && !first.TryGetProperty("active", out _);

    private static bool IsOfNames(JsonProperty field) => JsonShapes.IsContainer(NameOf(field))
        && field.Value is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0
        && array.EnumerateArray().All(name => JsonText.Of(name) is { } text && EntryReader.NameOf(text) is not null);

    private static bool IsOfRows(JsonElement json) => json.GetArrayLength() > 0 && json.EnumerateArray().All(row =>
        row.ValueKind == JsonValueKind.Array && row.GetArrayLength() > 0
        && row.EnumerateArray().All(cell => cell.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)));

    private static IEnumerable<TableList.Row> RowsOf(JsonElement json) => json.EnumerateArray()
        .Select((row, at) => new TableList.Row(at + 1, [.. row.EnumerateArray().Select(JsonShapes.TextOf)]));

    private FieldMeaning MeaningOf(string key)
    {
        if (meanings.TryGetValue(key, out var known)) return known;
        var meaning = FieldNames.Of(key);
        if (meanings.Count < ListLimits.CellsMax) meanings[key] = meaning;
        return meaning;
    }

    private static string NameOf(JsonProperty field) => JsonShapes.NameOf(field);

    private string NextPlace() => place == "line" ? $"line {number}" : $"entry {++number}";
}
