using System.Diagnostics;
using System.Text.RegularExpressions;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>What lies in deploy/, as far as it can be tried without an engine for containers and as no system's root.</summary>
public sealed partial class DeploymentTests : IDisposable
{
    private const string Service = "deploy/systemd/heat-up.service";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatTheDockerfileCopiesIsThereAndNotIgnored()
    {
        var kept = Tree.Text(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet();
        var copied = Instructions("COPY").Where(copy => !copy.Contains("--from", StringComparison.Ordinal))
            .SelectMany(copy => copy.Split(' ')[..^1]).Select(path => path.TrimEnd('/')).ToList();

        copied.ShouldContain("src");
        foreach (var path in copied)
        {
            Path.Exists(Path.Combine(Tree.Root, path)).ShouldBeTrue(path);
            kept.ShouldContain(path);
        }
    }

    [Fact]
    public void EveryFileThatABuildOfTheProgramNeedsIsCopied()
    {
        var copied = string.Join('\n', Instructions("COPY"));

        foreach (var project in Tree.Files(".csproj", "src").Concat(["Directory.Build.props", "Directory.Packages.props"]))
            foreach (Match named in Above().Matches(Tree.Text(project)))
                copied.ShouldContain(named.Groups["file"].Value, customMessage: project);
        copied.ShouldContain("global.json");
    }

    [Fact]
    public void TheContainerServesAsAUserWithoutRightsAndIsAskedHowItIs()
    {
        Instructions("USER").ShouldBe(["$APP_UID"]);
        Instructions("HEALTHCHECK").ShouldHaveSingleItem().ShouldContain("\"health\"");
        Instructions("VOLUME").ShouldBe(["/data"]);
        Tree.Text("deploy/compose.yaml").ShouldContain("dockerfile: deploy/Dockerfile");
    }

    [Fact]
    public void TheImagesAreThoseOfTheFrameworkThatIsBuiltFor()
    {
        var framework = FrameworkOf().Match(Tree.Text("Directory.Build.props")).Groups["version"].Value;

        var images = Instructions("FROM");
        images.Count.ShouldBe(2);
        images.ShouldAllBe(image => image.Contains($":{framework}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SystemdTakesTheUnitAndFindsItGuarded()
    {
        var verified = await AnalyzeAsync("verify", UnitOfThisMachine());
        verified.Code.ShouldBe(0, verified.Said);
        verified.Said.ShouldBeEmpty();

        // 20 of 100: 10 and less is what it calls safe, and a service on the network with a compiler can't be.
        var guarded = await AnalyzeAsync("security", "--offline=true", "--threshold=20", "--no-pager", UnitOfThisMachine());
        guarded.Code.ShouldBe(0, guarded.Said);
    }

    [Fact]
    public async Task SystemdRefusesAUnitThatIsMisspelt()
    {
        var unit = UnitOfThisMachine();
        await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(unit, Cancellation)).Replace("Restart=", "Restrat="), Cancellation);

        (await AnalyzeAsync("verify", unit)).Said.ShouldContain("Restrat");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The unit with a program that is there: whether it is installed is not what is asked.</summary>
    private string UnitOfThisMachine() =>
        folder.Write("heat-up.service", Tree.Text(Service).Replace("/usr/local/bin/heat", "/bin/true", StringComparison.Ordinal));

    private static async Task<(int Code, string Said)> AnalyzeAsync(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            if (Environment.GetEnvironmentVariable("HEATUP_REQUIRE_SYSTEMD") is { Length: > 0 })
                Assert.Fail("There is no /usr/bin/systemd-analyze: install systemd.");
            Assert.Skip("There is no systemd-analyze here.");
        }
        var start = new ProcessStartInfo("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, (await output + await error).Trim());
    }

    private static List<string> Instructions(string name) => [.. Tree.Text("deploy/Dockerfile")
        .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        .Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal))
        .Select(line => line[(name.Length + 1)..])];

    [GeneratedRegex(@"\.\./\.\./(?<file>[A-Za-z_.-]+)")]
    private static partial Regex Above();

    [GeneratedRegex(@"<TargetFramework>net(?<version>[\d.]+)<")]
    private static partial Regex FrameworkOf();
}
