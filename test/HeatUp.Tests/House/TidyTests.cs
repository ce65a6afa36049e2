using System.Text.RegularExpressions;

namespace HeatUp.Tests.House;

/// <summary>The tree kept tidy by the tree: what a reader would stumble over fails a test, with its place.</summary>
public sealed partial class TidyTests
{
    /// <summary>The most columns of a line of C#.</summary>
    private const int ColumnsMax = 120;

    /// <summary>The same in tests, where a line of JSON may be as long as it is.</summary>
    private const int ColumnsOfTestsMax = 140;

    /// <summary>The most lines of a file of the product.</summary>
    private const int LinesMax = 400;

    /// <summary>The most files of a folder of the product.</summary>
    private const int FilesMax = 18;

    private static readonly string[] Texts =
    [
        ".cs", ".razor", ".csproj", ".props", ".slnx", ".json", ".md", ".http", ".txt", ".yml",
        ".editorconfig", ".env.example", ".gitignore", "LICENSE", "run",
    ];

    [Fact]
    public void NoFolderOfTheProductHasMoreFilesThanSomebodyCanTakeIn() => Tree.Files(".cs").Concat(Tree.Files(".razor"))
        .Where(file => file.StartsWith("src/", StringComparison.Ordinal))
        .CountBy(file => Path.GetDirectoryName(file)!)
        .Where(folder => folder.Value > FilesMax).ShouldBeEmpty();

    [Fact]
    public void EveryFileIsTidy()
    {
        var files = Texts.SelectMany(ending => Tree.Files(ending)).Where(IsWritten).ToList();

        files.Count.ShouldBeGreaterThan(50);
        files.SelectMany(file => FaultsOf(file, Tree.Text(file))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src/a.cs", "ok\n", "")]
    [InlineData("a.md", "no end", "a.md: does not end in a line feed")]
    [InlineData("a.md", "\n\nend\n\n", "a.md: ends in empty lines")]
    [InlineData("a.md", "\r\n", "a.md: has carriage returns")]
    [InlineData("a.md", "a\n\tb\n", "a.md:2: has a tab")]
    [InlineData("a.md", "a \n", "a.md:1: ends in white space")]
    [InlineData("a.cs", "TO" + "DO\n", "a.cs:1: is unfinished")]
    [InlineData("a.cs", "throw new NotImplemented" + "Exception();\n", "a.cs:1: is unfinished")]
    [InlineData("test/a.cs", "Thread." + "Sleep(1);\n", "test/a.cs:1: sleeps")]
    [InlineData("test/a.cs", "await Task." + "Delay(1);\n", "test/a.cs:1: sleeps")]
    [InlineData("src/a.cs", "await Task." + "Delay(wait, clock, cancellation);\n", "")]
    public void WhatIsUntidyIsSeen(string file, string text, string fault) =>
        string.Join('|', FaultsOf(file, text)).ShouldBe(fault);

    [Fact]
    public void LongLinesAndLongFilesAreSeen()
    {
        var longLine = new string('x', ColumnsMax + 1) + "\n";
        FaultsOf("a.cs", longLine).ShouldBe([$"a.cs:1: is longer than {ColumnsMax} columns"]);
        FaultsOf("a.cs", longLine[1..]).ShouldBeEmpty();
        FaultsOf("a.md", longLine).ShouldBeEmpty();

        var longText = string.Concat(Enumerable.Repeat("x\n", LinesMax + 1));
        FaultsOf("src/a.cs", longText).ShouldBe([$"src/a.cs: has more than {LinesMax} lines"]);
        FaultsOf("src/a.cs", longText[2..]).ShouldBeEmpty();
        FaultsOf("test/a.cs", longText).ShouldBeEmpty();
    }

    [Fact]
    public void NoTypeHasANameThatSaysNothing() =>
        new[] { typeof(Sittings), typeof(HeatUp.TdLib.TdClient), typeof(global::Heat.Configuration.Settings), GetType() }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Heat", StringComparison.Ordinal) == true)
            .Where(type => !type.IsSubclassOf(typeof(HeatUp.TdLib.Api.TdRequest))) // Telegram has named those.
            .Where(type => NameThatSaysNothing().IsMatch(type.Name))
            .ShouldBeEmpty();

    private static IEnumerable<string> FaultsOf(string file, string text)
    {
        if (!text.EndsWith('\n')) yield return $"{file}: does not end in a line feed";
        if (text.EndsWith("\n\n", StringComparison.Ordinal)) yield return $"{file}: ends in empty lines";
        if (text.Contains('\r')) yield return $"{file}: has carriage returns";
        var lines = text.TrimEnd('\n', '\r').Split('\n');
        if (lines.Length > LinesMax && IsIn("src", file)) yield return $"{file}: has more than {LinesMax} lines";
        for (var i = 0; i < lines.Length; i++)
            if (FaultOf(file, lines[i]) is { } fault)
                yield return $"{file}:{i + 1}: {fault}";
    }

    private static string? FaultOf(string file, string line)
    {
        var isCode = Path.GetExtension(file) is ".cs" or ".razor";
        if (line.Contains('\t')) return "has a tab";
        if (line.EndsWith(' ')) return "ends in white space";
        if (isCode && ColumnsOf(file, line) is var max && line.Length > max) return $"is longer than {max} columns";
        if (Unfinished().IsMatch(line)) return "is unfinished";
        return isCode && IsIn("test", file) && !IsStandIn(file) && Sleeping().IsMatch(line) ? "sleeps" : null;
    }

    private static int ColumnsOf(string file, string line) =>
        !IsIn("test", file) ? ColumnsMax : line.Contains("{\"", StringComparison.Ordinal) ? int.MaxValue : ColumnsOfTestsMax;

    /// <summary>What stands in for others may be slow on purpose: benchmarks ask it to.</summary>
    private static bool IsStandIn(string file) =>
        file.StartsWith("test/HeatUp.Testing/", StringComparison.Ordinal)
        || file.StartsWith("test/HeatUp.Telegram/", StringComparison.Ordinal);

    private static bool IsIn(string folder, string file) => file.Split('/', '\\')[0] == folder;

    /// <summary>Whether people write it; the package manager's lock files are its own.</summary>
    private static bool IsWritten(string file) => Path.GetFileName(file) != "packages.lock.json";

    [GeneratedRegex(@"\bTO" + @"DO\b|\bFIX" + @"ME\b|\bXX" + @"X\b|NotImplemented" + "Exception")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bThread\." + @"Sleep\b|\bTask\." + @"Delay\b")]
    private static partial Regex Sleeping();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Common|Impl|Dto|Info)$")]
    private static partial Regex NameThatSaysNothing();
}
