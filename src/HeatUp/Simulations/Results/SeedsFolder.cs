using System.Globalization;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// The folder of one scenario's runs with several seeds: the scenario, the channels, and a run folder for each seed.
/// </summary>
public sealed class SeedsFolder
{
    /// <summary>The most seeds of a folder.</summary>
    public const int SeedsMax = 1_000;

    private const string MarkName = "seeds.json";
    private const string ScenarioName = "scenario.json";
    private const string PoolName = "channels.json";

    private SeedsFolder(string path, SeedsMark mark) => (Path, First, Last) = (path, mark.First, mark.Last);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The first seed.</summary>
    public long First { get; }

    /// <summary>The last one, which is not less.</summary>
    public long Last { get; }

    /// <summary>All of them, in their order.</summary>
    public IEnumerable<long> Seeds
    {
        get
        {
            for (var seed = First; seed <= Last; seed++) yield return seed;
        }
    }

    /// <summary>The channels of all runs.</summary>
    public string PoolPath => File(PoolName);

    /// <summary>Whether a path is such a folder.</summary>
    public static bool Is(string path) => System.IO.File.Exists(System.IO.Path.Combine(path, MarkName));

    /// <summary>Makes the folder; no run in it has begun.</summary>
    /// <param name="path">Where: nothing, or an empty folder.</param>
    /// <param name="scenario">What is simulated; its seed doesn't matter.</param>
    /// <param name="pool">The file of its pool, as it was read.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="last">The last one.</param>
    /// <exception cref="RunFolderException">Something is there already, or nothing can be written.</exception>
    public static SeedsFolder Create(string path, Scenario scenario, ReadOnlySpan<byte> pool, long first, long last)
    {
        try
        {
            if (Is(path)) throw new RunFolderException(
                $"{path} holds the runs of several seeds already. Go on with them: heat simulate --resume {path}, or "
                + "name another folder.");
            if (System.IO.File.Exists(path)) throw new RunFolderException($"{path} is a file. Name a folder.");
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new RunFolderException($"{path} is not empty. Name a new folder for the runs of several seeds.");
            Directory.CreateDirectory(path);
            var folder = new SeedsFolder(path, new SeedsMark(SeedsMark.FormatNow, first, last));
            WholeFile.Write(folder.File(PoolName), pool);
            WholeFile.Write(folder.File(ScenarioName),
                Encoding.UTF8.GetBytes(ScenarioFile.ToJson(RunFolder.Kept(scenario)) + "\n"));
            // Last, because it makes the folder one.
            WholeFile.Write(folder.File(MarkName), [.. JsonSerializer.SerializeToUtf8Bytes(
                new SeedsMark(SeedsMark.FormatNow, first, last), RunFolderJsonContext.Readable.SeedsMark), (byte)'\n']);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The folder {path} can't be written: {failure.Message}", failure);
        }
    }

    /// <summary>Opens the folder.</summary>
    /// <exception cref="RunFolderException">It is none, or of a newer version.</exception>
    public static SeedsFolder Open(string path)
    {
        var file = System.IO.Path.Combine(path, MarkName);
        try
        {
            var mark = JsonSerializer.Deserialize(
                System.IO.File.ReadAllBytes(file), RunFolderJsonContext.Readable.SeedsMark);
            if (mark is null || mark.First > mark.Last || mark.First < 0 || mark.Last - mark.First >= SeedsMax)
                throw new RunFolderException($"{file} names no seeds: it must have first and last.");
            return mark.Format <= SeedsMark.FormatNow
                ? new SeedsFolder(path, mark)
                : throw new RunFolderException($"{file} was made by a newer version of Heat Up (format {mark.Format}); "
                    + $"this one reads format {SeedsMark.FormatNow}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunFolderException($"{file} can't be read: {failure.Message}", failure);
        }
    }

    /// <summary>The folder of a seed's run.</summary>
    public string PathOf(long seed) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>The scenario with a seed.</summary>
    /// <exception cref="RunFolderException">Somebody changed it so that it is none.</exception>
    public Scenario ReadScenario(long seed)
    {
        var reading = ScenarioFile.Read(File(ScenarioName));
        return reading.IsGood
            ? reading.Scenario with { Seed = new Seed((ulong)seed) }
            : throw new RunFolderException(string.Join(' ', reading.Problems));
    }

    /// <summary>The pool, and its file as it was read.</summary>
    public ChannelPool ReadPool(out ReadOnlyMemory<byte> bytes) =>
        ChannelPool.Of(ChannelFile.Read(PoolPath, out bytes).Channels);

    /// <summary>The folder of the first run, for a message.</summary>
    internal static string FirstIn(string path) =>
        Directory.EnumerateDirectories(path, "seed-*").Order(StringComparer.Ordinal).FirstOrDefault() ?? path;

    private string File(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>What makes a folder one of several seeds.</summary>
internal sealed record SeedsMark(int Format, long First, long Last)
{
    public const int FormatNow = 1;
}
