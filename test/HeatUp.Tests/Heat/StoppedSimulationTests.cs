using Heat.Commands.Simulations;
using Heat.Shell;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Runs of <c>heat simulate</c> that end in their middle, beside one that came to its end.</summary>
public sealed class StoppedSimulationTests(StoppedSimulationTests.WholeRun whole)
    : IDisposable, IClassFixture<StoppedSimulationTests.WholeRun>
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AStoppedRunGoesOnAndEndsWithTheBytesOfAWholeOne()
    {
        await using (var process = await InMidRunAsync()) (await process.TerminateAsync()).Code.ShouldBe(1);
        Manifest("part").Status.ShouldBe(RunFolderStatus.Stopped);
        Bytes("part/report.html").Length.ShouldBeGreaterThan(10_000);

        var resumed = await RunAsync("simulate", "--resume", "part");

        resumed.Code.ShouldBe(0, resumed.Error);
        Manifest("part").Transcript.ShouldBe(whole.Manifest.Transcript);
        Bytes("part/summary.json").ShouldBe(whole.Bytes("summary.json"));
    }

    [Fact]
    public async Task AStopWhileItLivesAgainWhatIsWrittenLeavesTheFolderAsItWas()
    {
        await using (var process = await InMidRunAsync()) await process.TerminateAsync();
        var before = Files("part");
        var error = new StringWriter();
        using (var prepared = PreparedRun.Resume(folder.File("part")))
        using (var planner = SimulationPlanner.Of(prepared, 1))
        {
            var session = new SimulationSession(
                prepared, planner, new(false, false, false, 1), Terminal.Of(new StringWriter(), error, null));
            (await session.RunAsync(new CancellationToken(canceled: true))).ShouldBe(1);
        }

        error.ToString().ShouldContain("heat simulate --resume");
        Files("part").ShouldBe(before);
        (await RunAsync("simulate", "--resume", "part")).Code.ShouldBe(0);
        Bytes("part/summary.json").ShouldBe(whole.Bytes("summary.json"));
    }

    [Fact]
    public async Task AKilledRunGoesOnToo()
    {
        await using (var process = await InMidRunAsync()) await process.KillAsync();
        (await RunAsync("report", "part")).Error.ShouldContain("--resume");

        var resumed = await RunAsync("simulate", "--resume", "part");

        resumed.Code.ShouldBe(0, resumed.Error);
        Bytes("part/summary.json").ShouldBe(whole.Bytes("summary.json"));
    }

    [Fact]
    public async Task ADiskThatIsFullInMidRunEndsItWithAdviceAndItGoesOnWhenThereIsRoom()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bound for the size of a file.");
        var full = await HeatProcess.RunOnFullDiskAsync(folder, 8_192, [.. WholeRun.Scenario, "--out", "part"]);

        full.Code.ShouldBe(1, full.Error);
        full.Error.ShouldContain("The history can't be written");
        full.Error.ShouldContain("not full");
        full.Error.ShouldContain("heat simulate --resume part");
        Manifest("part").Status.ShouldBe(RunFolderStatus.Failed);
        var resumed = await RunAsync("simulate", "--resume", "part");
        resumed.Code.ShouldBe(0, resumed.Error);
        Manifest("part").Transcript.ShouldBe(whole.Manifest.Transcript);
        Bytes("part/summary.json").ShouldBe(whole.Bytes("summary.json"));
    }

    private async Task<HeatProcess> InMidRunAsync()
    {
        var process = HeatProcess.Start(folder, [.. WholeRun.Scenario, "--out", "part"]);
        await process.UntilAsync(() => File.Exists(folder.File("part/history.db-wal"))
            && new FileInfo(folder.File("part/history.db-wal")).Length > 100_000);
        return process;
    }

    private Dictionary<string, string> Files(string run) => Directory.GetFiles(folder.File(run)).ToDictionary(
        file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(folder, arguments);

    private byte[] Bytes(string path) => File.ReadAllBytes(folder.File(path));

    private Manifest Manifest(string run) => RunFolderJson.ReadManifest(Bytes($"{run}/manifest.json"), run);

    /// <summary>The run that nobody stopped.</summary>
    public sealed class WholeRun : IAsyncLifetime
    {
        private readonly TempFolder folder = new();

        internal static string[] Scenario { get; } = ["simulate", "--sessions", "400", "--days", "60", "--seed", "7"];

        internal Manifest Manifest => RunFolderJson.ReadManifest(Bytes("manifest.json"), "whole");

        public async ValueTask InitializeAsync() =>
            (await HeatProcess.RunAsync(folder, [.. Scenario, "--out", "whole"])).Code.ShouldBe(0);

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }

        internal byte[] Bytes(string file) => File.ReadAllBytes(folder.File($"whole/{file}"));
    }
}
