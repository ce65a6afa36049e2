using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Heat.Commands.Simulations;
using Heat.Shell;
using HeatUp.Simulations;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat simulate</c> and <c>heat report</c>, as their user meets them.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    private static readonly string[] Small = ["simulate", "--sessions", "40", "--days", "3", "--seed", "7"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ARunLeavesAFolderThatTheOtherCommandsOpen()
    {
        var run = await RunAsync([.. Small, "--out", "runs/a", "--csv", "--junit"]);

        run.Code.ShouldBe(0, run.Error);
        run.Error.Trim().ShouldMatch(@"^runs/a will take about [0-9.]+ KiB of disk\.$");
        run.Out.ShouldContain("sittings");
        run.Out.ShouldContain("Report: runs/a/report.html");
        Directory.GetFiles(folder.File("runs/a")).Select(Path.GetFileName).Order().ShouldBe(
            ["actions.csv", "channels.csv", "channels.json", "days.csv", "epochs.csv", "history.db", "junit.xml", "manifest.json",
                "metrics.csv", "report.html", "scenario.json", "summary.json"]);
        (string, string) database = ("DATABASE_PATH", folder.File("runs/a/history.db"));
        (await HeatProcess.RunAsync(folder, ["sessions", "--days", "3650"], database)).Out.ShouldContain("s00000003");
        (await HeatProcess.RunAsync(folder, ["history", "s00000003", "--days", "3650"], database)).Out
            .ShouldContain("join_channel");
    }

    [Fact]
    public async Task WhatIsSaidBeforeOfTheFoldersSizeHolds()
    {
        var run = await RunAsync("simulate", "--sessions", "500", "--days", "14", "--seed", "7", "--out", "a");

        var said = Regex.Match(run.Error, @"about ([0-9.]+) MiB of disk");
        var mebibytes = double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
        var real = new DirectoryInfo(folder.File("a")).EnumerateFiles().Sum(file => file.Length) / 1024.0 / 1024;
        mebibytes.ShouldBeInRange(real * 0.8, real * 1.2, run.Error);
    }

    [Fact]
    public async Task TheFolderIsEnoughToDoTheSameAgain()
    {
        await RunAsync([.. Small, "--out", "a", "--threads", "1"]);

        var again = await RunAsync("simulate", "a/scenario.json", "--out", "b", "--threads", "2");

        again.Code.ShouldBe(0, again.Error);
        Manifest("b").Transcript.ShouldBe(Manifest("a").Transcript);
        Manifest("b").ScenarioHash.ShouldBe(Manifest("a").ScenarioHash);
        Bytes("b/summary.json").ShouldBe(Bytes("a/summary.json"));
        Manifest("a").Deterministic.ShouldBeTrue();
        Manifest("a").Status.ShouldBe(RunFolderStatus.Complete);
    }

    [Fact]
    public async Task TheReportIsAFunctionOfTheFolder()
    {
        await RunAsync([.. Small, "--out", "a"]);
        var before = Bytes("a/report.html");
        File.Delete(folder.File("a/report.html"));

        var report = await RunAsync("report", "a");

        report.Code.ShouldBe(0, report.Error);
        Bytes("a/report.html").ShouldBe(before);
        (await RunAsync("report", "a/history.db")).Code.ShouldBe(0);
        (await RunAsync("report", "a/channels.json")).Error.ShouldContain("not an SQLite database");
    }

    [Fact]
    public async Task AFailedThresholdIsShownFirstAndIsTheExitCode()
    {
        var run = await RunAsync([.. Small, "--threshold", "sittings:count>1000000", "--out", "a"]);

        run.Code.ShouldBe(99);
        run.Out.ShouldStartWith("THRESHOLDS");
        run.Out.ShouldContain("✗");
        (await RunAsync("report", "a")).Code.ShouldBe(99);
    }

    [Theory]
    [InlineData("\"rate>0.5\"", 99)]
    [InlineData("{\"threshold\": \"rate>0.5\"}", 99)]
    [InlineData("{\"threshold\": \"rate>0.5\", \"ifUnmeasured\": \"fail\"}", 99)]
    [InlineData("{\"threshold\": \"rate>0.5\", \"abortOnFail\": true}", 99)]
    [InlineData("{\"threshold\": \"rate>0.5\", \"ifUnmeasured\": \"pass\"}", 0)]
    public async Task AThresholdOnWhatWasNeverMeasuredFailsUnlessTheScenarioLetsItPass(string threshold, int code)
    {
        await File.WriteAllTextAsync(folder.File("s.json"),
            $$"""{"sessions": 20, "days": 1, "thresholds": {"cached_rate": [{{threshold}}] } }""", TestContext.Current.CancellationToken);

        var run = await RunAsync("simulate", "s.json", "--out", "a", "--junit");

        run.Code.ShouldBe(code, run.Error);
        run.Out.ShouldContain($"{(code == 0 ? "✓" : "✗")}\tcached_rate\trate>0.5\tnot measured");
        run.Out.Contains("let it pass with \"ifUnmeasured\": \"pass\"").ShouldBe(code != 0);
        File.ReadAllText(folder.File("a/junit.xml")).Contains("there was nothing to measure").ShouldBe(code != 0);
    }

    [Fact]
    public async Task WithoutAFolderANewOneIsMadeEachTime()
    {
        (await RunAsync(Small)).Out.ShouldContain("runs/population/report.html");
        (await RunAsync(Small)).Out.ShouldContain("runs/population-2/report.html");
    }

    [Fact]
    public async Task AFolderWithAnotherRunIsRefusedUnlessForced()
    {
        await RunAsync([.. Small, "--out", "a"]);

        var refused = await RunAsync([.. Small, "--out", "a"]);
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("holds a run already");
        refused.Error.ShouldContain("--force");
        (await RunAsync([.. Small, "--out", "a", "--force"])).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData(104, "simulate", "--planner", "llm", "--out", "a", "--force")]
    [InlineData(1, "simulate", "--replay", "b", "--out", "a", "--force")]
    public async Task ARunThatCannotBeginLeavesTheOneThatItWouldReplace(int code, params string[] arguments)
    {
        await RunAsync([.. Small, "--out", "a"]);
        await RunAsync([.. Small, "--out", "b"]);
        var before = Directory.GetFiles(folder.File("a")).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file)))).ToList();

        var refused = await RunAsync(arguments);

        refused.Code.ShouldBe(code, refused.Error);
        Directory.GetFiles(folder.File("a")).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file)))).ShouldBe(before);
    }

    [Theory]
    [InlineData("simulate", "--replay", "a", "--out", "a", "--force")]
    [InlineData("simulate", "--replay", "a", "--out", "link", "--force")]
    [InlineData("simulate", "--replay", "link", "--out", "./a/", "--force")]
    [InlineData("simulate", "a/scenario.json", "--out", "a", "--force")]
    [InlineData("simulate", "--pool", "a/channels.json", "--out", "a", "--force")]
    public async Task AFolderThatTheNewRunIsMadeFromIsNotReplacedByIt(params string[] arguments)
    {
        await RunAsync([.. Small, "--out", "a"]);
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("a"));
        var before = Directory.GetFiles(folder.File("a")).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file)))).ToList();

        var refused = await RunAsync(arguments);

        refused.Code.ShouldBe(1, refused.Error);
        refused.Error.ShouldContain("would be removed. Name another folder.");
        Directory.GetFiles(folder.File("a")).Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file)))).ShouldBe(before);
    }

    [Theory]
    [InlineData("channels.json")]
    [InlineData("cassette")]
    public async Task AFolderWithoutAManifestIsNoRunsAndNotEmptied(string file)
    {
        Directory.CreateDirectory(folder.File("a"));
        await File.WriteAllTextAsync(folder.File($"a/{file}"), "mine", TestContext.Current.CancellationToken);

        var refused = await RunAsync([.. Small, "--out", "a", "--force"]);

        refused.Code.ShouldBe(1, refused.Error);
        refused.Error.ShouldContain($"holds other files, such as {file}");
        File.ReadAllText(folder.File($"a/{file}")).ShouldBe("mine");
    }

    [Theory]
    [InlineData("--resume means nothing with --check: its worlds are drawn from the seeds.", "--check", "--resume", "a")]
    [InlineData("--seed means nothing with --check; say --seeds.", "--check", "--seed", "7")]
    [InlineData("--out means nothing with --resume: the run goes on as it began, in its folder.", "--resume", "a", "--out", "b")]
    [InlineData("--sessions means nothing with --resume: the run goes on as it began, in its folder.", "--resume", "a", "--sessions", "5")]
    [InlineData("A scenario means nothing with --resume: the run goes on as it began, in its folder.", "s.json", "--resume", "a")]
    [InlineData("--llm-calls means nothing with --replay: the run is that of the recording.", "--replay", "a", "--llm-calls", "2")]
    [InlineData("--json means nothing with --schema.", "--schema", "--json")]
    [InlineData("--seed means nothing with --seeds: each run has one of them.", "--seeds", "1..3", "--seed", "7")]
    [InlineData("--force means nothing with --seeds: name a new folder.", "--seeds", "1..3", "--force")]
    [InlineData("--seeds means nothing with --resume: the run goes on as it began, in its folder.", "--seeds", "1..3", "--resume", "a")]
    [InlineData("--set is of a branch: name the run that it leaves with --from.", "--set", "faults.offline=1")]
    [InlineData("--from needs the hour until which the run is lived again, such as --at 2026-01-12T00:00Z.", "--from", "a")]
    [InlineData("--days means nothing with --from: the run is the other one until --at; --set says what changes then.",
        "--from", "a", "--at", "2026-01-06", "--days", "5")]
    public async Task WhatMeansNothingIsRefusedInsteadOfDropped(string sentence, params string[] arguments)
    {
        var refused = await RunAsync(["simulate", .. arguments]);

        refused.Code.ShouldBe(2, refused.Error);
        refused.Error.Trim().ShouldBe($"error: {sentence}");
        (await RunAsync("simulate", "--out", "")).Error.ShouldContain("--out is the name of a folder");
    }

    [Fact]
    public async Task AFolderWithSomebodysFilesIsNeverEmptied()
    {
        Directory.CreateDirectory(folder.File("a"));
        File.WriteAllText(folder.File("a/thesis.txt"), "years of work");

        var refused = await RunAsync([.. Small, "--out", "a", "--force"]);

        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("thesis.txt");
        File.ReadAllText(folder.File("a/thesis.txt")).ShouldBe("years of work");
    }

    [Fact]
    public async Task ACompleteRunCannotBeResumedNorOneOfANewerVersion()
    {
        await RunAsync([.. Small, "--out", "a"]);
        (await RunAsync("simulate", "--resume", "a")).Error.ShouldContain("is complete");

        var manifest = File.ReadAllText(folder.File("a/manifest.json")).Replace("\"format\": 1", "\"format\": 2");
        File.WriteAllText(folder.File("a/manifest.json"), manifest);
        var newer = await RunAsync("report", "a");

        newer.Code.ShouldBe(1);
        newer.Error.ShouldContain("newer version of Heat Up");
    }

    [Theory]
    [InlineData("""{"sesions": 5}""", "sesions", "sessions")]
    [InlineData("""{"thresholds": {"succes_rate": ["rate>0.9"]}}""", "succes_rate", "success_rate")]
    [InlineData("""{"sessions": -5}""", "sessions", "-5")]
    [InlineData("""{"sessions": 1000000000}""", "sessions", "of memory")]
    [InlineData("""{"start": "2026-01-10", "end": "2026-01-05"}""", "end", "start")]
    [InlineData("""{"time_zones": {"Europe/Atlantis": 1}}""", "Europe/Atlantis", "time zone")]
    [InlineData("""{"telegram_mode": "live"}""", "telegram_mode", "real server")]
    [InlineData("""{"pool": "two.json"}""", "pool", "@durov and @telegram")]
    [InlineData("""{"pool": "nowhere.json"}""", "nowhere.json", "")]
    public async Task ABadScenarioIsRefusedWithWhatIsAllowed(string json, string named, string said)
    {
        File.WriteAllText(folder.File("two.json"), "[]");
        File.WriteAllText(folder.File("bad.json"), json);

        var refused = await RunAsync("simulate", "bad.json", "--out", "a");

        refused.Code.ShouldBe(104);
        refused.Error.ShouldContain(named);
        refused.Error.ShouldContain(said);
        Directory.Exists(folder.File("a")).ShouldBeFalse();
    }

    [Fact]
    public async Task ASettingCannotMakeASimulationReachARealServer()
    {
        var refused = await HeatProcess.RunAsync(folder, Small, ("TELEGRAM_MODE", "live"));

        refused.Code.ShouldNotBe(0);
        refused.Error.ShouldContain("TELEGRAM_MODE");
    }

    [Fact]
    public async Task TheExamplesRunAndHold()
    {
        foreach (var example in Directory.GetFiles(Repository.File("docs/scenarios"), "*.json"))
        {
            var name = Path.GetFileNameWithoutExtension(example);
            if (name == "llm") continue;
            var run = await RunAsync("simulate", example, "--out", name);
            run.Code.ShouldBe(0, $"{name}: {run.Out}{run.Error}");
        }
    }

    [Fact]
    public async Task ProgramsGetTheSummaryAndTheSchema()
    {
        var run = await RunAsync([.. Small, "--json"]);
        var schema = await RunAsync("simulate", "--schema");

        JsonDocument.Parse(run.Out).RootElement.List("metrics").Count.ShouldBe(Metric.All.Length);
        JsonDocument.Parse(schema.Out).RootElement.Text("$schema").ShouldContain("json-schema.org");
    }

    [Fact]
    public async Task APopulationOfALanguageModelIsReplayedWithoutIt()
    {
        await using (var model = await StubLlm.StartAsync())
        {
            var recorded = await HeatProcess.RunAsync(
                folder, ["simulate", "--sessions", "15", "--days", "2", "--planner", "llm", "--out", "a"],
                ("LLM_BASE_URL", model.BaseUrl.OriginalString), ("LLM_MODEL", "stub"));
            recorded.Code.ShouldBe(0, recorded.Error);
            recorded.Error.ShouldContain("With 64 calls at once");
        }

        var replayed = await RunAsync("simulate", "--replay", "a", "--out", "b");

        replayed.Code.ShouldBe(0, replayed.Error);
        Manifest("a").Deterministic.ShouldBeFalse();
        Manifest("a").Model.ShouldBe("stub");
        Manifest("b").Deterministic.ShouldBeTrue();
        Manifest("b").Transcript.ShouldBe(Manifest("a").Transcript);
        Bytes("b/summary.json").ShouldBe(Bytes("a/summary.json"));
    }

    [Fact]
    public async Task TheExampleOfALanguageModelRunsAndHoldsAndIsReplayed()
    {
        var example = Repository.File("docs/scenarios/llm.json");
        await using (var model = await StubLlm.StartAsync())
        {
            var recorded = await HeatProcess.RunAsync(
                folder, ["simulate", example, "--out", "a"],
                ("LLM_BASE_URL", model.BaseUrl.OriginalString), ("LLM_MODEL", "stub"));
            recorded.Code.ShouldBe(0, recorded.Error + recorded.Out);
            model.RequestCount.ShouldBeGreaterThan(0);
        }

        var replayed = await RunAsync("simulate", "--replay", "a", "--out", "b");

        replayed.Code.ShouldBe(0, replayed.Error);
        Manifest("b").Transcript.ShouldBe(Manifest("a").Transcript);
        Bytes("b/summary.json").ShouldBe(Bytes("a/summary.json"));
        RunFolderJson.ReadSummary(Bytes("a/summary.json"), "a").Plans.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task APopulationOfALanguageModelWithoutOneIsRefused()
    {
        var refused = await RunAsync([.. Small, "--planner", "llm"]);

        refused.Code.ShouldBe(104);
        refused.Error.ShouldContain("LLM_BASE_URL");
    }

    [Fact]
    public async Task ACheckTellsThatEverythingHeld()
    {
        var check = await RunAsync("simulate", "--check", "--seeds", "1..10");

        check.Code.ShouldBe(0, check.Out);
        check.Out.ShouldContain("10 seeds: everything held");
        (await RunAsync("simulate", "--check", "--seeds", "9..1")).Code.ShouldBe(2);
    }

    /// <summary>A run in the folder <c>part</c> that has written something; the same, whole, in <c>whole</c>.</summary>
    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(folder, arguments);

    private byte[] Bytes(string path) => File.ReadAllBytes(folder.File(path));

    private Manifest Manifest(string run) => RunFolderJson.ReadManifest(Bytes($"{run}/manifest.json"), run);
}
