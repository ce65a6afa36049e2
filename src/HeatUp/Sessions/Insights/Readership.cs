using System.Numerics;

namespace HeatUp.Sessions;

/// <summary>Which sessions read which channels. One caller.</summary>
internal sealed class Readership
{
    /// <summary>Among so many channels, those with the most readers, is looked for what is read by the same.</summary>
    private const int ChannelsMax = 100;

    private const int PairsMax = 100;
    private const int Digits = 4;

    private readonly Dictionary<int, NumberSet> readers = [];

    public void Add(int session, int channel)
    {
        if (!readers.TryGetValue(channel, out var set)) readers[channel] = set = new NumberSet();
        set.Add(session);
    }

    /// <summary>How many sessions read a channel.</summary>
    public long Of(int channel) => readers.GetValueOrDefault(channel)?.Count ?? 0;

    /// <summary>The channels that are read by the same sessions, those with the most of them first.</summary>
    public IReadOnlyList<CoReading> Pairs(NameTable names)
    {
        var most = readers.Select(one => (Name: names.NameOf(one.Key).Value, Readers: one.Value))
            .OrderByDescending(one => one.Readers.Count).ThenBy(one => one.Name, StringComparer.OrdinalIgnoreCase)
            .Take(ChannelsMax).ToList();
        var pairs = new List<CoReading>();
        for (var i = 0; i < most.Count; i++)
            for (var j = i + 1; j < most.Count; j++)
            {
                var both = most[i].Readers.CountWith(most[j].Readers);
                var either = most[i].Readers.Count + most[j].Readers.Count - both;
                if (both > 0)
                    pairs.Add(new(most[i].Name, most[j].Name, both, either, Math.Round((double)both / either, Digits)));
            }
        return [.. pairs.OrderByDescending(one => one.Both).ThenByDescending(one => one.Share)
            .ThenBy(one => one.Channel, StringComparer.OrdinalIgnoreCase)
            .ThenBy(one => one.With, StringComparer.OrdinalIgnoreCase).Take(PairsMax)];
    }
}

/// <summary>A set of small numbers, a bit each.</summary>
internal sealed class NumberSet
{
    private const int BitsPerWord = 64;

    private ulong[] words = [];

    public long Count { get; private set; }

    public void Add(int number)
    {
        var word = number / BitsPerWord;
        if (word >= words.Length) Array.Resize(ref words, Math.Max(word + 1, words.Length * 2));
        var bit = 1UL << number % BitsPerWord;
        if ((words[word] & bit) != 0) return;
        words[word] |= bit;
        Count++;
    }

    /// <summary>How many are in both.</summary>
    public long CountWith(NumberSet other)
    {
        var count = 0L;
        for (var word = Math.Min(words.Length, other.words.Length) - 1; word >= 0; word--)
            count += BitOperations.PopCount(words[word] & other.words[word]);
        return count;
    }
}
