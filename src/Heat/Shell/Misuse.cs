using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using HeatUp.Channels;

namespace Heat.Shell;

/// <summary>What is wrong with a command line, in lines that say what was probably meant.</summary>
internal static partial class Misuse
{
    // How the library's own messages begin.
    private const string Unrecognized = "Unrecognized command or argument";
    private const string NoCommandGiven = "Required command was not provided";

    /// <summary>A line for each thing that is wrong.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var (command, path) = (parsed.CommandResult.Command, NameOf(parsed.CommandResult));
        var unknown = parsed.UnmatchedTokens;
        // What follows a command that there isn't was meant for that.
        if (command.Subcommands.Count > 0 && unknown.FirstOrDefault(token => !IsOption(token)) is { } word
            && unknown[0] == word)
            return [NoCommand(word, command, path)];
        var lines = new List<string>();
        foreach (var (index, token) in unknown.Index())
            if (IsOption(token)) lines.Add(NoOption(token, parsed.CommandResult, path));
            else if (index == 0 || !IsOption(unknown[index - 1])) lines.Add(TooMuch(token, path));
        foreach (var error in parsed.Errors)
            if (error.Message.StartsWith(NoCommandGiven, StringComparison.Ordinal))
                lines.Add($"'{path}' needs a command: {Listed(command)}.");
            else if (!error.Message.StartsWith(Unrecognized, StringComparison.Ordinal))
                lines.Add(Unparsed(error.Message) ?? error.Message);
        return lines;
    }

    /// <summary>What a value must be, in words: the library names types of .NET.</summary>
    private static string? Unparsed(string message)
    {
        if (CannotParse().Match(message) is not { Success: true } match) return null;
        var what = match.Groups["type"].Value switch
        {
            var type when type.Contains("UInt", StringComparison.Ordinal) => "a whole number, 0 or more",
            var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
            var type when type.Contains("Double", StringComparison.Ordinal) => "a number",
            var type when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
            _ => "something else",
        };
        return $"{match.Groups["name"].Value} is {what}; this one is '{match.Groups["value"].Value}'.";
    }

    /// <summary>
    /// What looks like an option and was taken for an argument, unless two hyphens before it say that it is one; a line
    /// each.
    /// </summary>
    public static IReadOnlyList<string> Mistaken(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Where(token => token.Value.StartsWith("--", StringComparison.Ordinal))
                .Select(token => NoOption(token.Value, parsed.CommandResult, NameOf(parsed.CommandResult)))];

    /// <summary>That a command has no such command, and which was meant.</summary>
    public static string NoCommand(string word, Command command, string path)
    {
        var names = command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name).ToList();
        var shown = ForeignText.Clean(word, 64);
        if (Nearest.To(word, names) is { } near) return $"'{shown}' is no command of '{path}'; did you mean '{near}'?";
        return command.Subcommands.FirstOrDefault(one => one.Subcommands.Any(below => below.Name == word)) is { } above
            ? $"'{shown}' is no command of '{path}'; did you mean '{above.Name} {word}'?"
            : $"'{shown}' is no command of '{path}'. It has {Listed(command)}.";
    }

    /// <summary>A command with those above it, as people type it.</summary>
    public static string NameOf(CommandResult result) => result.Parent is CommandResult above
        ? $"{NameOf(above)} {result.Command.Name}"
        : result.Command.Name;

    private static string NoOption(string token, CommandResult result, string path)
    {
        var name = token.Split('=', ':')[0];
        var known = result.Command.Options.Concat(Recursive(result.Parent as CommandResult))
            .Where(option => !option.Hidden).Select(option => option.Name).Where(IsOption).ToList();
        return Nearest.To(name, known) is { } near
            ? $"'{ForeignText.Clean(name, 64)}' is no option of '{path}'; did you mean '{near}'?"
            : $"'{ForeignText.Clean(name, 64)}' is no option of '{path}'.";
    }

    private static IEnumerable<Option> Recursive(CommandResult? result) => result is null
        ? []
        : result.Command.Options.Where(option => option.Recursive).Concat(Recursive(result.Parent as CommandResult));

    private static string TooMuch(string token, string path) =>
        $"'{ForeignText.Clean(token, 64)}' is more than '{path}' takes.";

    private static string Listed(Command command) =>
        string.Join(", ", command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name));

    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for \\w+ '(?<name>.*)' as expected type '(?<type>.*)'")]
    private static partial Regex CannotParse();
}
