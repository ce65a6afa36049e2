using System.Runtime.CompilerServices;

namespace HeatUp.Tests.Support;

/// <summary>
/// Keeps tests out of the data folder of whoever runs them, where real accounts may lie: this process and its children
/// have one in which nothing can be written, unless a test gives them its own.
/// </summary>
internal static class NoRealData
{
    /// <summary>What says where a user's data lies, on Linux.</summary>
    public const string Variable = "XDG_DATA_HOME";

    private const string Nowhere = "/dev/null/tests-have-no-data-folder";

    /// <summary>The data folder of a test's own.</summary>
    public static string Of(TempFolder folder) => folder.File("data");

    /// <summary>Where accounts lie in a test's own data folder.</summary>
    public static string AccountsIn(TempFolder folder, string path = "") =>
        Path.Combine(Of(folder), "heat-up", "accounts", path);

    [ModuleInitializer]
    internal static void Forbid() => Environment.SetEnvironmentVariable(Variable, Nowhere);
}
