using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Heat.Api;
using Heat.Configuration;
using HeatUp;

namespace Heat.Shell;

/// <summary>The options and arguments that several commands share.</summary>
internal static class Options
{
    public static Argument<SessionId> Session() => new("session")
    {
        Description = "The session: 1 to 128 letters and digits of any script and _ . : @ + -",
        CustomParser = result =>
        {
            if (SessionId.TryParse(result.Tokens[0].Value, out var session, out var problem)) return session;
            result.AddError(problem);
            return default;
        },
    };

    /// <summary>The same to ask for or to forget: another program may have given it a name that we would not.</summary>
    public static Argument<SessionId> AnySession() => new("session")
    {
        Description = "The session; also one of another program, with whatever name 'heat sessions' lists",
        CustomParser = result => SessionId.TryParse(result.Tokens[0].Value, out var session, out _)
            ? session
            : SessionId.Foreign(result.Tokens[0].Value),
    };

    /// <summary>What is wrong with a name of which nothing is remembered; null if it could be a session's.</summary>
    public static string? ProblemOf(SessionId unknown) =>
        SessionId.TryParse(unknown.Value, out _, out var problem) ? null : problem;

    public static Option<bool> Json() => new("--json") { Description = "Answer in JSON, for programs" };

    public static Option<int?> DaysBack() => new("--days")
    {
        Description = $"How many days back, {Days.Min} to {Days.Max} (default: {Days.Default}; of a simulation's "
            + "history all)",
        CustomParser = result => Days.TryParse(result.Tokens[0].Value, out var days)
            ? days
            : Wrong<int?>(result, $"--days is a whole number from {Days.Min} to {Days.Max}"),
    };

    public static Option<string?> Pace() => new("--pace")
    {
        Description = $"Multiplies every wait: 1 is as planned, 0 is no waiting (default: {SettingsRules.PaceName})",
    };

    public static Option<string?> Urls() => new("--urls")
    {
        Description = $"Where to listen, such as http://127.0.0.1:9000 (default: {SettingsRules.UrlsName})",
    };

    /// <summary>An option that says a setting: the setting's rules read it.</summary>
    public static GivenOption Given(this ParseResult parsed, Option<string?> option, string setting) =>
        new(option.Name, setting, parsed.GetValue(option));

    public static Option<int> Count(string name, string description, int byDefault, int max) => new(name)
    {
        Description = $"{description}, 1 to {max}",
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
            int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count >= 1 && count <= max
                ? count
                : Wrong<int>(result, $"{name} is a whole number from 1 to {max}"),
    };

    /// <summary>Says what is allowed instead of what was given.</summary>
    public static T? Wrong<T>(ArgumentResult result, string allowed)
    {
        result.AddError($"{allowed}; this one is '{result.Tokens[0].Value}'.");
        return default;
    }
}
