using System.Text.Json;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What is set, and by whom.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EachValueIsToldWithThePlaceThatSaysIt()
    {
        folder.Write(".env", "PACE=0.5\nSEED=7\n");
        WriteUserFile("SEED=8\nLOG_LEVEL=debug\n");

        var ended = await RunAsync(("PACE", "2"));

        ended.Code.ShouldBe(0, ended.Error);
        var lines = ended.Out.Split('\n');
        lines[0].ShouldBe("setting\tvalue\tsaid by");
        lines.ShouldContain("PACE\t2\tthe environment");
        lines.ShouldContain($"SEED\t7\t{folder.File(".env")}");
        lines.ShouldContain($"LOG_LEVEL\tdebug\t{UserFile}");
        ended.Out.ShouldNotContain("SESSION_HISTORY_DAYS");
        ended.Error.ShouldContain("more settings with their defaults: heat config --all");
        ended.Error.ShouldContain($"{UserFile} is read.");
    }

    [Fact]
    public async Task NoSecretIsShownWhereverItStands()
    {
        folder.Write(".env", "API_TOKEN=hush1\nLLM_BASE_URL=http://localhost/v1?key=hush2\nLLM_MODEL=m\n"
            + "OTEL_EXPORTER_OTLP_TRACES_HEADERS=key=hush3\n");

        foreach (var asJson in (string[][])[[], ["--all"], ["--json"]])
        {
            var ended = await HeatProcess.RunAsync(folder, ["config", .. asJson],
                ("DATABASE_URL", "postgres://heat:hush4@127.0.0.1:1/heat"), ("HTTPS_PROXY", "http://me:hush5@proxy:3128"),
                ("all_proxy", "me:hush6@proxy:3128"));

            ended.Code.ShouldBe(0, ended.Error);
            $"{ended.Out}{ended.Error}".ShouldNotContain("hush");
            ended.Out.ShouldContain("postgres://127.0.0.1:1/heat");
            ended.Out.ShouldContain("http://***@proxy:3128");
            ended.Out.ShouldContain("***@proxy:3128");
        }
    }

    [Fact]
    public async Task WhatIsRefusedIsShownWithItsReason()
    {
        folder.Write(".env", "SEED=x\nTGSTAT_BASE_URL=http://evil.example\n");

        var ended = await RunAsync(("TGSTAT_API_TOKEN", "hush"));
        var answered = await HeatProcess.RunAsync(folder, ["config", "--json"], ("TGSTAT_API_TOKEN", "hush"));

        ended.Code.ShouldBe(2);
        ended.Out.ShouldContain($"SEED\tx\t{folder.File(".env")} (refused)");
        ended.Error.ShouldContain("error: SEED=x: it must be a whole number");
        ended.Error.ShouldContain("error: TGSTAT_BASE_URL=http://evil.example: it is said by this folder");
        answered.Code.ShouldBe(2);
        var settings = JsonDocument.Parse(answered.Out).RootElement;
        settings.List("problems").Count.ShouldBe(2);
        var seed = settings.List("settings").Single(setting => setting.Text("name") == "SEED");
        (seed.Text("source"), seed.Text("file")).ShouldBe(("folder", folder.File(".env")));
        seed.Text("refused").ShouldStartWith("SEED=x: it must be");
    }

    [Fact]
    public async Task AllOfThemAreThoseOfTheExample()
    {
        var answered = await HeatProcess.RunAsync(folder, ["config", "--all", "--json"]);

        var listed = JsonDocument.Parse(answered.Out).RootElement.List("settings").Select(setting => setting.Text("name"));
        var example = File.ReadAllLines(Repository.File(".env.example"))
            .Where(line => line.Contains('=') && !line.StartsWith('#')).Select(line => line.Split('=')[0]);
        example.ShouldBeSubsetOf(listed);
    }

    private string UserFile => Path.Combine(NoRealData.ConfigurationOf(folder), "heat-up", "config.env");

    private void WriteUserFile(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, text);
    }

    private Task<HeatProcess.Ended> RunAsync(params (string Name, string Value)[] settings) =>
        HeatProcess.RunAsync(folder, ["config"], settings);
}
