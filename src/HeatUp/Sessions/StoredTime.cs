using System.Globalization;
using System.Text;

namespace HeatUp.Sessions;

/// <summary>
/// Time as databases hold it: UTC text. Two forms are usual: <c>2024-01-10 12:34:56.000000</c>, which is what is
/// written, and the same without a fraction, which Python writes when there are no microseconds. What others wrote in
/// another form is brought into this one where the row is first seen; what is no time gets a mark before it, so that
/// it comes after every time. Times are kept to the microsecond.
/// </summary>
internal static class StoredTime
{
    /// <summary>The bytes of a time as it is written.</summary>
    public const int Length = 26;

    /// <summary>What <see cref="TryReadUsual"/> reads from a text that looks like a time and is none.</summary>
    public const long Unreadable = -1;

    private const int LengthWithoutFraction = 19;

    /// <summary>The text that comes after every time and before every mark.</summary>
    public const string End = ":";

    // "?" alone stands for no value at all, and "? " for an empty text.
    private static ReadOnlySpan<byte> Mark => "? "u8;

    private static readonly string[] OddFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddK",
    ];

    /// <summary>The time without what is smaller than a microsecond, in UTC.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The time as whole microseconds since 1970.</summary>
    public static long Micros(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time of so many microseconds since 1970.</summary>
    public static DateTimeOffset OfMicros(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    /// <summary>The time as text; always with a fraction.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>The time as Python writes it: without a fraction if that is zero.</summary>
    public static string TextWithoutZeros(DateTimeOffset time) =>
        Kept(time).Ticks % TimeSpan.TicksPerSecond == 0 ? Text(time)[..LengthWithoutFraction] : Text(time);

    /// <summary>Writes the time as text into 26 bytes.</summary>
    public static void Write(DateTimeOffset time, Span<byte> text)
    {
        // By hand: a format costs several times as much, and every remembered action has a time.
        var (date, ticks) = (time.UtcDateTime, time.UtcTicks);
        "0000-00-00 00:00:00.000000"u8.CopyTo(text);
        WriteDigits(text[..4], date.Year);
        WriteDigits(text[5..7], date.Month);
        WriteDigits(text[8..10], date.Day);
        WriteDigits(text[11..13], date.Hour);
        WriteDigits(text[14..16], date.Minute);
        WriteDigits(text[17..19], date.Second);
        WriteDigits(text[20..26], (int)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
    }

    private static void WriteDigits(Span<byte> text, int number)
    {
        for (var i = text.Length - 1; i >= 0; i--, number /= 10) text[i] = (byte)('0' + number % 10);
    }

    /// <summary>
    /// The least text of all usual texts of this time and later ones. It has no trailing zeros, because
    /// <c>12:00:00</c> is less than <c>12:00:00.000000</c> and as early.
    /// </summary>
    public static string Bound(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    /// <summary>
    /// What is to be written in place of what somebody else wrote; null if that has a usual form already.
    /// </summary>
    /// <param name="text">What is there.</param>
    /// <param name="isNull">Whether nothing is there, not even an empty text.</param>
    public static byte[]? Normalized(ReadOnlySpan<byte> text, bool isNull)
    {
        if (TryReadUsual(text, out var ticks) && ticks != Unreadable) return null;
        if (TryReadOdd(text, out var time)) return Encoding.UTF8.GetBytes(Text(time));
        return isNull ? Mark[..1].ToArray() : [.. Mark, .. text];
    }

    /// <summary>
    /// What somebody had written where a mark is now; null if that was nothing, not even an empty text. Any other text
    /// is answered as it is.
    /// </summary>
    public static byte[]? Original(ReadOnlySpan<byte> text) =>
        text.StartsWith(Mark) ? text[Mark.Length..].ToArray()
        : text.SequenceEqual(Mark[..1]) ? null
        : text.ToArray();

    /// <summary>Reads a time in whatever form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        if (!TryReadUsual(text, out var ticks)) return TryReadOdd(text, out time);
        time = ticks == Unreadable ? default : new DateTimeOffset(ticks, TimeSpan.Zero);
        return ticks != Unreadable;
    }

    /// <summary>
    /// Whether a text has one of the usual forms; <paramref name="ticks"/> is then its time or <see
    /// cref="Unreadable"/>.
    /// </summary>
    public static bool TryReadUsual(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = Unreadable;
        if (text.Length is not (Length or LengthWithoutFraction)) return false;
        if (text[4] != '-' | text[7] != '-' | text[10] != ' ' | text[13] != ':' | text[16] != ':') return false;
        // One bad digit anywhere makes this negative.
        var year = Two(text, 0) * 100 + Two(text, 2);
        int month = Two(text, 5), day = Two(text, 8);
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        var micros = 0;
        if (text.Length == Length)
        {
            if (text[19] != '.') return false;
            micros = Two(text, 20) * 10_000 + Two(text, 22) * 100 + Two(text, 24);
            if ((Two(text, 20) | Two(text, 22) | Two(text, 24)) < 0) return false;
        }
        if ((Two(text, 0) | Two(text, 2) | month | day | hour | minute | second) < 0) return false;
        if (IsTime(year, month, day, hour, minute, second))
            ticks = new DateTime(year, month, day, hour, minute, second).Ticks + micros * TimeSpan.TicksPerMicrosecond;
        return true;
    }

    private static bool IsTime(int year, int month, int day, int hour, int minute, int second) =>
        year > 0 && month is > 0 and <= 12 && day > 0 && day <= DateTime.DaysInMonth(year, month)
        && hour < 24 && minute < 60 && second < 60;

    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)text[at] - '0', ones = (uint)text[at + 1] - '0';
        return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
    }

    private static bool TryReadOdd(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        time = default;
        return text.Length is > 0 and < 64 && DateTimeOffset.TryParseExact(
            Encoding.UTF8.GetString(text), OddFormats, CultureInfo.InvariantCulture, utc, out time);
    }
}
