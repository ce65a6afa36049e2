using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HeatUp.Channels;

/// <summary>
/// JSON that strangers wrote: its texts, which may be broken, and places and pieces of it, for people.
/// </summary>
internal static class JsonText
{
    /// <summary>The most characters of a piece that are shown.</summary>
    public const int ShownMax = 80;

    /// <summary>How files that people write are read.</summary>
    public static JsonDocumentOptions Tolerant =>
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The bytes without the mark of UTF-8 that some editors begin with.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <summary>Why bytes can't be JSON whatever they say, or null.</summary>
    public static string? EncodingFault(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.Unicode.Preamble) || bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return "it is UTF-16 text; save it as UTF-8.";
        if (!Utf8.IsValid(bytes)) return $"it is not UTF-8 text at {FirstInvalid(bytes)}; save it as UTF-8.";
        return bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "it is empty." : null;
    }

    /// <summary>An object's field; null if it is missing or null, or if the object's names are broken text.</summary>
    public static JsonElement? Field(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The text of a JSON string; null if it is no string, or a broken one.</summary>
    public static string? Of(JsonElement? json)
    {
        try
        {
            return json is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException) // half a surrogate pair: valid JSON, but no text
        {
            return null;
        }
    }

    /// <summary>The beginning of a piece of JSON as it stands in the file, on one line.</summary>
    public static string Show(JsonElement json)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(json);
        return ForeignText.Clean(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * ShownMax)]), ShownMax);
    }

    /// <summary>Why a text is not JSON, and where.</summary>
    public static string Fault(ReadOnlySpan<byte> utf8, JsonException failure)
    {
        var lineStart = 0;
        for (var line = failure.LineNumber ?? 0; line > 0; line--)
            lineStart += utf8[lineStart..].IndexOf((byte)'\n') + 1;
        var why = failure.Message.Split(" LineNumber:")[0];
        var place = Place(utf8, lineStart + (int)(failure.BytePositionInLine ?? 0));
        return $"it is not JSON at {place}: {ForeignText.Clean(why, 2 * ShownMax)}";
    }

    /// <summary>The place of the first bytes that are not UTF-8.</summary>
    public static string FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done) at += length;
        return Place(bytes, at);
    }

    /// <summary>The place of a byte, for people: lines and columns count from 1.</summary>
    public static string Place(ReadOnlySpan<byte> utf8, int at)
    {
        var before = utf8[..Math.Min(at, utf8.Length)];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return $"line {line}, column {column}";
    }
}
