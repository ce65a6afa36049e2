namespace Heat.Configuration;

/// <summary>What is wrong with a setting, or with a file of settings.</summary>
/// <param name="Name">The setting; null if it is a line or a file that can't be read.</param>
/// <param name="Line">One line that names the setting, its value and what is allowed; never a secret.</param>
internal sealed record SettingProblem(string? Name, string Line);

/// <summary>Settings as they were read, also where some are wrong.</summary>
/// <param name="Settings">The settings; of use only for what <paramref name="Problems"/> doesn't name.</param>
/// <param name="Values">Every setting by name, with its value as people may see it and its source.</param>
/// <param name="Problems">What is wrong; empty if nothing is.</param>
/// <param name="HasWrongOption">Whether an option of the command line is among what can't be read.</param>
internal sealed record SettingsReading(
    Settings Settings, IReadOnlyList<SettingValue> Values, IReadOnlyList<SettingProblem> Problems, bool HasWrongOption)
{
    /// <summary>The settings of these sources.</summary>
    /// <param name="sources">All that says settings.</param>
    /// <param name="without">Settings that are left at their defaults, whatever is said of them.</param>
    public static SettingsReading Of(SettingSources sources, params IEnumerable<string> without)
    {
        var lines = new List<string>();
        var texts = sources.Read(lines).ToDictionary();
        foreach (var name in without) texts.Remove(name);
        var reader = new SettingsReader(texts);
        var settings = SettingsRules.Read(reader);
        return new(
            settings, settings.Values, [.. lines.Select(line => new SettingProblem(null, line)), .. reader.Refusals],
            reader.HasWrongOption);
    }
}
