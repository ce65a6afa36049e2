using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.TdLib;
using Microsoft.Extensions.Logging;

namespace HeatUp.Testing.Peer;

/// <summary>
/// TDLib 1.8.67 and Telegram behind it, as far as Heat Up asks them, on any clock and without a network: what it says
/// has the fields and the order of the real ones. Logins are kept in the accounts' folders, so that another client or
/// another process goes on with them. Thread-safe.
/// </summary>
public sealed partial class ScriptedPeer : ITdJson
{
    private readonly Lock gate = new();
    private readonly Queue<Action> work = new();
    private readonly Dictionary<int, PeerClient> clients = [];
    private readonly List<PeerOwner> owners = [];
    private readonly List<Action> held = [];
    private readonly List<PeerCall> queued = [];
    private readonly PeerLogin login;
    private bool isWorking;
    private bool isOffline;
    private int lastClient;

    /// <summary>A Telegram without channels.</summary>
    /// <param name="clock">The time, which answers take.</param>
    public ScriptedPeer(TimeProvider clock)
    {
        Clock = clock;
        login = new PeerLogin(this);
    }

    /// <summary>How long an answer over the network takes.</summary>
    public static TimeSpan Latency { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Everything that is said, as it is said.</summary>
    public Action<JsonElement>? Heard { get; set; }

    /// <summary>What is said besides, between any two things; null for nothing.</summary>
    public PeerNoise? Noise { get; init; }

    /// <summary>All requests as they came, in order.</summary>
    public Action<JsonElement>? AskedFor { get; set; }

    /// <summary>The names of all requests, in order.</summary>
    public IReadOnlyList<string> Asked => asked;

    private readonly List<string> asked = [];

    internal TimeProvider Clock { get; }

    TdRedaction ITdJson.Redaction { get; } = new();

    /// <summary>Whether clients stay open although they are asked to close.</summary>
    public bool IsDeafToClose { get; set; }

    /// <summary>Whether there is no network: what needs it waits, and is answered when it comes.</summary>
    public bool IsOffline
    {
        get => isOffline;
        set => Do(() =>
        {
            isOffline = value;
            if (!value) ComeOnline();
        });
    }

    /// <summary>The binding, over this peer instead of the library.</summary>
    public TdLibrary Library(ILogger log) => new(this, Clock, log);

    /// <summary>Adds somebody who can log in.</summary>
    public PeerOwner Add(PeerOwner owner)
    {
        owners.Add(owner);
        return owner;
    }

    /// <summary>Writes into an account's folder that its owner has logged in, as if it had been done before.</summary>
    public void LogIn(string folder, byte[] key, int apiId, string apiHash, PeerOwner owner)
    {
        if (!owners.Contains(owner)) Add(owner);
        new PeerFolder(Convert.ToBase64String(key), apiId, apiHash, PeerFolder.Ready, owner.Digits, Clock.GetUtcNow())
            .Write(Path.GetFullPath(folder));
    }

    /// <summary>The newest link that is shown as a QR code; null if none is.</summary>
    public string? QrLink => clients.Values
        .LastOrDefault(client => client is { IsClosed: false, Login.State: "WaitOtherDeviceConfirmation" })?.Login?.Link;

    /// <summary>Somebody scans a QR code with an app that is logged in: the login goes on unasked.</summary>
    /// <returns>Whether the link was still good; known at once if the peer isn't at work.</returns>
    public bool Scan(string link, PeerOwner owner)
    {
        var isGood = false;
        Do(() => isGood = clients.Values.ToArray().Any(client => login.Scan(client, link, owner)));
        return isGood;
    }

    int ITdJson.CreateClient(Action<ReadOnlyMemory<byte>> receive)
    {
        lock (gate)
        {
            var number = ++lastClient;
            clients.Add(number, new PeerClient(this, number, receive));
            return number;
        }
    }

    void ITdJson.Forget(int client)
    {
        lock (gate)
        {
            if (clients.TryGetValue(client, out var known)) known.IsForgotten = true;
        }
    }

    void ITdJson.Send(int client, ReadOnlyMemory<byte> request)
    {
        var json = JsonElement.Parse(request.Span);
        AskedFor?.Invoke(json);
        Do(() => Take(new PeerCall(clients[client], json)));
    }

    internal PeerOwner? OwnerOf(string digits) => owners.Find(owner => owner.Digits == digits);

    internal bool IsOpen(string folder) => clients.Values.Any(client => !client.IsClosed && client.Folder == folder);

    /// <summary>Does something after a time.</summary>
    internal void After(TimeSpan time, Action happens)
    {
        ITimer? timer = null;
        timer = Clock.CreateTimer(_ =>
        {
            timer?.Dispose();
            Do(happens);
        }, null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does something when a server has answered: without a network, when there is one.</summary>
    internal void OverNetwork(PeerClient client, Action happens)
    {
        if (isOffline) held.Add(() => OverNetwork(client, happens));
        else After(Latency, () =>
        {
            if (isOffline) held.Add(() => OverNetwork(client, happens));
            else if (!client.IsClosed) happens();
        });
    }

    /// <summary>What a client hears of its network after its start.</summary>
    internal void Connect(PeerClient client)
    {
        client.Say(PeerJson.Connection("Connecting"));
        OverNetwork(client, () => Meet(client));
    }

    internal void AnswerQueued(PeerClient client)
    {
        foreach (var call in queued.Where(call => call.Client == client).ToArray())
        {
            queued.Remove(call);
            Answer(call);
        }
    }

    private void Meet(PeerClient client)
    {
        client.Say(PeerJson.Connection("Updating"));
        if (client is { IsReady: true, Owner.IsRevoked: true })
        {
            LoseLogin(client);
            return;
        }
        if (client is { IsReady: true, Owner.IsFrozen: true }) SayFrozen(client, isFrozen: true);
        client.Say(PeerJson.Connection("Ready"));
    }

    private void ComeOnline()
    {
        var waiting = held.ToArray();
        held.Clear();
        foreach (var action in waiting) action();
    }

    private void Take(PeerCall call)
    {
        var client = call.Client;
        asked.Add(call.Name);
        if (!client.IsStarted) Wake(client);
        client.Pending.Add(call);
        if (client.IsStarting && call.Name != "close") queued.Add(call);
        else Answer(call);
    }

    private static void Wake(PeerClient client)
    {
        client.IsStarted = true;
        client.Say(PeerJson.Option("version", TdLibrary.TestedVersion));
        client.Say(PeerJson.Option("commit_hash", "0"));
        client.EnterPassing("WaitTdlibParameters");
    }

    private void Answer(PeerCall call)
    {
        var client = call.Client;
        if (client.IsClosed) call.Fail(500, "Request aborted");
        else if (client.IsLeaving && call.Name != "close") call.Fail(401, "Unauthorized");
        else if (login.Takes(call)) login.Answer(call);
        else if (client.Login is null)
            call.Fail(400, "Initialization parameters are needed: call setTdlibParameters first");
        else if (!client.IsReady) call.Fail(401, "Unauthorized");
        else AnswerReady(call);
    }

    /// <summary>One thing at a time, in order, whoever starts it and on whatever thread.</summary>
    private void Do(Action action)
    {
        lock (gate)
        {
            work.Enqueue(action);
            if (isWorking) return;
            isWorking = true;
        }
        while (true)
        {
            Action? next;
            lock (gate)
            {
                if (!work.TryDequeue(out next))
                {
                    isWorking = false;
                    return;
                }
            }
            next();
        }
    }
}
