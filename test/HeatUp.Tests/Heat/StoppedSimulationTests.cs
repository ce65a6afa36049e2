using Heat.Commands.Simulations;
using Heat.Shell;
using Heat.Simulations;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

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

    [Theory]
    [InlineData("missing", "so the run can't go on. Put it back, or begin the run anew, in another folder: heat simulate")]
    [InlineData("empty", "is missing or empty, so the run can't go on. ")]
    [InlineData("emptied", "was emptied, so the run can't go on. ")]
    [InlineData("foreign", "is damaged. Put a sound copy in its place, or begin the run anew with --force.")]
    [InlineData("damaged", "is damaged. Put a sound copy in its place, or begin the run anew with --force.")]
    public async Task ARunWhoseHistoryIsLostIsNotSilentlyBegunAnew(string how, string said)
    {
        await using (var process = await InMidRunAsync()) await process.TerminateAsync();
        var history = folder.File("part/history.db");
        File.Delete(history);
        if (how == "empty") File.WriteAllBytes(history, []);
        if (how == "foreign") File.WriteAllText(history, new string('x', 5_000));
        if (how == "emptied") Execute(history, "CREATE TABLE simulation (checkpoint TEXT NOT NULL)");
        if (how == "damaged") Execute(history, "CREATE TABLE simulation (checkpoint TEXT NOT NULL)", spoilt: true);
        var manifest = Bytes("part/manifest.json");

        var refused = await RunAsync("simulate", "--resume", "part");

        refused.Code.ShouldBe(1, refused.Error);
        refused.Error.ShouldContain(said);
        refused.Error.Trim().ShouldNotContain("\n");
        refused.Error.ShouldNotContain("--resume");
        Bytes("part/manifest.json").ShouldBe(manifest);
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

    /// <summary>Makes a database; one that is spoilt has no page of a table that it names.</summary>
    private static void Execute(string path, string sql, bool spoilt = false)
    {
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
        if (!spoilt) return;
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(4096).Fill(0x5a);
        File.WriteAllBytes(path, bytes);
    }

    private async Task<HeatProcess> InMidRunAsync()
    {
        var process = HeatProcess.Start(folder, [.. WholeRun.Scenario, "--out", "part"]);
        // Once more than the empty tables are there, an epoch is written.
        await process.UntilAsync(() => new FileInfo(folder.File("part/history.db")) is { Exists: true, Length: > 200_000 });
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
