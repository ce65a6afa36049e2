using System.Globalization;

namespace Heat.Configuration;

/// <summary>How many files and connections the system lets this process have open at once.</summary>
internal static class Descriptors
{
    /// <summary>
    /// What the program itself needs at most: two for each of its more than a hundred libraries, which .NET keeps open,
    /// the database's connections, those to a language model and a collector, pipes.
    /// </summary>
    public const int OwnMax = 400;

    /// <summary>Below this the program can't load its libraries and serve somebody.</summary>
    public const int Min = 320;

    /// <summary>Where the system names no bound, or one that is out of all proportion.</summary>
    public const int ConnectionsMax = 100_000;

    /// <summary>The fewest connections, also where descriptors are scarce.</summary>
    public const int ConnectionsMin = 16;

    // .NET raises the bound at its start to the most that macOS allows a process (OPEN_MAX).
    private const int OfMacOS = 10_240;

    private const string Linux = "/proc/self/limits";

    /// <summary>Why the program can't run at all; null if it can.</summary>
    public static string? WhyTooFew() => Limit() is var limit and < Min
        ? $"The system lets the program have {limit} files open, and it needs {Min}. Raise it: ulimit -n 1024"
        : null;

    /// <summary>How many connections may be open without taking from the program what it needs.</summary>
    /// <param name="each">How many descriptors one may take: two where its caller waits for a model's server.</param>
    public static int ForConnections(int each) =>
        (int)Math.Clamp((Limit() - OwnMax) / each, ConnectionsMin, ConnectionsMax);

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
