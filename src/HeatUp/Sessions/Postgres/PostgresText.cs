using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// Text that PostgreSQL can't hold: a NUL, in texts of our own that name what somebody else said. It is written with an
/// escape and comes back as it was. Half a character becomes U+FFFD, as in every other store.
/// </summary>
internal static class PostgresText
{
    private const char Mark = '\u001A';

    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny('\0', Mark) >= 0)
            text = text.Replace($"{Mark}", $"{Mark}1").Replace("\0", $"{Mark}0");
        return text.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    public static string? Unescape(string? text) =>
        text is null || !text.Contains(Mark) ? text : text.Replace($"{Mark}0", "\0").Replace($"{Mark}1", $"{Mark}");

    /// <summary>Whether a column of text can hold these bytes as they are.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) && !bytes.Contains((byte)0);

    /// <summary>Whether a column of JSON can.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        if (!IsText(bytes)) return false;
        try
        {
            var reader = new Utf8JsonReader(bytes, ActionData.Strict);
            while (reader.Read()) { }
            return !bytes.IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What a column of text holds in place of bytes that it can't.</summary>
    public static string Nearest(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
}
