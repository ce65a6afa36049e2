using Heat.Commands;
using Heat.Shell;
using HeatUp.TdLib;

namespace HeatUp.TdLibChild;

/// <summary>Heat's command line as it ships, over the native library, but without a network.</summary>
internal static class HeatOffline
{
    /// <summary>Whether the environment asks for it instead of the scripted Telegram.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable("HEATUP_CHILD") == "native";

    public static Task<int> RunAsync(string[] args) =>
        HeatCommand.RunAsync(args, Terminal.OfProcess(), (path, clock, log) =>
        {
            var file = TdLibraryFile.Find(
                path, AppContext.BaseDirectory, TdLibraryFile.UserFolder, Environment.CurrentDirectory);
            return new TdLibrary(new OfflineTdJson(NativeTdJson.Load(file, log)), clock, log);
        });
}
