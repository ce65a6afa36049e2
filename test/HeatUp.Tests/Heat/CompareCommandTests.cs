using System.Text.Json;
using Heat.Commands.Simulations;
using Heat.Shell;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat simulate --seeds</c> and <c>--from</c>, and <c>heat compare</c>, as their user meets them.</summary>
public sealed class CompareCommandTests(CompareCommandTests.Runs runs) : IDisposable, IClassFixture<CompareCommandTests.Runs>
{
    private static readonly string[] Small = ["simulate", "--sessions", "20", "--days", "3"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AResearcherReadsOffWhetherARuleMattered()
    {
        var compared = await runs.RunAsync("compare", "calm", "rough", "--html", "page.html");

        compared.Code.ShouldBe(0, compared.Error);
        compared.Out.ShouldContain("faults.flood_wait: – → 0.05");
        compared.Out.ShouldMatch("Larger than chance explains: .*refusals.*success_rate");
        compared.Out.ShouldContain("exact sign-flip test");
        compared.Out.ShouldContain("Holm's correction");
        var page = File.ReadAllText(runs.Folder.File("page.html"));
        page.ShouldContain("calm and rough compared");
        page.ShouldContain("Larger than chance explains");
        page.ShouldContain("<figure");
        page.ShouldNotContain("NaN");
    }

    [Fact]
    public async Task OneFolderOfSeedsHasMeansAndIntervals()
    {
        var shown = await runs.RunAsync("compare", "calm");

        shown.Code.ShouldBe(0, shown.Error);
        shown.Out.ShouldContain("95% interval");
        var json = JsonDocument.Parse((await runs.RunAsync("compare", "calm", "--json")).Out).RootElement;
        var sittings = json.List("values").Single(value => value.Text("metric") == "sittings");
        sittings.List("of_a").Count.ShouldBe(10);
        sittings.GetProperty("interval").GetProperty("low").GetDouble().ShouldBeLessThan(sittings.GetProperty("a").GetDouble());
        json.GetProperty("b").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void ATerminalOf80ColumnsHoldsIt()
    {
        var output = new StringWriter();
        var terminal = Terminal.Of(output, new StringWriter(), 80);

        ComparisonResult.Show(
            RunComparison.Of(RunSet.Read(runs.Folder.File("calm")), RunSet.Read(runs.Folder.File("rough"))), json: false, terminal);

        var lines = System.Text.RegularExpressions.Regex.Replace(output.ToString(), "\u001b\\[[0-9;]*m", "").Split('\n');
        lines.ShouldAllBe(line => line.TrimEnd().Length <= 80);
        lines.ShouldContain(line => line.StartsWith("  success_rate ", StringComparison.Ordinal) && line.Contains(" pp"));
    }

    [Fact]
    public async Task AFailedThresholdOfAnySeedIsToldAndIsTheExitCode()
    {
        var run = await RunAsync([.. Small, "--seeds", "1..3", "--threshold", "sittings:count>1000000", "--out", "many"]);

        run.Code.ShouldBe(99, run.Error);
        run.Out.ShouldContain("failed with 3 of 3 seeds");
        run.Error.ShouldContain("3 runs, one after the other: about");
        File.Exists(folder.File("many/seed-2/report.html")).ShouldBeTrue();
        (await RunAsync("report", "many")).Error.ShouldContain("holds the runs of several seeds");
        (await RunAsync([.. Small, "--seeds", "1..3", "--out", "many"])).Error.ShouldContain("heat simulate --resume many");
    }

    [Fact]
    public async Task SeedsThatWereStoppedGoOnAndEndAsIfTheyNeverWere()
    {
        (await RunAsync([.. Small, "--seeds", "1..3", "--out", "whole"])).Code.ShouldBe(0);
        (await RunAsync([.. Small, "--seeds", "1..3", "--out", "part"])).Code.ShouldBe(0);
        Directory.Delete(folder.File("part/seed-3"), recursive: true);
        var open = RunFolderJson.ReadManifest(Bytes("part/seed-2/manifest.json"), "") with { Status = RunFolderStatus.Running };
        await File.WriteAllBytesAsync(
            folder.File("part/seed-2/manifest.json"), RunFolderJson.Write(open), TestContext.Current.CancellationToken);

        var refused = await RunAsync("compare", "part", "whole");
        refused.Code.ShouldBe(1);
        refused.Error.Trim().ShouldEndWith("Go on with them: heat simulate --resume part");
        var resumed = await RunAsync("simulate", "--resume", "part");

        resumed.Code.ShouldBe(0, resumed.Error);
        foreach (var seed in new[] { 1, 2, 3 })
            Bytes($"part/seed-{seed}/summary.json").ShouldBe(Bytes($"whole/seed-{seed}/summary.json"));
        (await RunAsync("compare", "part", "whole")).Out.ShouldContain("No metric differs with any seed.");
    }

    [Fact]
    public async Task AStopBetweenSeedsSaysHowToGoOn()
    {
        var error = new StringWriter();
        (await RunAsync([.. Small, "--seeds", "1..2", "--out", "many"])).Code.ShouldBe(0);
        Directory.Delete(folder.File("many/seed-2"), recursive: true);

        var session = new SeedsSession(
            SeedsFolder.Open(folder.File("many")), 1, new(false, false, false, 1), Terminal.Of(new StringWriter(), error, null));
        (await session.RunAsync(new CancellationToken(canceled: true))).ShouldBe(1);

        error.ToString().ShouldContain("1 of 2 seeds are done. Go on: heat simulate --resume");
    }

    [Theory]
    [InlineData("nix holds no run: it has no manifest.json. 'heat simulate --out nix' makes one.", "nix", "one")]
    [InlineData("one is a single run.", "one")]
    [InlineData("one holds one run, calm those of several seeds.", "calm", "one")]
    [InlineData("The run in stopped is not complete: it reached 2026-01-06 00:00. Go on with it: heat simulate --resume stopped",
        "stopped", "one")]
    [InlineData("was made by a newer version of Heat Up", "newer", "one")]
    [InlineData("calm has the seeds 1..10, few 1..2: runs are compared seed by seed.", "calm", "few")]
    public async Task WhatCannotBeComparedIsOneClearError(string said, params string[] folders)
    {
        var refused = await runs.RunAsync(["compare", .. folders]);

        refused.Code.ShouldBe(1, refused.Out);
        refused.Error.ShouldContain(said);
        refused.Error.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task ABranchWithoutAChangeIsTheRunToTheByteAndTheSameCommandGivesTheSameBytes()
    {
        string[] branch = ["simulate", "--from", runs.Folder.File("one"), "--at", "2026-01-06T07:00Z"];
        (await RunAsync([.. branch, "--out", "same"])).Code.ShouldBe(0);
        (await RunAsync([.. branch, "--set", "faults.flood_wait=0.3", "--out", "b"])).Code.ShouldBe(0);
        (await RunAsync([.. branch, "--set", "faults.flood_wait=0.3", "--out", "again"])).Code.ShouldBe(0);
        (await RunAsync("simulate", "b/scenario.json", "--out", "anew")).Code.ShouldBe(0);

        foreach (var file in (string[])["summary.json", "scenario.json", "history.db", "epochs.csv", "channels.json"])
        {
            Bytes($"same/{file}").ShouldBe(File.ReadAllBytes(runs.Folder.File($"one/{file}")), file);
            Bytes($"again/{file}").ShouldBe(Bytes($"b/{file}"), file);
            Bytes($"anew/{file}").ShouldBe(Bytes($"b/{file}"), file);
        }
        Bytes("b/summary.json").ShouldNotBe(Bytes("same/summary.json"));
        var origin = RunFolderJson.ReadManifest(Bytes("b/manifest.json"), "").Branch.ShouldNotBeNull();
        (origin.At, origin.Set.Single()).ShouldBe((new DateTimeOffset(2026, 1, 6, 7, 0, 0, TimeSpan.Zero), "faults.flood_wait=0.3"));
        File.ReadAllText(folder.File("b/report.html")).ShouldContain("Branches off");
        (await RunAsync("compare", "same", "b")).Out.ShouldContain(
            "One branches off the other at 2026-01-06 07:00 UTC: all that happened before is the same.");
        (await RunAsync("compare", "anew", "same")).Out.ShouldContain("All that happened is the same until 2026-01-06 00:00 UTC.");
        (await RunAsync("compare", "anew", "b")).Out.ShouldContain("All that happened is the same, to the byte.");
    }

    [Fact]
    public async Task ABranchOfWhatIsNotThatRunIsRefused()
    {
        (await RunAsync([.. Small, "--out", "a"])).Code.ShouldBe(0);
        var epochs = File.ReadAllText(folder.File("a/epochs.csv"));
        File.WriteAllText(folder.File("a/epochs.csv"), epochs.Replace(epochs.Split(',')[2][..8], "00000000"));

        var refused = await RunAsync("simulate", "--from", "a", "--at", "2026-01-07", "--out", "b");
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("does something else than it did");

        File.Delete(folder.File("a/epochs.csv"));
        (await RunAsync("simulate", "--from", "a", "--at", "2026-01-07", "--out", "c")).Error.ShouldContain("has no epochs.csv");
        File.WriteAllText(folder.File("a/scenario.json"), """{"sessions": 21}""");
        (await RunAsync("simulate", "--from", "a", "--at", "2026-01-07", "--out", "c")).Error.ShouldContain("Somebody changed");
        (await RunAsync("simulate", "--from", "nix", "--at", "2026-01-07", "--out", "c")).Error.ShouldContain("nix holds no run");
        Directory.Exists(folder.File("c")).ShouldBeFalse();
    }

    [Fact]
    public async Task WrongRulesOfABranchAreABadScenario()
    {
        var refused = await runs.RunAsync(
            "simulate", "--from", "one", "--at", "2026-01-06", "--set", "faults.flod_wait=1", "--set", "seed=2", "--out", "no");

        refused.Code.ShouldBe(104);
        refused.Error.ShouldContain("did you mean 'flood_wait'?");
        refused.Error.ShouldContain("seed can't change in the middle of a run");
        Directory.Exists(runs.Folder.File("no")).ShouldBeFalse();
    }

    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(folder, arguments);

    private byte[] Bytes(string path) => File.ReadAllBytes(folder.File(path));

    /// <summary>Runs that no test changes.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        internal TempFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await MakeAsync("--seed", "7", "--out", "one");
            await MakeAsync("--seeds", "1..10", "--out", "calm");
            await MakeAsync("--seeds", "1..10", "--faults", "flood_wait:0.05", "--out", "rough");
            await MakeAsync("--seeds", "1..2", "--out", "few");
            Copy("stopped", manifest => manifest with { Status = RunFolderStatus.Stopped, Reached = manifest.Reached.AddDays(-2) });
            Copy("newer", manifest => manifest with { Format = 99 });
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }

        internal Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(Folder, arguments);

        private async Task MakeAsync(params string[] options)
        {
            var made = await RunAsync([.. Small, .. options]);
            made.Code.ShouldBe(0, made.Error);
        }

        private void Copy(string name, Func<Manifest, Manifest> change)
        {
            Directory.CreateDirectory(Folder.File(name));
            foreach (var file in Directory.GetFiles(Folder.File("one")))
                File.Copy(file, Folder.File($"{name}/{Path.GetFileName(file)}"));
            var path = Folder.File($"{name}/manifest.json");
            File.WriteAllBytes(path, RunFolderJson.Write(change(RunFolderJson.ReadManifest(File.ReadAllBytes(path), path))));
        }
    }
}
