using System.Globalization;

namespace Heat.Configuration;

/// <summary>How many files and connections the system lets this process have open at once.</summary>
internal static class Descriptors
{
    /// <summary>The libraries that may be loaded at once. .NET keeps their files open.</summary>
    private const int LibrariesMax = 130;

    /// <summary>How many descriptors a library takes that is mapped from the disk.</summary>
    private const int OfMappedLibrary = 2;

    /// <summary>What else it needs at most: connections to the database, a model, a collector; pipes.</summary>
    private const int OthersMax = 140;

    /// <summary>The same while few use it.</summary>
    private const int OthersMin = 60;

    /// <summary>Where the system names no bound, or one that is out of all proportion.</summary>
    public const int ConnectionsMax = 100_000;

    /// <summary>The fewest connections, also where descriptors are scarce.</summary>
    public const int ConnectionsMin = 16;

    // .NET raises the bound at its start to the most that macOS allows a process (OPEN_MAX).
    private const int OfMacOS = 10_240;

    private const string Linux = "/proc/self/limits";
    private const string Open = "/proc/self/fd";

    private static readonly int OfLibraries = LibrariesMax * OfLibrary();

    /// <summary>Below this the program can't load its libraries and serve somebody.</summary>
    private static readonly int Min = OfLibraries + OthersMin;

    /// <summary>Why the program can't run at all; null if it can.</summary>
    public static string? WhyTooFew() => Limit() is var limit && limit < Min
        ? $"The system lets the program have {limit} files open, and it needs {Min}. Raise it: ulimit -n 1024"
        : null;

    /// <summary>How many there may be; <see cref="long.MaxValue"/> where the system names no bound.</summary>
    public static long Max => Limit();

    /// <summary>How many connections may be open without taking from the program what it needs.</summary>
    /// <param name="each">How many descriptors one may take: two where its caller waits for a model's server.</param>
    public static int ForConnections(int each) =>
        (int)Math.Clamp((Limit() - OfLibraries - OthersMax) / each, ConnectionsMin, ConnectionsMax);

    /// <summary>
    /// How many descriptors a library takes, by those that are loaded already: two in a folder, and one in a file
    /// whose libraries are compressed, because they are unpacked into memory.
    /// </summary>
    private static int OfLibrary()
    {
        try
        {
            if (!Directory.Exists(Open)) return OfMappedLibrary;
            var (program, open) = (Environment.ProcessPath, 0);
            foreach (var descriptor in Directory.EnumerateFiles(Open))
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName is { } file
                    && (file == program || file.EndsWith(".dll", StringComparison.Ordinal)))
                    open++;
            return Math.Clamp(
                (int)Math.Round((double)open / AppDomain.CurrentDomain.GetAssemblies().Length), 1, OfMappedLibrary);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return OfMappedLibrary;
        }
    }

    private static long Limit()
    {
        if (OperatingSystem.IsMacOS()) return OfMacOS;
        try
        {
            return File.Exists(Linux) ? LimitIn(File.ReadLines(Linux)) : long.MaxValue;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            // The system doesn't say.
            return long.MaxValue;
        }
    }

    /// <summary>The bound in force, in a line such as <c>Max open files  1024  524288  files</c>.</summary>
    private static long LimitIn(IEnumerable<string> lines)
    {
        const string name = "Max open files";
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) ?? name;
        var first = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : long.MaxValue;
    }
}
