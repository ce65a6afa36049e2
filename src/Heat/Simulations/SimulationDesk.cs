using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Heat.Configuration;
using HeatUp;
using HeatUp.Plans;
using HeatUp.Simulations;

namespace Heat.Simulations;

/// <summary>Lives the shards of a population in other processes too.</summary>
/// <param name="scenario">What is simulated.</param>
/// <param name="channels">The channels, as a file has them.</param>
internal delegate IShardNodes SpreadShards(Scenario scenario, ReadOnlyMemory<byte> channels);

/// <summary>
/// The simulations that requests ask for, in folders below SIMULATIONS_DIR: one at a time, because it takes all cores
/// there are. At the service's stop the one that runs is stopped where it can go on. Thread-safe.
/// </summary>
internal sealed partial class SimulationDesk(
    Settings settings, ILogger<SimulationDesk> log, SpreadShards? spread = null)
    : IHostedLifecycleService
{
    private readonly Lock gate = new();
    private DeskRun? latest;

    /// <summary>Where the folders are.</summary>
    public string Directory => Path.GetFullPath(settings.SimulationsDirectory);

    /// <summary>
    /// Begins a run, or goes on with one, in the folder of this name; or answers the one that is in the way.
    /// </summary>
    /// <param name="name">The folder's name; it must be good.</param>
    /// <param name="prepare">Prepares the run in the folder.</param>
    /// <param name="begun">The run that has begun.</param>
    /// <param name="running">The run that goes on already.</param>
    /// <exception cref="RunFolderException">The folder can't be used.</exception>
    /// <exception cref="ScenarioException">The scenario can't be simulated here.</exception>
    public bool TryBegin(
        string name, Func<string, PreparedRun> prepare, [NotNullWhen(true)] out DeskRun? begun,
        [NotNullWhen(false)] out DeskRun? running)
    {
        lock (gate)
        {
            (begun, running) = (null, latest is { IsOver: false } ? latest : null);
            if (running is not null) return false;
            var prepared = prepare(PathOf(name));
            try
            {
                Check(prepared.Scenario);
                var planner = SimulationPlanner.Of(prepared, calls: 1);
                latest = begun = new DeskRun(name, prepared);
                Begins(log, name, prepared.Folder.Path);
                _ = Detached.Run(() => RunAsync(latest, prepared, planner));
                return true;
            }
            catch
            {
                prepared.Dispose();
                throw;
            }
        }
    }

    /// <summary>Makes sure that a scenario is one for the service.</summary>
    /// <exception cref="ScenarioException">It isn't.</exception>
    public static void Check(Scenario scenario)
    {
        if (scenario.Planner != PlannerKind.Builtin) throw new ScenarioException([
            "planner: a population of a language model is simulated by the command alone, without --cluster: "
            + "what it costs is for whoever asks, and its plans are recorded on one machine."]);
    }

    /// <summary>The run of this name that runs, or ran last, in this process.</summary>
    public DeskRun? Find(string name)
    {
        lock (gate) return latest?.Name == name ? latest : null;
    }

    /// <summary>The run that runs, or ran last, in this process; null if none did.</summary>
    public DeskRun? Latest
    {
        get { lock (gate) return latest; }
    }

    /// <summary>The folders that hold runs, the last one written to first, the most that are listed.</summary>
    public IReadOnlyList<SimulationLine> List() => System.IO.Directory.Exists(Directory)
        ? [.. new DirectoryInfo(Directory).EnumerateDirectories().Where(folder => IsName(folder.Name))
            .Where(folder => SeedsFolder.Is(folder.FullName) || RunFolder.IsRun(folder.FullName))
            .OrderByDescending(folder => folder.LastWriteTimeUtc).Take(SimulationLine.ListedMax)
            .Select(folder => SimulationLine.Of(folder.Name, folder.FullName))]
        : [];

    /// <summary>The folder of a name.</summary>
    public string PathOf(string name) => Path.Combine(Directory, name);

    /// <summary>Whether a name is one of a folder: 1 to 100 letters, digits and . _ -, the first a letter or digit.
    /// </summary>
    public static bool IsName([NotNullWhen(true)] string? name) => name is { Length: >= 1 and <= 100 }
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the server closes its door: who watches must hear of the end first.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        DeskRun? running;
        lock (gate) running = latest;
        running?.Stop();
        if (running is not null) await running.Over.WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task RunAsync(DeskRun desk, PreparedRun prepared, SimulationPlanner planner)
    {
        var nodes = spread?.Invoke(prepared.Scenario, prepared.PoolBytes);
        try
        {
            // Who lives elsewhere is only waited for.
            var threads = nodes is null ? Environment.ProcessorCount : Simulation.ShardsMax;
            var run = new FolderRun(prepared, planner, new FolderRunOptions(threads) { Nodes = nodes });
            desk.Ended(run.Run(desk.Take, desk.Stopping));
        }
        catch (Exception failure)
        {
            desk.Failed(failure.Message);
        }
        finally
        {
            (nodes as IDisposable)?.Dispose();
            planner.Dispose();
            prepared.Dispose();
            Ends(log, desk.Name, desk.Status.Word(), desk.Detail);
            desk.Close();
        }
        return Task.CompletedTask;
    }

    [LoggerMessage(70, LogLevel.Information, "The simulation {Name} begins, in {Folder}")]
    private static partial void Begins(ILogger log, string name, string folder);

    [LoggerMessage(71, LogLevel.Information, "The simulation {Name} is over: {Status}. {Detail}")]
    private static partial void Ends(ILogger log, string name, string status, string? detail);
}

/// <summary>A folder of a simulation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOfSeeds">Whether it holds the runs of several seeds.</param>
/// <param name="Manifest">Where its run stands; null if it is of several seeds, or can't be read.</param>
/// <param name="Fault">Why it can't be read; null if it can.</param>
public sealed record SimulationLine(string Name, bool IsOfSeeds, Manifest? Manifest, string? Fault)
{
    /// <summary>The most folders that are listed.</summary>
    public const int ListedMax = 200;

    internal static SimulationLine Of(string name, string path)
    {
        if (SeedsFolder.Is(path)) return new(name, true, null, null);
        try
        {
            using var folder = RunFolder.Read(path);
            return new(name, false, folder.ReadManifest(), null);
        }
        catch (RunFolderException failure)
        {
            return new(name, false, null, failure.Message);
        }
    }
}

/// <summary>How a simulation of this process stands.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="IsOver">Whether it is over.</param>
/// <param name="Status">How it ended; running before that.</param>
/// <param name="Detail">Why it is not complete; null if it is, or goes on.</param>
/// <param name="Progress">How far it is; null before its first epoch is over.</param>
public sealed record SimulationState(
    string Name, bool IsOver, RunFolderStatus Status, string? Detail, SimulationProgress? Progress);

/// <summary>A simulation of this process, for those who watch it. Thread-safe.</summary>
[SuppressMessage("Reliability", "CA1001", Justification =
    "A source of cancellation without a timer or a handle holds nothing.")]
internal sealed class DeskRun(string name, PreparedRun prepared)
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public string Folder => prepared.Folder.Path;

    /// <summary>How far it is; null before its first epoch is over.</summary>
    public SimulationProgress? Progress { get; private set; }

    /// <summary>What it came to; null before its end, and if it had none.</summary>
    public Summary? Summary { get; private set; }

    public RunFolderStatus Status { get; private set; } = RunFolderStatus.Running;

    /// <summary>Why it is not complete; null if it is, or goes on.</summary>
    public string? Detail { get; private set; }

    public bool IsOver => over.Task.IsCompleted;

    /// <summary>How it stands now.</summary>
    public SimulationState State => new(name, IsOver, Status, Detail, Progress);

    /// <summary>Completes when it is over.</summary>
    public Task Over => over.Task;

    /// <summary>Cancelled when it is to stop.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Stops it at its next edge. Does nothing if it is over.</summary>
    public void Stop() => stop.Cancel();

    /// <summary>Comes each time that it has gone on, and once more when it is over.</summary>
    public async IAsyncEnumerable<DeskRun> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (!IsOver)
        {
            Task next;
            lock (gate) next = changed.Task;
            yield return this;
            await Task.WhenAny(next, over.Task).WaitAsync(cancellation);
        }
        yield return this;
    }

    public void Take(SimulationProgress progress)
    {
        lock (gate)
        {
            Progress = progress;
            changed.SetResult();
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Ended(FolderRunEnd ended)
    {
        (Summary, Status, Detail) = (ended.End.Summary, ended.End.Status, ended.Incomplete ?? ended.End.Detail);
        if (ended.Incomplete is not null) Status = RunFolderStatus.Failed;
    }

    public void Failed(string reason) => (Status, Detail) = (RunFolderStatus.Failed, reason);

    public void Close() => over.SetResult();
}
