using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HeatUp.Sessions;

/// <summary>
/// Stored JSON, as Python spells it, on its way into an answer: compact, and in UTF-8 instead of <c>\uXXXX</c>. A flat
/// object of strings and whole numbers, as nearly all are, goes through in one pass; everything else is read in full.
/// </summary>
internal ref struct StoredJson
{
    private readonly ReadOnlySpan<byte> json;
    private readonly Span<byte> answer;
    private int at;
    private int copied;
    private int written;

    private StoredJson(ReadOnlySpan<byte> json, Span<byte> answer)
    {
        this.json = json;
        this.answer = answer;
    }

    /// <summary>
    /// Writes the value: JSON as JSON, anything else as a JSON string. <paramref name="channel"/> is where in the
    /// buffer the value of the outermost <c>channel_username</c> stands if it is a string; else empty.
    /// </summary>
    public static void Write(ReadOnlySpan<byte> json, AnswerBuffer buffer, out Range channel)
    {
        // The answer is never longer: it loses spaces, and an escape is longer than what it stands for.
        var start = buffer.Length;
        var pass = new StoredJson(json, buffer.Room(json.Length));
        channel = default;
        if (!Utf8.IsValid(json))
        {
            buffer.WriteString(json);
        }
        else if (pass.TryFlat(ref channel) || pass.TryAny(ref channel))
        {
            buffer.Advance(pass.written);
            if (!channel.Equals(default)) channel = new Range(channel.Start.Value + start, channel.End.Value + start);
        }
        else
        {
            channel = default;
            buffer.WriteString(json);
        }
    }

    private bool TryFlat(ref Range channel)
    {
        if (!Take('{')) return false;
        do
        {
            SkipSpaces();
            if (!TakeKey(out var isChannel)) return false;
            SkipSpaces();
            if (!Take(':')) return false;
            SkipSpaces();
            var value = Position;
            if (TakeString()) channel = isChannel ? new Range(value + 1, Position - 1) : channel;
            else if (isChannel || !TakeInteger()) return false;
            SkipSpaces();
        }
        while (Take(','));
        if (!Take('}')) return false;
        SkipSpaces();
        Copy();
        return at == json.Length;
    }

    private bool TakeKey(out bool isChannel)
    {
        var start = at;
        isChannel = false;
        if (!TakeString()) return false;
        // An escaped spelling is another; whoever reads it in full finds the name.
        if (copied > start) return false;
        isChannel = json[start..at].SequenceEqual("\"channel_username\""u8);
        return true;
    }

    private bool TryAny(ref Range channel)
    {
        (at, copied, written, channel) = (0, 0, 0, default);
        try
        {
            var reader = new Utf8JsonReader(json, ActionData.Strict);
            var isChannel = false;
            while (reader.Read())
            {
                Separate(reader.TokenType);
                var start = written;
                Copy(ref reader);
                var isText = reader.TokenType == JsonTokenType.String;
                if (isChannel) channel = isText ? new Range(start + 1, written - 1) : default;
                isChannel = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && answer[start..written].SequenceEqual("\"channel_username\":"u8);
            }
            return written > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Separate(JsonTokenType next)
    {
        if (written == 0 || next is JsonTokenType.EndObject or JsonTokenType.EndArray) return;
        if (answer[written - 1] is not ((byte)'{' or (byte)'[' or (byte)':')) Put((byte)',');
    }

    private void Copy(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: Put((byte)'{'); break;
            case JsonTokenType.EndObject: Put((byte)'}'); break;
            case JsonTokenType.StartArray: Put((byte)'['); break;
            case JsonTokenType.EndArray: Put((byte)']'); break;
            case JsonTokenType.PropertyName:
                CopyString(ref reader);
                Put((byte)':');
                break;
            case JsonTokenType.String: CopyString(ref reader); break;
            default: Put(reader.ValueSpan); break;
        }
    }

    private void CopyString(ref Utf8JsonReader reader)
    {
        at = copied = (int)reader.TokenStartIndex;
        TakeString();
        Copy();
    }

    /// <summary>Where in the answer the next byte comes to stand.</summary>
    private readonly int Position => written + at - copied;

    /// <summary>Copies what was taken since the last time: in as few pieces as the spelling allows.</summary>
    private void Copy()
    {
        Put(json[copied..at]);
        copied = at;
    }

    private bool Take(char expected)
    {
        if (at >= json.Length || json[at] != expected) return false;
        at++;
        return true;
    }

    private void SkipSpaces()
    {
        if (!IsAtSpace) return;
        Copy();
        while (IsAtSpace) at++;
        copied = at;
    }

    private readonly bool IsAtSpace =>
        at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private bool TakeInteger()
    {
        if (at < json.Length && json[at] == '-') at++;
        var digits = at;
        while (at < json.Length && json[at] is >= (byte)'0' and <= (byte)'9') at++;
        return at > digits && (json[digits] != '0' || at == digits + 1);
    }

    private bool TakeString()
    {
        if (!Take('"')) return false;
        while (true)
        {
            var length = json[at..].IndexOfAny(AnswerBuffer.Special);
            if (length < 0) return false;
            at += length;
            if (json[at] == '"') return Take('"');
            if (json[at] != '\\' || !TakeEscape()) return false;
        }
    }

    private bool TakeEscape()
    {
        if (at + 1 >= json.Length) return false;
        var kind = json[at + 1];
        if (kind == 'u') return TakeUnit();
        if (!"\"\\/bfnrt"u8.Contains(kind)) return false;
        if (kind == '/') Skip(1);
        else at++;
        at++;
        return true;
    }

    private bool TakeUnit()
    {
        if (!TryHex(at, out var unit)) return false;
        var (rune, length) = (Rune.ReplacementChar, 6);
        if (char.IsHighSurrogate(unit) && TryHex(at + 6, out var low) && Rune.TryCreate(unit, low, out var pair))
            (rune, length) = (pair, 12);
        else if (Rune.TryCreate(unit, out var single))
            rune = single;
        // What JSON demands to be escaped stays as it is spelled.
        if (rune.Value < 0x20 || rune.Value is '"' or '\\')
        {
            at += length;
            return true;
        }
        Skip(length);
        written += rune.EncodeToUtf8(answer[written..]);
        return true;
    }

    /// <summary>Leaves out what comes next.</summary>
    private void Skip(int length)
    {
        Copy();
        at = copied = at + length;
    }

    private readonly bool TryHex(int escape, out char unit)
    {
        unit = default;
        if (escape + 6 > json.Length || json[escape] != '\\' || json[escape + 1] != 'u') return false;
        var value = 0;
        foreach (var digit in json.Slice(escape + 2, 4)) value = value << 4 | HexOf(digit);
        unit = (char)value;
        return value >= 0;
    }

    // Anything but a digit makes the number negative, and it stays so.
    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => int.MinValue >> 12,
    };

    private void Put(byte character) => answer[written++] = character;

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(answer[written..]);
        written += text.Length;
    }
}
