using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Messages;

/// <summary>
/// One talk of a device's, over as many connections as it takes: which messages have come, and which of the server's
/// have not been acknowledged yet. Thread-safe.
/// </summary>
internal sealed class Session(long id, AuthKey key, Device device)
{
    /// <summary>How many numbers of messages are remembered, so that none is taken twice.</summary>
    private const int SeenMax = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Task> seen = [];
    private readonly Queue<long> order = new();
    private readonly SortedDictionary<long, Outgoing> unacknowledged = [];
    private int sequence;
    private bool hasBegun;

    public long Id => id;

    public AuthKey Key => key;

    /// <summary>Whose it is; another one once a temporary key is bound.</summary>
    public Device Device { get; set; } = device;

    /// <summary>What the client understands.</summary>
    public TlSchema Schema { get; set; } = TlSchema.Of229;

    /// <summary>The connection over which the newest message came; null if it has ended.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Begins the session; answers whether it had not begun yet.</summary>
    public bool TryBegin()
    {
        lock (gate)
        {
            var isFirst = !hasBegun;
            hasBegun = true;
            return isFirst;
        }
    }

    /// <summary>Whether a message is new, and not one that comes once more.</summary>
    public bool IsNew(long message)
    {
        lock (gate)
        {
            if (!seen.TryAdd(message, Task.CompletedTask)) return false;
            order.Enqueue(message);
            if (order.Count > SeenMax) seen.Remove(order.Dequeue());
            return true;
        }
    }

    /// <summary>Whether a message has come, as far as it is remembered.</summary>
    public bool Knows(long message)
    {
        lock (gate)
        {
            return seen.ContainsKey(message);
        }
    }

    /// <summary>Notes the work on a message, for those that are to come after it.</summary>
    public void Works(long message, Task work)
    {
        lock (gate)
        {
            if (seen.ContainsKey(message)) seen[message] = work;
        }
    }

    /// <summary>The work on a message; done if there is none.</summary>
    public Task WorkOf(long message)
    {
        lock (gate)
        {
            return seen.GetValueOrDefault(message, Task.CompletedTask);
        }
    }

    /// <summary>The next number in the order of a session: odd for what must be acknowledged.</summary>
    public int Next(bool isContent)
    {
        lock (gate)
        {
            var number = sequence * 2 + (isContent ? 1 : 0);
            if (isContent) sequence++;
            return number;
        }
    }

    /// <summary>Keeps a message until the client says that it came.</summary>
    public void Keep(Outgoing message)
    {
        lock (gate)
        {
            unacknowledged[message.Id] = message;
        }
    }

    public void Acknowledge(IEnumerable<long> messages)
    {
        lock (gate)
        {
            foreach (var message in messages) unacknowledged.Remove(message);
        }
    }

    /// <summary>What the client has not said to have, the oldest first.</summary>
    public IReadOnlyList<Outgoing> Unacknowledged()
    {
        lock (gate)
        {
            return [.. unacknowledged.Values];
        }
    }
}

/// <summary>A message of the server's.</summary>
/// <param name="Id">Its number, which tells its time too.</param>
/// <param name="Sequence">Its place in the session.</param>
/// <param name="Body">What it says.</param>
internal sealed record Outgoing(long Id, int Sequence, byte[] Body);
