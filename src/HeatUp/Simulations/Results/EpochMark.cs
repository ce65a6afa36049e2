using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HeatUp.Simulations;

/// <summary>What a run was at the end of an epoch or a day: two runs with one mark did the same until then.</summary>
/// <param name="Until">The virtual time.</param>
/// <param name="Transcript">SHA-256 of all that happened before it, in lower-case hexadecimal.</param>
public sealed record EpochMark(DateTimeOffset Until, string Transcript)
{
    private const string Head = "until,transcript";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    internal static string Write(ImmutableArray<EpochMark> marks)
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var mark in marks)
            text.Append(mark.Until.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture))
                .Append(',').Append(mark.Transcript).Append('\n');
        return text.ToString();
    }

    /// <exception cref="RunFolderException">It is no such text.</exception>
    internal static ImmutableArray<EpochMark> Read(string text, string file)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines is [Head, .. var marks]
            ? [.. marks.Select(line => Parse(line) ?? throw Damaged(file))]
            : throw Damaged(file);
    }

    private static EpochMark? Parse(string line)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return line.Split(',') is [var until, var transcript]
            && DateTimeOffset.TryParseExact(until, TimeFormat, CultureInfo.InvariantCulture, utc, out var time)
            ? new EpochMark(time, transcript)
            : null;
    }

    private static RunFolderException Damaged(string file) =>
        new($"{file} is damaged: it must have lines of a time and a hash. Run the scenario anew, in another folder.");
}
