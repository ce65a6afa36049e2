using System.Text.Json.Nodes;

namespace HeatUp.Testing.Peer;

/// <summary>What a test lets happen to a request instead of what the world would answer.</summary>
public abstract record PeerTurn
{
    private PeerTurn() { }

    /// <summary>It is refused: 400 PEER_FLOOD, 500 and others.</summary>
    public sealed record Error(int Code, string Message) : PeerTurn;

    /// <summary>Telegram asks aloud for a wait: one that is too long for TDLib to sit it out.</summary>
    public sealed record Flood(int Seconds) : PeerTurn;

    /// <summary>Nothing happens, and nobody ever says so.</summary>
    public sealed record Silence : PeerTurn;

    /// <summary>It happens later: a flood wait that TDLib sits out, or a bad network.</summary>
    public sealed record Late(TimeSpan After) : PeerTurn;

    /// <summary>It happens, but its answer comes later.</summary>
    public sealed record HappensAnsweredLate(TimeSpan After) : PeerTurn;

    /// <summary>It is refused, but that is said later: the network was slow.</summary>
    public sealed record RefusedLate(TimeSpan After, int Code, string Message) : PeerTurn;

    /// <summary>The login is found to be over, for this reason.</summary>
    public sealed record Revoked(string Reason) : PeerTurn;

    /// <summary>
    /// It is refused because the account is frozen. An update says so too, but for itself: <see
    /// cref="ScriptedPeer.Freeze"/>.
    /// </summary>
    public sealed record Frozen : PeerTurn;

    /// <summary>This is the answer.</summary>
    public sealed record Says(JsonObject Answer) : PeerTurn;
}
