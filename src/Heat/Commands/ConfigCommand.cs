using System.CommandLine;
using Heat.Api;
using Heat.Configuration;
using Heat.Shell;

namespace Heat.Commands;

/// <summary><c>heat config</c>: which settings hold, and who says so.</summary>
internal static class ConfigCommand
{
    /// <summary>What isn't ours but decides how a language model or TGStat is reached.</summary>
    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];

    public static Command Build(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Show also what nobody has set, with its default" };
        var json = Options.Json();
        var command = new Command("config",
            "Shows what is set, and where: an option, the environment, the folder's .env or your own config.env. "
            + "Secrets are masked. A value that is refused is an error that says why.")
        { all, json }.WithExamples(
            "heat config",
            "heat config --all --json");
        command.SetAction(parsed =>
        {
            var sources = SettingSources.OfProcess([]);
            var reading = SettingsReading.Of(sources);
            if (parsed.GetValue(json))
                terminal.WriteJson(AnswerOf(reading, sources, parsed.GetValue(all)), ApiJson.Readable.ConfigAnswer);
            else Show(reading, sources, parsed.GetValue(all), terminal);
            foreach (var problem in reading.Problems) terminal.Complain(problem.Line);
            return reading.Problems.Count == 0 ? ExitCode.Done : ExitCode.WrongUse;
        });
        return command;
    }

    private static ConfigAnswer AnswerOf(SettingsReading reading, SettingSources sources, bool all) => new(
        [.. Shown(reading, all).Select(value => new SettingAnswer(
            value.Name, value.Shown.Length > 0 ? value.Shown : null, value.Source.Origin.Word(), value.Source.File,
            reading.Problems.FirstOrDefault(problem => problem.Name == value.Name)?.Line))],
        [.. reading.Problems.Select(problem => problem.Line)],
        [.. Settings.Misspelt()],
        [.. Files(sources).Select(path => new SettingsFileAnswer(path, File.Exists(path)))]);

    private static void Show(SettingsReading reading, SettingSources sources, bool all, Terminal terminal)
    {
        var values = Shown(reading, all).ToList();
        var rows = new RowsView(new("setting"), new("value", Wraps: true), new("said by", Wraps: true));
        foreach (var value in values) rows.Add(value.Name, value.Shown, Place(value, reading));
        if (values.Count > 0) rows.Write(terminal);
        else terminal.WriteLine("Nothing is set: all settings have their defaults.");
        if (!all)
            terminal.Remark($"{Counted.Of(reading.Values.Count(IsDefault), "more setting")} with their defaults: "
                + "heat config --all");
        foreach (var path in Files(sources))
            terminal.Remark(File.Exists(path) ? $"{path} is read." : $"{path} would be read; it is not there.");
    }

    private static Cell Place(SettingValue value, SettingsReading reading)
    {
        var source = value.Source.Origin == SettingOrigin.Default ? "default" : value.Source.Name;
        return reading.Problems.Any(problem => problem.Name == value.Name)
            ? new Cell($"{Spectre.Console.Markup.Escape(source)} [red](refused)[/]", $"{source} (refused)")
            : source;
    }

    private static IEnumerable<SettingValue> Shown(SettingsReading reading, bool all) =>
        reading.Values.Where(value =>
                all || !IsDefault(value) || reading.Problems.Any(problem => problem.Name == value.Name))
            .Concat(OfProxies());

    /// <summary>The proxies of the environment; a program reads their names in either case.</summary>
    private static IEnumerable<SettingValue> OfProxies() =>
        from proxy in Proxies
        from name in new[] { proxy, proxy.ToLowerInvariant() }
        let text = Environment.GetEnvironmentVariable(name)
        where !string.IsNullOrEmpty(text)
        select new SettingValue(name, WithoutUser(text), SettingSource.Environment);

    // Proxies are written without a scheme, too.
    private static string WithoutUser(string proxy) => proxy.Contains("://", StringComparison.Ordinal)
        ? Secret.HideIn(proxy)
        : proxy.LastIndexOf('@') is >= 0 and var at ? $"{Secret.Mask}{proxy[at..]}" : proxy;

    private static bool IsDefault(SettingValue value) => value.Source.Origin == SettingOrigin.Default;

    private static IEnumerable<string> Files(SettingSources sources) =>
        new[] { sources.FolderFile, sources.UserFile }.OfType<string>();
}
