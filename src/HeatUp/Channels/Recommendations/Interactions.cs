using System.Runtime.InteropServices;

namespace HeatUp.Channels.Recommendations;

/// <summary>
/// Collects who follows or reads what. In whatever order it comes, and however often it is said, the same makes the
/// same model. Not thread-safe.
/// </summary>
public sealed class Interactions
{
    private readonly Dictionary<string, List<int>> sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<ChannelName, int> numbers = [];
    private readonly List<ChannelName> channels = [];

    /// <summary>How many sessions have something to do with a channel.</summary>
    public int SessionCount => sessions.Count;

    /// <summary>How many channels occur.</summary>
    public int ChannelCount => channels.Count;

    /// <summary>How many were added, repeated ones included.</summary>
    public long Added { get; private set; }

    /// <summary>A session follows a channel, or has read it.</summary>
    public void Add(string session, ChannelName channel)
    {
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(sessions, session, out _);
        own ??= [];
        if (!numbers.TryGetValue(channel, out var number))
        {
            numbers[channel] = number = channels.Count;
            channels.Add(channel);
        }
        own.Add(number);
        Added++;
    }

    /// <summary>
    /// The channels in canonical order, at most so many, the best known of them; and the sessions in the order of their
    /// names.
    /// </summary>
    internal (ChannelName[] Channels, InteractionMatrix Matrix) ToMatrix(int channelsMax)
    {
        var kept = Kept(channelsMax);
        var newNumbers = new int[channels.Count];
        Array.Fill(newNumbers, -1);
        for (var i = 0; i < kept.Length; i++) newNumbers[numbers[kept[i]]] = i;
        var rows = sessions.OrderBy(session => session.Key, StringComparer.Ordinal)
            .Select(session => session.Value)
            .Select(own => own.Select(number => newNumbers[number]).Where(number => number >= 0).ToArray());
        return (kept, InteractionMatrix.Of(kept.Length, [.. rows]));
    }

    private ChannelName[] Kept(int channelsMax)
    {
        if (channels.Count <= channelsMax) return [.. channels.Order()];
        var counts = new int[channels.Count];
        foreach (var own in sessions.Values)
            foreach (var number in own.Distinct())
                counts[number]++;
        return [.. channels.OrderByDescending(channel => counts[numbers[channel]]).ThenBy(channel => channel)
            .Take(channelsMax).Order()];
    }
}
