using HeatUp.TdLib;
using HeatUp.TdLibChild;
using HeatUp.Testing;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>The native library, where it is installed; it must be where the whole is to be tested.</summary>
internal static class RealTdLib
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>All that the library and its clients log, in this process.</summary>
    public static FakeLogCollector Log { get; } = new();

    private static readonly FakeLogger Logger = new(Log);

    /// <summary>The library's file. Without it the test is skipped, or fails where it may not be missing.</summary>
    public static string File
    {
        get
        {
            var file = InstalledPrograms.TdLib(Repository.File("artifacts/tdlib"));
            if (!System.IO.File.Exists(file))
                Requirement.Miss(
                    "HEATUP_REQUIRE_TDLIB",
                    $"TDLib is not installed; do so with \"{TdLibraryFile.InstallCommandIn("artifacts/tdlib")}\"");
            return file;
        }
    }

    public static NativeTdJson Native => NativeTdJson.Load(File, Logger);

    /// <summary>A client that no packet leaves.</summary>
    public static TdClient Open() => new(new OfflineTdJson(Native), TimeProvider.System, Logger);
}
