using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>
/// Writes JSON as Python's <c>json.dumps</c> does, byte for byte, because databases are shared with the Python service:
/// ASCII only, <c>\uXXXX</c> in lower case for the rest, <c>", "</c> and <c>": "</c> between.
/// </summary>
internal static class PythonJson
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\')).ToArray());

    /// <summary>An action: <c>action, channel_username, duration_seconds, reason</c>.</summary>
    public static byte[] Of(PlannedAction action)
    {
        var json = new ArrayBufferWriter<byte>(256);
        Write(json, action);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>A list of actions.</summary>
    public static byte[] Of(IReadOnlyList<PlannedAction> actions)
    {
        var json = new ArrayBufferWriter<byte>(1_024);
        Write(json, actions);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Writes a list of actions, and adds where each stands.</summary>
    public static void Write(
        ArrayBufferWriter<byte> json, IReadOnlyList<PlannedAction> actions, List<Range>? places = null)
    {
        json.Write("["u8);
        for (var i = 0; i < actions.Count; i++)
        {
            if (i > 0) json.Write(", "u8);
            var start = json.WrittenCount;
            Write(json, actions[i]);
            places?.Add(start..json.WrittenCount);
        }
        json.Write("]"u8);
    }

    /// <summary>Any JSON; numbers keep their digits, strings with half a character keep U+FFFD instead.</summary>
    public static byte[] Of(JsonElement element)
    {
        var json = new ArrayBufferWriter<byte>(256);
        Write(json, element);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Writes a string with its quotes.</summary>
    public static void WriteString(IBufferWriter<byte> json, ReadOnlySpan<char> text)
    {
        json.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain < 0) plain = text.Length;
            Encoding.ASCII.GetBytes(text[..plain], json);
            if (plain == text.Length) break;
            WriteEscaped(json, text[plain]);
            text = text[(plain + 1)..];
        }
        json.Write("\""u8);
    }

    /// <summary>Writes an action.</summary>
    public static void Write(ArrayBufferWriter<byte> json, PlannedAction action)
    {
        json.Write("{\"action\": "u8);
        WriteString(json, action.Kind);
        if (ActionJson.ChannelOf(action) is { } channel)
        {
            json.Write(", \"channel_username\": "u8);
            WriteString(json, channel.Value);
        }
        if (ActionJson.DurationOf(action) is { } duration)
        {
            json.Write(", \"duration_seconds\": "u8);
            WriteNumber(json, (int)duration.TotalSeconds);
        }
        json.Write(", \"reason\": "u8);
        WriteString(json, action.Reason);
        json.Write("}"u8);
    }

    private static void Write(ArrayBufferWriter<byte> json, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object) WriteObject(json, element);
        else if (element.ValueKind == JsonValueKind.Array) WriteArray(json, element);
        else if (element.ValueKind == JsonValueKind.String) WriteString(json, TextOf(element));
        else Encoding.UTF8.GetBytes(element.GetRawText(), json);
    }

    private static void WriteObject(ArrayBufferWriter<byte> json, JsonElement element)
    {
        var separator = "{"u8;
        foreach (var property in element.EnumerateObject())
        {
            json.Write(separator);
            separator = ", "u8;
            WriteString(json, property.Name);
            json.Write(": "u8);
            Write(json, property.Value);
        }
        json.Write(separator[0] == '{' ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(ArrayBufferWriter<byte> json, JsonElement element)
    {
        var separator = "["u8;
        foreach (var item in element.EnumerateArray())
        {
            json.Write(separator);
            separator = ", "u8;
            Write(json, item);
        }
        json.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
    }

    private static string TextOf(JsonElement element)
    {
        try { return element.GetString()!; }
        catch (InvalidOperationException) { return "\uFFFD"; }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> json, int number)
    {
        number.TryFormat(json.GetSpan(11), out var written, default, CultureInfo.InvariantCulture);
        json.Advance(written);
    }

    private static void WriteEscaped(IBufferWriter<byte> json, char unit)
    {
        switch (unit)
        {
            case '"': json.Write("\\\""u8); break;
            case '\\': json.Write("\\\\"u8); break;
            case '\n': json.Write("\\n"u8); break;
            case '\r': json.Write("\\r"u8); break;
            case '\t': json.Write("\\t"u8); break;
            case '\f': json.Write("\\f"u8); break;
            case '\b': json.Write("\\b"u8); break;
            default: WriteUnit(json, unit); break;
        }
    }

    private static void WriteUnit(IBufferWriter<byte> json, char unit)
    {
        json.Write("\\u"u8);
        Utf8Formatter.TryFormat((ushort)unit, json.GetSpan(4), out var written, new StandardFormat('x', 4));
        json.Advance(written);
    }
}
