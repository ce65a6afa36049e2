using System.Collections.Concurrent;

namespace HeatUp.Telegram.Messages;

/// <summary>The keys that were agreed on with clients. Thread-safe.</summary>
internal sealed class KeyRing
{
    private readonly ConcurrentDictionary<long, AuthKey> keys = new();

    public int Count => keys.Count;

    public AuthKey? Find(long id) => keys.GetValueOrDefault(id);

    public void Keep(AuthKey key) => keys[key.Id] = key;

    public void Forget(long id) => keys.TryRemove(id, out _);

    /// <summary>As a server that has lost them: clients are told so, and make new ones.</summary>
    public void ForgetAll() => keys.Clear();

    /// <summary>New salts for all, as there are each half hour: messages with the old ones are refused once.</summary>
    public void ChangeSalts()
    {
        foreach (var key in keys.Values) key.Salt++;
    }
}
