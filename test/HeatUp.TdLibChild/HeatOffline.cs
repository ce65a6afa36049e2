using Heat.Commands;
using HeatUp.TdLib;

namespace HeatUp.TdLibChild;

/// <summary>Heat's command line as it ships, over the native library, but without a network.</summary>
internal static class HeatOffline
{
    /// <summary>The word that chooses it, before heat's own arguments.</summary>
    public const string Word = "offline";

    public static Task<int> RunAsync(string[] args) =>
        HeatCommand.RunAsync(args, Terminal.OfProcess(), (path, clock, log) =>
        {
            var file = TdLibraryFile.Find(path, AppContext.BaseDirectory, Environment.CurrentDirectory);
            return new TdLibrary(new OfflineTdJson(NativeTdJson.Load(file, log)), clock, log);
        });
}
