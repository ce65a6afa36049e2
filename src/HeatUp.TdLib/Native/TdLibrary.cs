using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>
/// TDLib, loaded: the door to the real Telegram. Nothing native is touched before <see cref="Load"/> is called, and
/// only what runs in live or test mode calls it. Thread-safe.
/// </summary>
public sealed class TdLibrary
{
    /// <summary>The version that Heat Up is tested with.</summary>
    public const string TestedVersion = "1.8.67";

    private readonly ITdJson json;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    internal TdLibrary(ITdJson json, TimeProvider clock, ILogger log) =>
        (this.json, this.clock, this.log) = (json, clock, log);

    internal ILogger Log => log;

    /// <summary>
    /// Loads the library into this process, once: a second call answers the same library. Its log goes to
    /// <paramref name="log"/>, without phone numbers, codes and passwords.
    /// </summary>
    /// <param name="path">The setting <c>TDLIB_PATH</c>: the library or its folder; null to look beside the program,
    /// in <c>node_modules</c> of the user's folder, and where the system keeps its libraries.</param>
    /// <param name="clock">The time that deadlines are measured in.</param>
    /// <param name="log">Where the binding and the library log to.</param>
    /// <exception cref="TdLibraryException">It isn't there or can't be loaded.</exception>
    public static TdLibrary Load(string? path, TimeProvider clock, ILogger log)
    {
        var file = TdLibraryFile.Find(
            path, AppContext.BaseDirectory, TdLibraryFile.UserFolder, Environment.CurrentDirectory);
        var json = NativeTdJson.Load(file, log);
        log.Loaded(json.Version, json.Path);
        if (json.Version != TestedVersion) log.OtherVersion(json.Version, TestedVersion);
        return new TdLibrary(json, clock, log) { Warning = WarningOf(json.Version) };
    }

    /// <summary>What a person should know of the library that was loaded; null if there is nothing.</summary>
    public string? Warning { get; private init; }

    /// <summary>Makes a client; it comes to life with its first request.</summary>
    public TdClient Open() => new(json, clock, log);

    internal static string? WarningOf(string version) => version == TestedVersion
        ? null
        : $"TDLib is version {version}; Heat Up was tested with {TestedVersion}. What it says may be misunderstood.";
}
