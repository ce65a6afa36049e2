using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace HeatUp.Plans;

/// <summary>
/// Finds the list of actions in a reply: JSON somewhere in a text, in one of the shapes that models like.
/// </summary>
internal static class ReplyJson
{
    private const int StartsTriedMax = 100;
    private const int WrappersMax = 4;

    private static readonly FrozenSet<string> ListNames =
        FrozenSet.Create("actions", "actionplan", "plan", "steps", "sitting", "result", "response");

    private static readonly JsonReaderOptions Tolerant =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static readonly JsonDocumentOptions TolerantDocument =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// The items of the last list of actions in the text. If it has none, <paramref name="defect"/> says why.
    /// </summary>
    public static IReadOnlyList<JsonElement> ActionsIn(string text, out string? defect)
    {
        var values = ValuesIn(Encoding.UTF8.GetBytes(text), out var damage);
        defect = null;
        // Models that think aloud show drafts first.
        if (values.Select(value => ListIn(value, WrappersMax)).LastOrDefault(list => list is not null) is { } last)
            return [.. last.EnumerateArray()];
        // One object a line is a plan too, but not the objects that are left of a broken list: that would be a guess.
        JsonElement[] loose = damage is null ? [.. values.Where(ReplyAction.IsAction)] : [];
        if (loose.Length == 0) defect = damage ?? "The reply holds no plan.";
        return loose;
    }

    private static List<JsonElement> ValuesIn(byte[] bytes, out string? damage)
    {
        damage = null;
        var values = new List<JsonElement>();
        var at = NextStart(bytes, 0);
        for (var tries = 0; at >= 0 && tries < StartsTriedMax; tries++)
        {
            var found = Walk(bytes.AsSpan(at), out var length);
            if (found == Found.Value) values.Add(Parse(bytes.AsMemory(at, length)));
            if (found == Found.Broken) damage ??= "The reply's JSON is broken.";
            if (found == Found.CutOff) damage ??= "The reply's JSON is cut off.";
            at = NextStart(bytes, at + length);
        }
        return values;
    }

    private enum Found { Value, Prose, Broken, CutOff }

    private static int NextStart(ReadOnlySpan<byte> bytes, int from)
    {
        var next = bytes[from..].IndexOfAny((byte)'{', (byte)'[');
        return next < 0 ? -1 : from + next;
    }

    /// <summary>What begins at the bytes' start, and how far it reaches.</summary>
    private static Found Walk(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(Tolerant));
        try
        {
            while (reader.Read())
            {
                // Half a surrogate pair in an escape is found here or nowhere: later it would be an exception.
                if (reader.ValueIsEscaped) reader.GetString();
                var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
                if (!isEnd || reader.CurrentDepth > 0) continue;
                length = (int)reader.BytesConsumed;
                return Found.Value;
            }
            length = bytes.Length;
            return Found.CutOff;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // "[see below]" is prose that has a bracket; what fails after its first token was meant as JSON.
            length = Math.Max(1, (int)reader.BytesConsumed);
            return length <= 1 ? Found.Prose : Found.Broken;
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, TolerantDocument);
        return document.RootElement.Clone();
    }

    private static JsonElement? ListIn(JsonElement value, int wrappersLeft) => value.ValueKind switch
    {
        _ when wrappersLeft == 0 => null,
        JsonValueKind.Array => ListOf(value, wrappersLeft),
        JsonValueKind.Object => value.EnumerateObject()
            .Where(property => ListNames.Contains(ReplyAction.Plain(property.Name)))
            .Select(property => Named(property.Value, wrappersLeft))
            .FirstOrDefault(list => list is not null),
        _ => null,
    };

    /// <summary>A list that is called one counts also if it holds no objects.</summary>
    private static JsonElement? Named(JsonElement value, int wrappersLeft) =>
        ListIn(value, wrappersLeft - 1) ?? (value.ValueKind == JsonValueKind.Array ? value : null);

    /// <summary>The array itself if it holds objects, or the list in the wrapper that is its only item.</summary>
    private static JsonElement? ListOf(JsonElement array, int wrappersLeft)
    {
        if (array.GetArrayLength() == 1 && ListIn(array[0], wrappersLeft - 1) is { } wrapped) return wrapped;
        foreach (var item in array.EnumerateArray())
            if (item.ValueKind == JsonValueKind.Object)
                return array;
        return null;
    }
}
