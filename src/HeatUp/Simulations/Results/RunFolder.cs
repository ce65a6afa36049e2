using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// The folder of a run: what was simulated, what came of it, and all that is needed to do it again. One process at a
/// time writes it; others may read.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string ManifestName = "manifest.json";
    private const string ScenarioName = "scenario.json";
    private const string PoolName = "channels.json";
    private const string SummaryName = "summary.json";
    private const string HistoryName = "history.db";
    private const string EpochsName = "epochs.csv";
    private const string LockName = "run.lock";

    private static readonly string[] Names =
    [
        ManifestName, ScenarioName, PoolName, SummaryName, EpochsName, LockName, .. Database(HistoryName),
        .. Database(RecordingFile.Name), "cassette", "report.html", "junit.xml", "days.csv", "channels.csv",
        "actions.csv", "metrics.csv",
    ];

    private static readonly char Separator = System.IO.Path.DirectorySeparatorChar;

    private readonly FileLock? turn;

    private RunFolder(string path, FileLock? turn)
    {
        Path = path;
        this.turn = turn;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The database of what the population did.</summary>
    public string HistoryPath => File(HistoryName);

    /// <summary>The report for people.</summary>
    public string ReportPath => File("report.html");

    /// <summary>The thresholds for build servers.</summary>
    public string JUnitPath => File("junit.xml");

    /// <summary>The effective scenario, ready to be simulated again.</summary>
    public string ScenarioPath => File(ScenarioName);

    /// <summary>The channels of the run.</summary>
    public string PoolPath => File(PoolName);

    /// <summary>Makes a folder for a new run. One that is there stays as it is until the new one begins.</summary>
    /// <param name="path">Where; the folders above it are made too.</param>
    /// <param name="force">Whether another run that is there may be removed. Files of others are never touched.</param>
    /// <param name="sources">Files and folders that the new run is made from: none may lie in the folder.</param>
    /// <exception cref="RunFolderException">Something is there already, or nothing can be written.</exception>
    public static RunFolder Create(string path, bool force, params IEnumerable<string?> sources)
    {
        try
        {
            if (sources.OfType<string>().FirstOrDefault(source => LiesIn(source, path)) is { } read)
                throw new RunFolderException(
                    $"The new run is made from {read}, which lies in {path} and would be removed. "
                    + "Name another folder.");
            if (System.IO.File.Exists(path)) throw new RunFolderException($"{path} is a file. Name a folder.");
            if (Directory.Exists(path)) Check(path, force);
            Directory.CreateDirectory(path);
            return new RunFolder(path, Claim(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The folder {path} can't be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    /// <summary>Opens the folder of a run that goes on.</summary>
    /// <exception cref="RunFolderException">There is no run, another process goes on with it, or nothing can be
    /// written.</exception>
    public static RunFolder Resume(string path)
    {
        Read(path).ReadManifest();
        return new RunFolder(path, Claim(path));
    }

    /// <summary>Opens the folder of a run to read it.</summary>
    /// <param name="path">The folder, or its history.</param>
    /// <exception cref="RunFolderException">There is no run.</exception>
    public static RunFolder Read(string path)
    {
        if (System.IO.File.Exists(path)) return ReadBeside(path);
        return System.IO.File.Exists(System.IO.Path.Combine(path, ManifestName))
            ? new RunFolder(path, null)
            : throw new RunFolderException(SeedsFolder.Is(path)
                ? $"{path} holds the runs of several seeds. Name one of them, such as {SeedsFolder.FirstIn(path)}."
                : $"{path} holds no run: it has no {ManifestName}. 'heat simulate --out {path}' makes one.");
    }

    /// <summary>Whether a path is the folder of a run, or its history.</summary>
    public static bool IsRun(string path) => System.IO.File.Exists(System.IO.File.Exists(path)
        && System.IO.Path.GetFileName(path) == HistoryName
            ? System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, ManifestName)
            : System.IO.Path.Combine(path, ManifestName));

    /// <summary>A scenario as a folder keeps it: with the pool beside it.</summary>
    public static Scenario Kept(Scenario scenario) => scenario with { Pool = PoolName };

    /// <summary>Begins a new run: removes what is left of another one, and keeps the scenario and the pool.</summary>
    /// <param name="scenario">The scenario, as it is kept.</param>
    /// <param name="pool">The file of its pool, as it was read.</param>
    /// <exception cref="RunFolderException">It can't be written.</exception>
    public void Begin(Scenario scenario, ReadOnlySpan<byte> pool)
    {
        try
        {
            Empty();
            Write(PoolName, pool);
            Write(ScenarioName, Encoding.UTF8.GetBytes(ScenarioFile.ToJson(scenario) + "\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The folder {Path} can't be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    /// <summary>The scenario that was kept.</summary>
    /// <exception cref="RunFolderException">Somebody changed it so that it is none.</exception>
    public Scenario ReadScenario()
    {
        var reading = ScenarioFile.Read(ScenarioPath);
        return reading.IsGood ? reading.Scenario : throw new RunFolderException(string.Join(' ', reading.Problems));
    }

    /// <summary>The pool that was kept.</summary>
    public ChannelPool ReadPool() => ChannelPool.Of(ChannelFile.Read(PoolPath).Channels);

    /// <summary>What the folder says of its run.</summary>
    /// <exception cref="RunFolderException">It can't be read, or is of a newer version.</exception>
    public Manifest ReadManifest() => RunFolderJson.ReadManifest(Bytes(ManifestName), File(ManifestName));

    /// <summary>What the run came to.</summary>
    /// <exception cref="RunFolderException">There is none yet, or it can't be read.</exception>
    public Summary ReadSummary() => RunFolderJson.ReadSummary(Bytes(SummaryName), File(SummaryName));

    /// <summary>Writes the manifest, whole or not at all.</summary>
    public void Write(Manifest manifest) => Write(ManifestName, RunFolderJson.Write(manifest));

    /// <summary>Writes the summary, whole or not at all.</summary>
    public void Write(Summary summary) => Write(SummaryName, RunFolderJson.Write(summary));

    /// <summary>The hashes of its epochs, in their order.</summary>
    /// <exception cref="RunFolderException">There are none, as in a run of an earlier version.</exception>
    public ImmutableArray<EpochMark> ReadEpochs() =>
        EpochMark.Read(Encoding.UTF8.GetString(Bytes(EpochsName)), File(EpochsName));

    /// <summary>Writes the hashes of its epochs, whole or not at all.</summary>
    public void Write(ImmutableArray<EpochMark> epochs) =>
        Write(EpochsName, Encoding.UTF8.GetBytes(EpochMark.Write(epochs)));

    /// <summary>Whether it has the hashes of its epochs.</summary>
    public bool HasEpochs => System.IO.File.Exists(File(EpochsName));

    /// <summary>Writes any other file of the folder, whole or not at all.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes) => WholeFile.Write(File(name), bytes);

    /// <summary>The hash of a scenario, as manifests have it.</summary>
    public static string HashOf(Scenario scenario) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ScenarioFile.ToJson(scenario))));

    /// <summary>A scenario as manifests have it.</summary>
    public static JsonElement ElementOf(Scenario scenario)
    {
        using var document = JsonDocument.Parse(ScenarioFile.ToJson(scenario));
        return document.RootElement.Clone();
    }

    /// <summary>Lets other processes go on with the run.</summary>
    public void Dispose() => turn?.Dispose();

    private static string[] Database(string name) => [name, $"{name}-wal", $"{name}-shm", $"{name}-journal"];

    private static RunFolder ReadBeside(string file)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!;
        return System.IO.Path.GetFileName(file) == HistoryName
            && System.IO.File.Exists(System.IO.Path.Combine(folder, ManifestName))
            ? new RunFolder(folder, null)
            : throw new RunFolderException(
                $"{file} is no simulation's history: reports are made of the folder that 'heat simulate' leaves.");
    }

    private static void Check(string path, bool force)
    {
        var entries = Directory.GetFileSystemEntries(path).Select(System.IO.Path.GetFileName).ToList();
        if (entries.Count == 0) return;
        if (force && entries.Contains(ManifestName) && entries.TrueForAll(entry => Names.Contains(entry))) return;
        throw new RunFolderException(entries.Contains(ManifestName) && !force
            ? $"{path} holds a run already. Name another folder, add --force to replace that run, "
                + $"or go on with it: heat simulate --resume {path}"
            : $"{path} holds other files, such as "
                + $"{entries.Find(entry => !Names.Contains(entry)) ?? entries[0]}. Name a new folder.");
    }

    private static bool LiesIn(string source, string folder) =>
        $"{Real(source)}{Separator}".StartsWith($"{Real(folder)}{Separator}", StringComparison.Ordinal);

    /// <summary>The full path without links, as far as it exists.</summary>
    private static string Real(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (System.IO.Path.GetDirectoryName(full) is not { } parent) return full;
        FileSystemInfo here = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        return here.Exists && here.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? Real(target.FullName)
            : System.IO.Path.Combine(Real(parent), System.IO.Path.GetFileName(full));
    }

    private static FileLock Claim(string path)
    {
        try
        {
            return FileLock.TryTake(System.IO.Path.Combine(path, LockName), isTransient: true)
                ?? throw new RunFolderException($"Another process goes on with the run in {path}.");
        }
        catch (IOException failure)
        {
            throw new RunFolderException($"The folder {path} can't be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    private void Empty()
    {
        foreach (var name in Names.Where(name => name != LockName))
        {
            if (Directory.Exists(File(name))) Directory.Delete(File(name), recursive: true);
            System.IO.File.Delete(File(name));
        }
    }

    private byte[] Bytes(string name)
    {
        try
        {
            return System.IO.File.ReadAllBytes(File(name));
        }
        catch (FileNotFoundException missing)
        {
            throw new RunFolderException(
                $"{File(name)} is missing: the run was killed before its end. "
                + $"Go on with it: heat simulate --resume {Path}", missing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{File(name)} can't be read: {FileTrouble.Of(failure)}", failure);
        }
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
