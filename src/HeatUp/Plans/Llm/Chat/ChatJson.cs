using System.Globalization;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans.Replies;
using HeatUp.Primitives;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Reads JSON of servers that write it their own way: a value of another type is a value that is not there.
/// </summary>
internal static class ChatJson
{
    /// <summary>An object's field; null if it is missing or null, or if the value is no object.</summary>
    public static JsonElement? Field(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } value ? JsonText.Field(value, name) : null;

    /// <summary>The field that a path of names leads to.</summary>
    public static JsonElement? Field(JsonElement? json, string name, params ReadOnlySpan<string> names)
    {
        var field = Field(json, name);
        foreach (var next in names) field = Field(field, next);
        return field;
    }

    /// <summary>An object's fields, their names without case and separators; none if it is no object.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Fields(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) yield break;
        foreach (var field in json.EnumerateObject())
        {
            var name = "";
            try
            {
                name = ReplyAction.Plain(field.Name);
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair is no name.
            }
            yield return (name, field.Value);
        }
    }

    /// <summary>The text of a JSON string; null if it is none, or a broken one.</summary>
    public static string? Text(JsonElement? json) => JsonText.Of(json);

    // No call takes as many tokens: what is larger is no count.
    private const double CountMax = 10_000_000;

    /// <summary>A whole number of 0 or more, also one written as a text or with a point; null if it is none.</summary>
    public static long? Count(JsonElement? json)
    {
        var number = json switch
        {
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            { ValueKind: JsonValueKind.String } value => Text(value),
            _ => null,
        };
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
            && count is >= 0 and <= CountMax ? (long)count : null;
    }

    /// <summary>The items of a list; none if it is no list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The JSON values that a text consists of; null if there is something else in it.</summary>
    public static List<JsonElement>? Values(string text)
    {
        var values = new List<JsonElement>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions
        {
            AllowMultipleValues = true,
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        });
        try
        {
            while (reader.Read()) values.Add(JsonElement.ParseValue(ref reader));
            return values;
        }
        catch (JsonException)
        {
            // What comes after a whole value is of no interest.
            if (values.Count > 0) return values;
            return text.TrimStart() is ['{' or '[', ..] loose
                && LooseJson.Read(loose, 0, out var value, out _) == Found.Value ? [value] : null;
        }
    }
}
