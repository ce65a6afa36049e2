using System.Collections.Concurrent;
using HeatUp.TdLib;

namespace HeatUp.TdLibChild;

/// <summary>
/// The native library without a network: each client is told that there is none before anything else, so that a test
/// never leaves the machine. Everything else goes through as it is.
/// </summary>
internal sealed class OfflineTdJson(ITdJson native) : ITdJson
{
    private readonly ConcurrentDictionary<int, bool> told = new();

    public TdRedaction Redaction => native.Redaction;

    public int CreateClient(Action<ReadOnlyMemory<byte>> receive) => native.CreateClient(receive);

    public void Send(int client, ReadOnlyMemory<byte> request)
    {
        if (told.TryAdd(client, true))
            native.Send(client, """{"@type":"setNetworkType","type":{"@type":"networkTypeNone"}}"""u8.ToArray());
        native.Send(client, request);
    }

    public void Forget(int client) => native.Forget(client);
}
