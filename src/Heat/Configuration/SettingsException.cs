namespace Heat.Configuration;

/// <summary>Settings that can't be used.</summary>
/// <param name="problems">One line each that names the setting, its value and what is allowed; never a secret.</param>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Whether an option of the command line is among what can't be read.</summary>
    public bool HasWrongOption { get; init; }
}
