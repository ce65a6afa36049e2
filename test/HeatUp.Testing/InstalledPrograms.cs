using HeatUp.TdLib;

namespace HeatUp.Testing;

/// <summary>Where a machine has what tests and benchmarks run beside the product. Whether it is there is not looked at.
/// </summary>
internal static class InstalledPrograms
{
    /// <summary>The browser: what <c>HEATUP_CHROMIUM</c> names, or Debian's.</summary>
    public static string Chromium =>
        Environment.GetEnvironmentVariable("HEATUP_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium";

    /// <summary>The native library: what <c>TDLIB_PATH</c> names, or that in a folder.</summary>
    /// <param name="folder">Where it was installed, such as <c>artifacts/tdlib</c>.</param>
    /// <exception cref="TdLibraryException">The setting names what is not there.</exception>
    public static string TdLib(string folder)
    {
        var path = Environment.GetEnvironmentVariable(TdLibraryFile.Setting) ?? folder;
        return File.Exists(path) ? path : TdLibraryFile.Find(null, path, path, path);
    }
}
