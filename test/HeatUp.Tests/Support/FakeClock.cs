namespace HeatUp.Tests.Support;

/// <summary>Another clock for a process, by <c>libfaketime</c>. Without it tests are skipped, or fail as <see
/// cref="Requirement"/> says.</summary>
internal static class FakeClock
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    /// <summary>The settings of a process whose clock stands at a time, or begins there. Timers run as ever.</summary>
    public static IEnumerable<(string, string)> At(DateTimeOffset time, bool stands, string variable) =>
    [
        .. Loaded(variable), ("TZ", "UTC"),
        // What it mends in waits by that clock is well in glibc, and mended anyway they spin.
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
        ("FAKETIME", $"{(stands ? "" : "@")}{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}"),
    ];

    /// <summary>The settings of a process whose clock is as far away from ours as a file says, at each moment.</summary>
    public static IEnumerable<(string, string)> AsFileSays(string file, string variable) =>
        [.. Loaded(variable), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1")];

    private static IEnumerable<(string, string)> Loaded(string variable)
    {
        if (!File.Exists(Library)) Requirement.Miss(variable, "libfaketime is not installed (Debian's package faketime).");
        return [("LD_PRELOAD", Library), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
    }
}
