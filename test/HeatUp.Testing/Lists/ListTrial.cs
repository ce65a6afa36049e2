using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;
using HeatUp.Primitives;

namespace HeatUp.Testing.Lists;

/// <summary>Imports a damaged list, and looks at what must hold whatever the damage.</summary>
public static class ListTrial
{
    /// <summary>The longest that a small list may take, on a machine that is busy with other things too.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(10);

    /// <summary>Imports one; answers how many channels it has, how long it took, and what is wrong, null if nothing is.
    /// </summary>
    public static async Task<(int Channels, TimeSpan Time, string? Fault)> RunAsync(Seed seed)
    {
        var (file, bytes) = ListMutations.Of(seed);
        var start = Stopwatch.GetTimestamp();
        SourcePart? part = null;
        string? fault = null;
        try
        {
            await foreach (var one in new FileSource(file, () => new MemoryStream(bytes)).FetchAsync(default)) part = one;
            fault = FaultOf(part!);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            fault = failure.ToString();
        }
        var time = Stopwatch.GetElapsedTime(start);
        if (time > TimeMax) fault ??= $"it took {time}";
        return (part?.Channels.Count ?? 0, time, fault is null ? null : $"{file}, {bytes.Length} bytes: {fault}");
    }

    private static string? FaultOf(SourcePart part)
    {
        foreach (var channel in part.Channels)
            if (!ChannelName.TryParse(channel.Name.Value, out var name) || name != channel.Name)
                return $"{channel.Name} is no name";
            else if (channel.Name.Value.ToLowerInvariant() is "@none" or "@null" or "@undefined" or "@false")
                return $"{channel.Name} is no channel";
            else if (channel.TgstatUrl != $"https://t.me/{channel.Name.Value[1..]}")
                return $"{channel.TgstatUrl} is not the link to {channel.Name}";
        if (part.Channels.DistinctBy(channel => channel.Name).Count() != part.Channels.Count) return "a channel is there twice";
        if (part.Channels.Count == 0 != part.Failure is not null) return $"{part.Channels.Count} channels, but {part.Failure}";
        return null;
    }
}
