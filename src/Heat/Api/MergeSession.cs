using HeatUp.Channels;
using HeatUp.Channels.Sources;

namespace Heat.Api;

/// <summary>A source, merged into the file of channels: whole, or what of it came before somebody stopped it.</summary>
internal sealed class MergeSession(IChannelSource source, ChannelsPlace place, bool isDry)
{
    private readonly List<SourcePart> parts = [];
    private ChannelMerge? merge;
    private bool isWritten;
    private bool isStopped;

    /// <summary>What came of it.</summary>
    public MergeAnswer Answer => MergeAnswer.Of(
        source.Name, Path.GetFullPath(place.Path), isDry, isWritten, isStopped, merge!);

    /// <summary>Refuses a file that could not be changed, before anything is asked for.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="isDry">Whether nothing is to be written: then it may lie where nobody can write.</param>
    /// <exception cref="ChannelFileException">It is no such file.</exception>
    public static void CheckTarget(ChannelsPlace place, bool isDry)
    {
        // What a directory answers may have been paid for: it is asked only if its answer can be written down.
        if (isDry) ChannelFileWriter.Preview(place, entries => entries);
        else ChannelFileWriter.Update(place, entries => entries);
    }

    /// <exception cref="ChannelFileException">The file can't be written; it is as it was.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var part in source.FetchAsync(stop)) parts.Add(part);
        }
        catch (OperationCanceledException)
        {
            // What has come has been paid for.
            isStopped = true;
        }
        var now = TimeProvider.System.GetUtcNow();
        IReadOnlyList<ListedChannel> Merge(IReadOnlyList<ListedChannel> entries) =>
            (merge = ChannelMerge.Of(entries, source.Name, parts, now)).Entries;
        if (isDry || parts.TrueForAll(part => part.Channels.Count == 0)) ChannelFileWriter.Preview(place, Merge);
        else isWritten = ChannelFileWriter.Update(place, Merge);
    }
}
