using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace HeatUp.Tests.House;

/// <summary>THIRD-PARTY-NOTICES.txt names what is shipped, and no more, with its licence as its package tells it.</summary>
public sealed class NoticesTests
{
    private const string Notices = "THIRD-PARTY-NOTICES.txt";

    /// <summary>Packages that have their licence in a file or behind a link.</summary>
    private static readonly Dictionary<string, string> Known = new()
    {
        ["dotenv.net"] = "MIT", ["K4os.Compression.LZ4"] = "MIT", ["SQLite"] = "SQLite",
    };

    [Fact]
    public void EveryPackageThatIsShippedIsNamedWithItsLicence()
    {
        var text = Tree.Text(Notices);
        var shipped = string.Join('\n', Shipped().Select(LineOf));
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
            File.WriteAllText(Path.Combine(Tree.Root, Notices), text = text.Replace(Section(text, "Packages"), shipped));

        Section(text, "Packages").ShouldBe(shipped, "If the packages are meant, run this test with UPDATE_APPROVED=1.");
    }

    [Fact]
    public void WhatLiesHereOfOthersIsAsTheyMadeItAndNamedWithItsVersion()
    {
        var script = Tree.Text("src/Heat/Reports/Files/uPlot.iife.min.js");

        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)))
            .ShouldBe("19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f", "the file of the npm package uplot");
        script.ShouldStartWith("/*! https://github.com/leeoniya/uPlot (v1.6.32) */");
        Section(Tree.Text(Notices), "Files").ShouldStartWith("uPlot 1.6.32 (npm, in reports and pages): MIT.");
    }

    [Fact]
    public void EveryLicenceIsThereInFull()
    {
        var text = Tree.Text(Notices);

        foreach (var licence in Shipped().Select(LicenceOf).Distinct()) Section(text, licence).Length.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void TheInventoryNamesThemToo()
    {
        if (Environment.GetEnvironmentVariable("HEATUP_INVENTORY") is not { Length: > 0 } file)
        {
            Assert.Skip("HEATUP_INVENTORY doesn't name the inventory that .ci/run makes.");
            return;
        }
        using var inventory = JsonDocument.Parse(File.ReadAllText(file));

        inventory.RootElement.GetProperty("components").EnumerateArray()
            .Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("version").GetString()}").ToHashSet()
            .IsSupersetOf(Shipped().Select(package => $"{package.Name} {package.Version}")).ShouldBeTrue();
    }

    private static string Section(string text, string title)
    {
        var start = text.IndexOf($"== {title} ==\n\n", StringComparison.Ordinal);
        start.ShouldBePositive($"{Notices} lacks the section {title}");
        start += title.Length + 8;
        var end = text.IndexOf("\n\n== ", start, StringComparison.Ordinal);
        return text[start..(end < 0 ? text.Length : end)];
    }

    private static string LineOf(Package package)
    {
        var holder = package.Field("copyright") ?? package.Field("authors")!;
        var words = holder.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        return $"{package.Name} {package.Version}: {LicenceOf(package)}. {string.Join(' ', words)}";
    }

    private static string LicenceOf(Package package) => Known.GetValueOrDefault(package.Name) ?? package.Field("license")!;

    private static IEnumerable<Package> Shipped()
    {
        using var locked = JsonDocument.Parse(Tree.Text("src/Heat/packages.lock.json"));
        return [.. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase)
            .Select(package => new Package(package.Name, package.Value.GetProperty("resolved").GetString()!))];
    }

    /// <summary>A package as the machine that built this has it.</summary>
    private sealed record Package(string Name, string Version)
    {
        private static readonly string Cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        public string? Field(string name) => XDocument
            .Load(Path.Combine(Cache, Name.ToLowerInvariant(), Version.ToLowerInvariant(), $"{Name.ToLowerInvariant()}.nuspec"))
            .Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
    }
}
