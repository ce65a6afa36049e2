using System.Runtime.CompilerServices;

namespace HeatUp.Tests.Support;

/// <summary>
/// Keeps tests away from what belongs to whoever runs them: the data folder, where real accounts may lie, and the user's
/// own settings. This process and its children have folders in which nothing can be, unless a test gives them its own.
/// </summary>
internal static class NoRealData
{
    /// <summary>What says where a user's data lies, on Linux.</summary>
    public const string DataVariable = "XDG_DATA_HOME";

    /// <summary>What says where a user's configuration lies, on Linux.</summary>
    public const string ConfigurationVariable = "XDG_CONFIG_HOME";

    private const string Nowhere = "/dev/null/tests-have-no-such-folder";

    /// <summary>The data folder of a test's own.</summary>
    public static string Of(TempFolder folder) => folder.File("data");

    /// <summary>The configuration folder of a test's own.</summary>
    public static string ConfigurationOf(TempFolder folder) => folder.File("config");

    /// <summary>Where accounts lie in a test's own data folder.</summary>
    public static string AccountsIn(TempFolder folder, string path = "") =>
        Path.Combine(Of(folder), "heat-up", "accounts", path);

    [ModuleInitializer]
    internal static void Forbid()
    {
        Environment.SetEnvironmentVariable(DataVariable, Nowhere);
        Environment.SetEnvironmentVariable(ConfigurationVariable, Nowhere);
    }
}
