using Heat.Configuration;

namespace Heat.Commands.Doctor;

/// <summary>Whether the settings can be used, and whether others can read the secrets among them.</summary>
internal static class SettingsChecks
{
    private const string What = "settings";

    public static IEnumerable<Finding> Of(SettingsReading reading, SettingSources sources)
    {
        foreach (var problem in reading.Problems) yield return Finding.Problem(What, problem.Line);
        foreach (var line in Settings.Misspelt()) yield return Finding.Warning(What, line);
        foreach (var path in new[] { sources.FolderFile, sources.UserFile }.OfType<string>())
            if (IsOpenToOthers(path) && HoldsSecret(reading, path))
                yield return Finding.Warning(
                    What, $"{path} holds secrets, and other users may read it.", $"chmod 600 {path}");
        if (reading.Problems.Count > 0) yield break;
        var set = reading.Values.Count(value => value.Source.Origin != SettingOrigin.Default);
        yield return Finding.Ok(What, set == 0
            ? "None is set: all have their defaults."
            : $"{Counted.Of(set, "setting is", "settings are")} set, and all can be used; 'heat config' shows them.");
    }

    private static bool HoldsSecret(SettingsReading reading, string path) => reading.Values.Any(value =>
        value.Source.File == path && (value.Shown.Contains(Secret.Mask) || value.Name == SettingsRules.DatabaseName));

    private static bool IsOpenToOthers(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return false;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try { return (File.GetUnixFileMode(path) & others) != 0; }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException) { return false; }
    }
}
