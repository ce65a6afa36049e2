using HeatUp.Channels;
using HeatUp.Channels.Recommendations;

namespace HeatUp.Simulations;

/// <summary>
/// What all sessions of a population follow: what their next plans are advised by, also in processes that live only a
/// part of it.
/// </summary>
/// <param name="Bytes">For each session its number, how many channels it follows, and their places in the pool.</param>
public sealed record Followed(byte[] Bytes)
{
    /// <summary>Nobody follows anything: no plan is advised.</summary>
    internal static Followed Nothing { get; } = new([]);

    internal static Followed Of(IEnumerable<ShardMemory> memories)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var (session, memory) in memories.SelectMany(memory => memory.All))
        {
            var channels = memory.Followed.ToList();
            writer.Write7BitEncodedInt(session);
            writer.Write7BitEncodedInt(channels.Count);
            foreach (var channel in channels) writer.Write7BitEncodedInt(channel);
        }
        writer.Flush();
        return new Followed(bytes.ToArray());
    }

    /// <summary>The model of it; the same wherever it is made.</summary>
    /// <param name="pool">The channels of the population.</param>
    /// <param name="threadCount">How many threads make it; 1 or more.</param>
    public RecommendationModel ToModel(ChannelPool pool, int threadCount)
    {
        if (Bytes.Length == 0) return RecommendationModel.Empty;
        var interactions = new Interactions();
        using var reader = new BinaryReader(new MemoryStream(Bytes, writable: false));
        while (reader.BaseStream.Position < Bytes.Length)
        {
            var session = Population.NameOf(reader.Read7BitEncodedInt()).Value;
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                interactions.Add(session, pool.All[reader.Read7BitEncodedInt()].Name);
        }
        return RecommendationModel.Of(interactions, threadCount);
    }
}
