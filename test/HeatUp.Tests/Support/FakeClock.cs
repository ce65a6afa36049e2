namespace HeatUp.Tests.Loopback;

/// <summary>
/// Another clock for a process, by <c>libfaketime</c>. Where it isn't installed, tests are skipped, or fail if <c>CI</c>
/// or <c>HEATUP_REQUIRE_NAMESPACES</c> is set.
/// </summary>
internal static class FakeClock
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    /// <summary>The settings of a process whose clock stands at a time, or begins there. Timers run as ever.</summary>
    public static IEnumerable<(string, string)> At(DateTimeOffset time, bool stands)
    {
        if (!File.Exists(Library)) OwnNetwork.Miss("libfaketime is not installed (Debian's package faketime).");
        return
        [
            ("LD_PRELOAD", Library), ("TZ", "UTC"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            // What it mends in waits by that clock is well in glibc, and mended anyway they spin.
            ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
            ("FAKETIME", $"{(stands ? "" : "@")}{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}"),
        ];
    }
}
