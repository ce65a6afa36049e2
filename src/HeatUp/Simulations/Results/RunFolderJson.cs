using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HeatUp.Simulations;

/// <summary>
/// The texts of a run folder: <c>manifest.json</c> and <c>summary.json</c> as UTF-8 with names in snake_case, indented
/// with line feeds. What is written depends on the value alone, byte for byte, and reads as the same value. Fields that
/// this version doesn't know are skipped; one that is missing is an error.
/// </summary>
public static class RunFolderJson
{
    private const int HoursOfDay = 24;

    /// <summary>The bytes of <c>manifest.json</c>, a line feed at their end.</summary>
    public static byte[] Write(Manifest manifest) => Write(manifest, RunFolderJsonContext.Readable.Manifest);

    /// <summary>The bytes of <c>summary.json</c>, a line feed at their end.</summary>
    public static byte[] Write(Summary summary) => Write(summary, RunFolderJsonContext.Readable.Summary);

    /// <summary>A comparison as JSON for programs, a line feed at its end.</summary>
    public static byte[] Write(RunComparison comparison) =>
        Write(comparison, RunFolderJsonContext.Readable.RunComparison);

    /// <summary>Reads <c>manifest.json</c>.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="file">Its name, for the message.</param>
    /// <exception cref="RunFolderException">It is none, or one of a newer version of the program.</exception>
    public static Manifest ReadManifest(ReadOnlySpan<byte> utf8, string file)
    {
        var format = Read(utf8, RunFolderJsonContext.Readable.FormatMark, file).Format;
        if (format > Manifest.FormatNow)
            throw new RunFolderException($"{file} was made by a newer version of Heat Up (format {format}); "
                + $"this one reads format {Manifest.FormatNow}.");
        if (format < 1) throw new RunFolderException($"{file}: format {format} does not exist; the first one is 1.");
        return Read(utf8, RunFolderJsonContext.Readable.Manifest, file);
    }

    /// <summary>Reads <c>summary.json</c>.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="file">Its name, for the message.</param>
    /// <exception cref="RunFolderException">It is none.</exception>
    public static Summary ReadSummary(ReadOnlySpan<byte> utf8, string file)
    {
        var summary = Read(utf8, RunFolderJsonContext.Readable.Summary, file);
        if (FaultOf(summary) is { } fault) throw new RunFolderException($"{file}: {fault}");
        return summary;
    }

    private static byte[] Write<T>(T value, JsonTypeInfo<T> json) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(value, json), (byte)'\n'];

    private static T Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> json, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, json)
                ?? throw new RunFolderException($"{file} holds nothing but null.");
        }
        catch (JsonException problem)
        {
            throw new RunFolderException($"{file} can't be read: {problem.Message}", problem);
        }
    }

    /// <summary>What JSON can't say of a summary: its lists belong together.</summary>
    private static string? FaultOf(Summary summary)
    {
        if (summary.HoursUtc.Length != HoursOfDay || summary.HoursLocal.Length != HoursOfDay)
            return $"hours_utc and hours_local must have {HoursOfDay} numbers each.";
        var days = summary.Days.Length;
        return summary.Channels.FirstOrDefault(channel => channel.JoinsByDay.Length != days) is { } odd
            ? $"joins_by_day of {odd.Channel} has {odd.JoinsByDay.Length} numbers; there are {days} days."
            : null;
    }
}
