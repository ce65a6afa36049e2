using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>The project's tree, as it lies on the disk.</summary>
internal static class Tree
{
    private static readonly string[] NotOurs = [".git", "artifacts", "TestResults", "bin", "obj"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Repository.Root;

    /// <summary>
    /// All files, or those under a folder, with this ending; without what is built or written by a run.
    /// </summary>
    public static IEnumerable<string> Files(string ending, string folder = ".") =>
        Directory.EnumerateFiles(Path.GetFullPath(folder, Root), $"*{ending}", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(NotOurs).Any())
            .Order(StringComparer.Ordinal);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));
}
