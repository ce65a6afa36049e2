using System.Diagnostics;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>The README's commands work as they stand there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task DotnetRunStaysInTheFolderWhereTheChannelsAre()
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "src/Heat", "-getProperty:RunWorkingDirectory"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var msbuild = Process.Start(start)!;

        var folder = await msbuild.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        await msbuild.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Trim().ShouldBeEmpty();
    }

    [Fact]
    public void EveryDocumentThatTheReadmeNamesIsThere()
    {
        var readme = File.ReadAllText(Repository.File("README.md"));
        foreach (var path in new[] { "docs/install.md", "docs/using.md", "docs/planning.md", "docs/operating.md", "docs/channels.md",
            "docs/recommendations.md", "docs/simulating.md", "docs/live.md", "docs/conduct.md", "ARCHITECTURE.md",
            "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".env.example", "requests/heatup.http" })
        {
            readme.ShouldContain(path);
            File.Exists(Repository.File(path)).ShouldBeTrue(path);
        }
    }
}
