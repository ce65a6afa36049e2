using System.Collections.Concurrent;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Messages;

/// <summary>The talks that clients have begun, by the key and the number that they chose. Thread-safe.</summary>
internal sealed class SessionRing(TelegramWorld world)
{
    private readonly ConcurrentDictionary<(long Key, long Id), Session> sessions = new();

    public int Count => sessions.Count;

    /// <summary>A talk, a new one if it isn't known.</summary>
    public Session Find(AuthKey key, long id) =>
        sessions.GetOrAdd((key.Id, id), _ => new Session(id, key, world.DeviceOf(key.Id)));

    /// <summary>Those of a device that have a connection.</summary>
    public IReadOnlyList<Session> Of(Device device) =>
        [.. sessions.Values.Where(session => session.Device == device && session.Connection is not null)];

    /// <summary>Forgets a device's talks, as when it is thrown out: the next message begins a new one.</summary>
    public void Forget(Device device)
    {
        foreach (var (place, session) in sessions)
            if (session.Device == device)
                sessions.TryRemove(place, out _);
    }

    /// <summary>A connection has ended.</summary>
    public void Leave(Connection connection)
    {
        foreach (var session in sessions.Values.Where(session => session.Connection == connection))
            session.Connection = null;
    }

    public void ForgetAll() => sessions.Clear();
}
