using System.Reflection;
using System.Text.RegularExpressions;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>The page about conduct names the tests that hold each rule: they are there.</summary>
public sealed partial class ConductPageTests
{
    private const int Rules = 8;

    private static readonly string Page = File.ReadAllText(Repository.File("docs/conduct.md"));

    [Fact]
    public void EveryTestThatItNamesIsThere()
    {
        var named = Named().Matches(Page);
        named.Count.ShouldBeGreaterThan(3 * Rules);

        (from one in named
         where !IsTest(one.Groups["class"].Value, one.Groups["method"].Value)
         select one.Value).ShouldBeEmpty();
    }

    [Fact]
    public void EveryClassThatItNamesIsThere() =>
        (from one in NamedClass().Matches(Page)
         where !File.Exists(Repository.File($"test/HeatUp.Tests/{one.Groups["path"].Value}.cs"))
         select one.Value).ShouldBeEmpty();

    [Fact]
    public void EveryRuleNamesItsTests()
    {
        for (var rule = 1; rule <= Rules; rule++)
            Page.Split('\n').ShouldContain(line =>
                line.StartsWith($"| {rule} |", StringComparison.Ordinal) && Named().Count(line) >= 2, $"rule {rule}");
    }

    private static bool IsTest(string type, string method) =>
        typeof(ConductPageTests).Assembly.GetTypes().Where(one => one.Name == type)
            .Any(one => one.GetMethod(method)?.GetCustomAttribute<FactAttribute>() is not null);

    [GeneratedRegex("`(?<class>[A-Za-z]+Tests)\\.(?<method>[A-Za-z]+)`")]
    private static partial Regex Named();

    [GeneratedRegex("`(?<path>[A-Za-z]+(/[A-Za-z]+)+)`")]
    private static partial Regex NamedClass();
}
