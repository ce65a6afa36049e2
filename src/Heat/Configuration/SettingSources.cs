using System.Collections;
using HeatUp.Channels;

namespace Heat.Configuration;

/// <summary>The kinds of places where a setting can be said. An earlier one wins over the later ones.</summary>
internal enum SettingOrigin
{
    /// <summary>An option of the command line.</summary>
    Option,

    /// <summary>The environment of the process.</summary>
    Environment,

    /// <summary>The file <c>.env</c> of the folder in which the program was started.</summary>
    Folder,

    /// <summary>The user's own file, the same for all folders.</summary>
    User,

    /// <summary>Nobody has said it.</summary>
    Default,
}

/// <summary>Where a setting's value comes from.</summary>
/// <param name="Origin">The kind of place.</param>
/// <param name="Place">The option's name or the file's path; null for the environment and for a default.</param>
internal sealed record SettingSource(SettingOrigin Origin, string? Place = null)
{
    public static SettingSource Environment { get; } = new(SettingOrigin.Environment);
    public static SettingSource Default { get; } = new(SettingOrigin.Default);

    /// <summary>How people call it.</summary>
    public string Name => Origin switch
    {
        SettingOrigin.Option => $"the option {Place}",
        SettingOrigin.Environment => "the environment",
        SettingOrigin.Default => "nobody",
        _ => Place!,
    };

    /// <summary>The path of the file that said it; null if no file did.</summary>
    public string? File => Origin is SettingOrigin.Folder or SettingOrigin.User ? Place : null;
}

/// <summary>What a source says of a setting. It may be a secret.</summary>
internal sealed record SettingText(string Text, SettingSource Source);

/// <summary>A setting as people may see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shown">Its value on one line, a secret masked; empty if it is not set and has no default.</param>
/// <param name="Source">Where the value comes from.</param>
internal sealed record SettingValue(string Name, string Shown, SettingSource Source);

/// <summary>An option of the command line that says a setting.</summary>
/// <param name="Option">The option's name, such as <c>--pace</c>.</param>
/// <param name="Setting">The setting's name, such as <c>PACE</c>.</param>
/// <param name="Text">What was given; null if the option was not.</param>
internal sealed record GivenOption(string Option, string Setting, string? Text);

/// <summary>All that says settings.</summary>
/// <param name="Options">The options of the command line.</param>
/// <param name="Environment">The environment; an empty value there and in files is a setting that is not set.</param>
/// <param name="FolderFile">The file <c>.env</c> of the folder; it need not be there.</param>
/// <param name="UserFile">The user's own file; it need not be there. Null if this user has no place for one.</param>
internal sealed record SettingSources(
    IReadOnlyList<GivenOption> Options,
    IEnumerable<KeyValuePair<string, string>> Environment,
    string FolderFile,
    string? UserFile)
{
    /// <summary>How the names begin that frameworks read.</summary>
    private static readonly string[] OfOthers = ["OTEL_", "ASPNETCORE_", "DOTNET_", "LC_"];

    /// <summary>The sources of this process.</summary>
    public static SettingSources OfProcess(IReadOnlyList<GivenOption> options) => new(
        options,
        from DictionaryEntry variable in System.Environment.GetEnvironmentVariables()
        select KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""),
        Path.Combine(Directory.GetCurrentDirectory(), ".env"),
        UserPlaces.SettingsFile());

    /// <summary>
    /// What is set and is no setting, but looks as if one was meant: a line each. In the user's own file everything
    /// is meant for us.
    /// </summary>
    /// <param name="names">The settings that there are.</param>
    public IEnumerable<string> Misspelt(IReadOnlyCollection<string> names)
    {
        foreach (var (name, _) in Environment)
            if (MeantBy(name, names) is { } meant)
                yield return $"{Shown(name)} is no setting; did you mean {meant}?";
        foreach (var path in new[] { FolderFile, UserFile }.OfType<string>())
        {
            foreach (var (name, _) in DotEnvFile.Read(path, []))
            {
                var meant = MeantBy(name, names);
                if (meant is null && (path != UserFile || IsKnown(name, names))) continue;
                var ending = meant is null ? "." : $"; did you mean {meant}?";
                yield return $"{Shown(name)} is no setting{ending} See {path}.";
            }
        }

        static string Shown(string name) => ForeignText.Clean(name, 64);
    }

    private static string? MeantBy(string name, IReadOnlyCollection<string> names) =>
        IsKnown(name, names) ? null : Nearest.To(name, names);

    private static bool IsKnown(string name, IReadOnlyCollection<string> names) =>
        names.Contains(name) || OfOthers.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>What each setting's first source says of it.</summary>
    /// <param name="problems">Hears of each file and line that can't be read.</param>
    public IReadOnlyDictionary<string, SettingText> Read(ICollection<string> problems)
    {
        var texts = new Dictionary<string, SettingText>();
        // The later source is read first, so that the earlier one writes over it.
        if (UserFile is not null) AddFile(UserFile, SettingOrigin.User);
        AddFile(FolderFile, SettingOrigin.Folder);
        Add(Environment, SettingSource.Environment);
        // An empty option is a wrong value: whoever types it wants something.
        foreach (var (option, setting, text) in Options)
            if (text is not null)
                texts[setting] = new(text, new(SettingOrigin.Option, option));
        return texts;

        void AddFile(string path, SettingOrigin origin) => Add(DotEnvFile.Read(path, problems), new(origin, path));

        void Add(IEnumerable<KeyValuePair<string, string>> values, SettingSource source)
        {
            foreach (var (name, value) in values)
                if (!string.IsNullOrWhiteSpace(value))
                    texts[name] = new(value, source);
        }
    }
}
