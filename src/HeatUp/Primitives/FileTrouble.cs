using System.Text.RegularExpressions;

namespace HeatUp.Primitives;

/// <summary>
/// What the system says of a file that it doesn't open or write, as a sentence of ours that says what to do. The
/// runtime says it in English whatever the locale, so that its sentences can be told apart.
/// </summary>
public static partial class FileTrouble
{
    /// <summary>
    /// The sentence. What isn't the runtime's own, and what is too rare for a sentence, stays as it is.
    /// </summary>
    public static string Of(Exception failure)
    {
        var said = failure.Message.ReplaceLineEndings(" ");
        // A refusal of the system carries its own reason within.
        if (AccessDenied().Match(said) is { Success: true } denied && failure.InnerException is { } inner
            && Reason().Match(inner.Message.Trim()) is { Success: true } reason)
            return Sentence(reason.Groups["what"].Value, denied.Groups["path"].Value) ?? said;
        foreach (var known in (ReadOnlySpan<Regex>)[NoFile(), NoFolder(), AccessDenied(), InUse(), Exists(), TooLong()])
            if (known.Match(said) is { Success: true } match)
                return Sentence(match.Groups["what"].Value, match.Groups["path"].Value) ?? said;
        return Reason().Match(said) is { Success: true } of
            ? Sentence(of.Groups["what"].Value, of.Groups["path"].Value) ?? said
            : said;
    }

    private static string? Sentence(string what, string path) => what switch
    {
        "Could not find file" or "No such file or directory" =>
            $"There is no file {Named(path)}. Look at its name and at the folder that you are in.",
        "Could not find a part of the path" or "Not a directory" =>
            $"The folder of {Named(path)} does not exist. Make it, or name another place.",
        "Access to the path" or "Permission denied" or "Operation not permitted" or "Is a directory" =>
            Directory.Exists(path)
                ? $"{path} is a folder. Name a file in it, or look at the rights to it."
                : $"This user may not open or change {Named(path)}. Change its rights, or name another place.",
        "No space left on device" or "Disk quota exceeded" => Full(path),
        // Beyond the bound that a shell sets with ulimit -f.
        "File too large" => $"{Named(path)} would be larger than this user may make a file (ulimit -f).",
        "Read-only file system" => $"{Named(path)} lies on a file system that can only be read. Name another place.",
        "The process cannot access the file" or "Text file busy" or "Device or resource busy" =>
            $"Another program uses {Named(path)}. End that, or wait.",
        "The file" or "File exists" => $"{Named(path)} is there already. Name another, or move it away.",
        "Too many open files" or "Too many open files in system" =>
            "This process may have no more files open. Raise the limit: ulimit -n 4096",
        "File name too long" or "The path" or "The specified file name or path" =>
            $"{Named(path)} is too long for a name. Choose a shorter one.",
        "Input/output error" => $"The disk fails at {Named(path)}. See whether it is sound and present.",
        "Broken pipe" => "Who was to read it has stopped.",
        "Bad file descriptor" => "It is closed.",
        _ => null,
    };

    private static string Full(string path) => path.Length == 0
        ? "The disk is full. Free some space."
        : $"The disk of {path} is full. Free some space.";

    private static string Named(string path) => path.Length == 0 ? "it" : path;

    [GeneratedRegex("^(?<what>Could not find file) '(?<path>.*)'\\.$")]
    private static partial Regex NoFile();

    [GeneratedRegex("^(?<what>Could not find a part of the path) '(?<path>.*)'\\.$")]
    private static partial Regex NoFolder();

    [GeneratedRegex("^(?<what>Access to the path)( '(?<path>.*)')? is denied\\.$")]
    private static partial Regex AccessDenied();

    [GeneratedRegex("^(?<what>The process cannot access the file)( '(?<path>.*)')? because .*$")]
    private static partial Regex InUse();

    [GeneratedRegex("^(?<what>The file) '(?<path>.*)' already exists\\.$")]
    private static partial Regex Exists();

    [GeneratedRegex(
        "^(?<what>The path|The specified file name or path)( '(?<path>.*)')? is too long, or a component .*$")]
    private static partial Regex TooLong();

    /// <summary>The system's own words, with the file's path after a colon.</summary>
    [GeneratedRegex("^(?<what>[A-Z][^:']*[a-z])\\.?( : '(?<path>.*)')?$")]
    private static partial Regex Reason();
}
