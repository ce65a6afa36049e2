using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.TdLib;

/// <summary>
/// The native library in this process. There is one at most, since its queue of events is one for all clients and may
/// be asked by one thread only. It stays loaded until the process exits.
/// </summary>
internal sealed unsafe class NativeTdJson : ITdJson
{
    /// <summary>
    /// What of the library's log is heard: warnings, which tell why an authorization was lost, and worse. From the
    /// next level on it writes down requests, and codes and passwords with them.
    /// </summary>
    private const int LogLevelMax = 2;

    private static readonly Lock Loading = new();
    private static NativeTdJson? loaded;

    private readonly NativeExports native;
    private readonly NativeReceiver receiver;
    private volatile ILogger log = NullLogger.Instance;

    private NativeTdJson(string path, NativeExports native) =>
        (Path, this.native, receiver) = (path, native, new NativeReceiver(native));

    /// <summary>The file that was loaded.</summary>
    public string Path { get; }

    /// <summary>The library's own version, such as 1.8.67; empty if it doesn't say.</summary>
    public string Version { get; private set; } = "";

    public TdRedaction Redaction { get; } = new();

    /// <summary>
    /// Loads the library, or answers the one that is loaded; its log goes to whoever asked last.
    /// </summary>
    /// <exception cref="TdLibraryException">It can't be loaded, or another file has been.</exception>
    public static NativeTdJson Load(string path, ILogger log)
    {
        lock (Loading)
        {
            if (loaded is null)
            {
                var json = new NativeTdJson(path, NativeExports.Load(path));
                loaded = json;
                json.Prepare();
            }
            else if (loaded.Path != path)
            {
                throw new TdLibraryException($"{path} can't be loaded beside {loaded.Path}, which is loaded.");
            }
            loaded.log = log;
            return loaded;
        }
    }

    public int CreateClient(Action<ReadOnlyMemory<byte>> receive)
    {
        var client = native.CreateClient();
        receiver.Add(client, new NativeClientEvents(receive, log));
        return client;
    }

    public void Send(int client, ReadOnlyMemory<byte> request)
    {
        if (!receiver.Ends) native.Send(client, request.Span);
    }

    public void Forget(int client) => receiver.Remove(client);

    /// <summary>A request that needs no client, answered at once.</summary>
    internal byte[] Execute(ReadOnlySpan<byte> request) => native.Execute(request);

    /// <summary>
    /// Before the first client: until then the library would write everything to the standard error.
    /// </summary>
    private void Prepare()
    {
        native.SetLog(LogLevelMax, &OnLog);
        Execute("""{"@type":"setLogStream","log_stream":{"@type":"logStreamEmpty"}}"""u8);
        var level = new LogLevelRequest(LogLevelMax);
        Execute(JsonSerializer.SerializeToUtf8Bytes(level, NativeJson.Default.LogLevelRequest));
        var version = Execute("""{"@type":"getOption","name":"version"}"""u8);
        Version = JsonSerializer.Deserialize(version, NativeJson.Default.VersionReply)?.Value ?? "";
    }

    /// <summary>Called from the library's threads; it may not be called back from here.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* message)
    {
        var (json, logLevel) = (loaded, TdRedaction.LevelOf(level));
        try
        {
            if (json is null || !json.log.IsEnabled(logLevel)) return;
            var text = json.Redaction.Redact(Marshal.PtrToStringUTF8((nint)message) ?? "");
            json.log.TdLibSaid(logLevel, text);
        }
#pragma warning disable CA1031 // A log that fails may not take the process down, and there is nobody to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
