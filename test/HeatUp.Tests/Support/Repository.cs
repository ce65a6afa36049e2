namespace HeatUp.Tests.Support;

/// <summary>The tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string File(string path) => Path.Combine(Root, path);

    private static string FindRoot(string folder) => System.IO.File.Exists(Path.Combine(folder, "HeatUp.slnx"))
        ? folder
        : FindRoot(Path.GetDirectoryName(folder)
            ?? throw new InvalidOperationException("The tests run outside of the tree."));
}
