using System.Text.Json;
using System.Text.Json.Nodes;

namespace HeatUp.Testing.Peer;

/// <summary>A client as the peer sees it: what it waits for, and where it stands.</summary>
internal sealed class PeerClient(ScriptedPeer peer, int number, Action<ReadOnlyMemory<byte>> receive)
{
    private const int Aborted = 500;
    private const int Unauthorized = 401;

    /// <summary>What was asked and not answered yet.</summary>
    public List<PeerCall> Pending { get; } = [];

    public int Number => number;

    /// <summary>The account's folder; null before it is named.</summary>
    public string? Folder { get; set; }

    /// <summary>Keeps other processes out of the folder while this client has it.</summary>
    public IDisposable? FolderLock { get; set; }

    /// <summary>What the folder says now.</summary>
    public PeerFolder? Login { get; set; }

    public bool IsStarted { get; set; }

    /// <summary>Whether it is trying to open its folder.</summary>
    public bool IsStarting { get; set; }

    public bool IsClosed { get; private set; }

    public bool IsForgotten { get; set; }

    public bool IsLeaving { get; set; }

    public bool IsReady => Login?.State == PeerFolder.Ready && !IsClosed && !IsLeaving;

    /// <summary>The request of a login that is on its way.</summary>
    public PeerCall? LoggingIn { get; set; }

    /// <summary>What this client has heard of, by chat.</summary>
    public HashSet<long> Knows { get; } = [];

    public HashSet<long> Opened { get; } = [];

    /// <summary>The lists of chats that are loaded.</summary>
    public HashSet<string> Loaded { get; } = [];

    public PeerOwner? Owner => Login is null ? null : peer.OwnerOf(Login.Phone);

    /// <summary>Everything it says is heard by the test too.</summary>
    public void Say(JsonObject json)
    {
        if (IsForgotten) return;
        json["@client_id"] = number;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(json);
        peer.Heard?.Invoke(JsonElement.Parse(bytes));
        if (peer.Noise is null) receive(bytes);
        else foreach (var one in peer.Noise.Around(json)) Deliver(one);
    }

    private void Deliver(JsonObject json)
    {
        json["@client_id"] = number;
        receive(JsonSerializer.SerializeToUtf8Bytes(json));
    }

    /// <summary>Goes on with the login, and keeps where it stands.</summary>
    public void Enter(PeerFolder login)
    {
        Login = login;
        login.Write(Folder!);
        Say(PeerJson.State(PeerLogin.StateOf(this, peer.Clock.GetUtcNow())));
    }

    public void EnterPassing(string state) =>
        Say(PeerJson.State(PeerJson.Of($"authorizationState{state}")));

    /// <summary>The login is over: nobody says why.</summary>
    public void Leave()
    {
        IsLeaving = true;
        EnterPassing("LoggingOut");
        AnswerAll(Unauthorized, "Unauthorized");
    }

    public void Close(bool forgets)
    {
        if (!forgets)
        {
            EnterPassing("Closing");
            AnswerAll(Aborted, "Request aborted");
        }
        else if (Folder is not null) PeerFolder.Empty(Folder);
        IsClosed = true;
        FolderLock?.Dispose();
        EnterPassing("Closed");
    }

    private void AnswerAll(int code, string message)
    {
        foreach (var call in Pending.ToArray()) call.Fail(code, message);
    }
}
