using System.Globalization;

namespace Heat.Configuration;

/// <summary>How many files and connections the system lets this process have open at once.</summary>
internal static class Descriptors
{
    /// <summary>What the program itself needs at most: its libraries, the database's connections, pipes.</summary>
    public const int OwnMax = 400;

    /// <summary>Where the system names no bound, or one that is out of all proportion.</summary>
    public const int ConnectionsMax = 100_000;

    /// <summary>The fewest connections, also where descriptors are scarce.</summary>
    public const int ConnectionsMin = 16;

    // .NET raises the bound at its start to the most that macOS allows a process (OPEN_MAX).
    private const int OfMacOS = 10_240;

    private const string Linux = "/proc/self/limits";

    /// <summary>How many connections may be open without taking from the program what it needs.</summary>
    public static int ForConnections() => (int)Math.Clamp(Limit() - OwnMax, ConnectionsMin, ConnectionsMax);

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
