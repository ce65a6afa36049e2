using System.IO.Compression;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>
/// The package that <c>dotnet pack</c> makes. <c>HEATUP_PACKAGES</c> names its folder; <c>.ci/run</c> makes it.
/// </summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ItInstallsAsATool()
    {
        var ended = await HeatProcess.RunShellAsync(folder, $"""
            set -e
            dotnet tool install heat-up --tool-path tools --source '{Packages()}'
            mkdir empty && cd empty
            ../tools/heat --version
            ../tools/heat warmup alice --pace 0
            ../tools/heat channels list | tail -1
            dotnet tool uninstall heat-up --tool-path ../tools
            """);

        ended.Code.ShouldBe(0, ended.Out);
        ended.Out.ShouldContain("remember in sessions.db");
        ended.Out.ShouldContain("Channels file: none, these come along");
    }

    [Fact]
    public async Task ItSaysWhatItIsAndWhoseWorkIsInIt()
    {
        await using var package = await ZipFile.OpenReadAsync(
            Directory.GetFiles(Packages(), "heat-up.*.nupkg").ShouldHaveSingleItem(), TestContext.Current.CancellationToken);
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        using var nuspec = new StreamReader(await package.GetEntry("heat-up.nuspec")!.OpenAsync(TestContext.Current.CancellationToken));
        var text = await nuspec.ReadToEndAsync(TestContext.Current.CancellationToken);

        names.ShouldContain("README.md");
        names.ShouldContain("THIRD-PARTY-NOTICES.txt");
        names.Where(name => name.Contains("CodeAnalysis") || name.Contains("System.Drawing") || name.EndsWith(".resources.dll"))
            .ShouldBeEmpty();
        names.Where(name => name.Contains("/native/")).Select(name => name.Split('/')[^3]).Order().ShouldBe(
            ["linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"]);
        text.ShouldContain("<license type=\"expression\">MIT</license>");
        text.ShouldContain("<readme>README.md</readme>");
        text.ShouldContain("packageType name=\"DotnetTool\"");
    }

    private static string Packages()
    {
        if (Environment.GetEnvironmentVariable("HEATUP_PACKAGES") is { Length: > 0 } packages) return packages;
        Assert.Skip("HEATUP_PACKAGES doesn't name the folder of the tool's package.");
        throw new InvalidOperationException();
    }
}
