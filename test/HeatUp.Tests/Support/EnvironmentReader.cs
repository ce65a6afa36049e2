using Heat.Configuration;

namespace HeatUp.Tests.Support;

/// <summary>Readers of settings that all come from the environment.</summary>
internal static class EnvironmentReader
{
    public static SettingsReader Of(IEnumerable<(string Name, string Value)> settings) => new(settings.ToDictionary(
        setting => setting.Name, setting => new SettingText(setting.Value, SettingSource.Environment)));
}
