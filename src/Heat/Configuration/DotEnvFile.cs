using System.Text;
using dotenv.net;

namespace Heat.Configuration;

/// <summary>
/// A file of settings, such as <c>.env</c>: a <c>NAME=value</c> on each line, comments behind <c>#</c>, <c>export</c>
/// tolerated.
/// </summary>
internal static class DotEnvFile
{
    /// <summary>Reads a file; without one there are no values.</summary>
    /// <param name="path">Where it may be.</param>
    /// <param name="problems">Hears of each line that is broken, by its number: the line may hold a secret.</param>
    public static Dictionary<string, string> Read(string path, ICollection<string> problems)
    {
        var values = new Dictionary<string, string>();
        var number = 0;
        foreach (var line in LinesOf(path, problems))
        {
            number++;
            if (line.AsSpan().Trim() is [] or ['#', ..]) continue;
            if (Parse(line) is var (name, value)) values[name] = value;
            else problems.Add($"{path}, line {number}: it must be NAME=value, a comment (#) or empty.");
        }
        return values;
    }

    /// <summary>The lines of a file. One in a folder that this user may not look into counts as absent.</summary>
    private static string[] LinesOf(string path, ICollection<string> problems)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true)) : [];
        }
        catch (DecoderFallbackException)
        {
            problems.Add($"{path}: it can't be read as UTF-8 text. Save it as UTF-8.");
            return [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: it can't be read. {FileTrouble.Of(failure)}");
            return [];
        }
    }

    /// <summary>
    /// A line's name and value. Line by line, because for a whole file the package doesn't say where it is broken.
    /// </summary>
    private static (string Name, string Value)? Parse(string line)
    {
        var options = new DotEnvOptions(
            ignoreExceptions: false, trimValues: true, supportExportSyntax: true, supportVariableExpansion: false,
            envStreams: [new MemoryStream(Encoding.UTF8.GetBytes(line))]);
        try
        {
            foreach (var (name, value) in DotEnv.Read(options))
                if (!name.Any(char.IsWhiteSpace))
                    return (name, value);
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return null; // such as a quote without its end
        }
    }
}
