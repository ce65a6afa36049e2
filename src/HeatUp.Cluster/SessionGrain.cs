using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Concurrency;
using Orleans.Placement;

namespace HeatUp.Cluster;

/// <summary>
/// A session's place in the cluster. Texts in, texts out: nodes of different versions need to agree on nothing else.
/// </summary>
[Alias("heat-up.session")]
internal interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Gives the session a sitting on the grain's node; answers a <see cref="StartReply"/>.</summary>
    [Alias("start")]
    Task<string> StartAsync();
}

/// <summary>
/// Holds nothing: what a session's sittings are, the store says. Reentrant, so that a second request learns at once
/// that the first is still being planned. Placed by chance: a sitting sleeps most of the time, so that hundreds of them
/// spread evenly enough; the engine's own figures of load are a second old, and sent a burst of starts to one node.
/// </summary>
[Reentrant]
[RandomPlacement]
internal sealed class SessionGrain(NodeSittings node) : Grain, ISessionGrain
{
    public async Task<string> StartAsync() =>
        (await node.StartAsync(SessionId.Parse(this.GetPrimaryKeyString()))).Write();
}

/// <summary>What came of a start, between nodes. Members are only ever added.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Run">The run that has begun or is in the way.</param>
/// <param name="Reason">Why none has begun, in words.</param>
/// <param name="Until">When the next may begin.</param>
internal sealed record StartReply(
    StartKind Kind, string? Run = null, string? Reason = null, DateTimeOffset? Until = null)
{
    public static StartReply Of(SittingStart start) => start switch
    {
        SittingStart.Started(var sitting) => new(StartKind.Started, $"{sitting.Id}"),
        SittingStart.AlreadyRunning(var running) => new(StartKind.AlreadyRunning, $"{running}"),
        SittingStart.TooMany => new(StartKind.TooMany),
        SittingStart.Refused(var reason, var until) => new(StartKind.Refused, null, reason, until),
        SittingStart.Overtaken => new(StartKind.Overtaken),
        SittingStart.Stopping => new(StartKind.Stopping),
        _ => throw new InvalidOperationException($"No such start: {start}"),
    };

    public static StartReply Parse(string text) => JsonSerializer.Deserialize(text, ReplyJson.Default.StartReply)!;

    public string Write() => JsonSerializer.Serialize(this, ReplyJson.Default.StartReply);
}

/// <summary>What came of a start, between nodes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StartKind>))]
internal enum StartKind
{
    Started,
    AlreadyRunning,
    TooMany,
    Refused,
    Overtaken,
    Stopping,
    StoreFailed,
}

[JsonSerializable(typeof(StartReply))]
[JsonSerializable(typeof(PlannerNews))]
internal sealed partial class ReplyJson : JsonSerializerContext;
