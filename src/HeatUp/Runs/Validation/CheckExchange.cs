using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>What a check has shown of a channel, for all machines that list it.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="Check">What the look-up showed.</param>
/// <param name="Subscribers">How many follow it; null if unknown.</param>
public sealed record SharedCheck(ChannelName Channel, ChannelCheck Check, long? Subscribers)
{
    /// <summary>A channel's entry with this check.</summary>
    internal ListedChannel On(ListedChannel entry) => entry with
    {
        Channel = Subscribers is { } count ? entry.Channel.WithSubscribers(count) : entry.Channel,
        Check = Check,
    };
}

/// <summary>Where several machines keep their channels' checks together. Thread-safe.</summary>
public interface ISharedChecks
{
    /// <summary>Takes the turn to look channels up, so that several machines don't look the same ones up.</summary>
    /// <param name="atMost">After so long it is free again, whatever has become of its holder.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was free; if so, <see cref="EndTurnAsync"/> frees it again.</returns>
    ValueTask<bool> TryTakeTurnAsync(TimeSpan atMost, CancellationToken cancellation);

    /// <summary>Frees the turn, if this machine has it.</summary>
    ValueTask EndTurnAsync();

    /// <summary>Publishes checks. Of one channel the newest stays.</summary>
    ValueTask PublishAsync(IReadOnlyList<SharedCheck> checks, CancellationToken cancellation);

    /// <summary>What was published after a mark, and the next mark. Some of it may come twice.</summary>
    /// <param name="after">An earlier answer's mark; null for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<PublishedChecks> PublishedAsync(DateTimeOffset? after, CancellationToken cancellation);
}

/// <summary>Checks that machines have published.</summary>
/// <param name="Checks">They.</param>
/// <param name="Mark">What to ask by for those that come later.</param>
public sealed record PublishedChecks(IReadOnlyList<SharedCheck> Checks, DateTimeOffset Mark);

/// <summary>
/// Keeps a file of channels in step with what all machines know: takes over what others have found out about its
/// channels, and publishes what was found out here. The newer check counts. For one caller at a time.
/// </summary>
/// <param name="place">Where the file is.</param>
/// <param name="shared">Where checks are kept together.</param>
public sealed class CheckExchange(ChannelsPlace place, ISharedChecks shared)
{
    private readonly Dictionary<ChannelName, SharedCheck> known = [];
    private DateTimeOffset? mark;

    /// <summary>The turn to look channels up is taken and freed here.</summary>
    public ISharedChecks Shared => shared;

    /// <summary>Takes over, then publishes. A file that can't be read is left alone.</summary>
    /// <exception cref="ChannelFileException">What others found can't be written; it is tried again next time.
    /// </exception>
    public async ValueTask RunAsync(CancellationToken cancellation)
    {
        var published = await shared.PublishedAsync(mark, cancellation);
        foreach (var check in published.Checks) known[check.Channel] = check;
        var file = ChannelFile.Read(place);
        if (file.IsBroken) return;
        if (file.Entries.Any(entry => Newer(entry) is not null))
            ChannelFileWriter.Update(place, entries => [.. entries.Select(entry => Newer(entry) is { } newer
                ? newer.On(entry)
                : entry)]);
        var ours = file.Entries.Select(Unpublished).OfType<SharedCheck>().ToList();
        if (ours.Count > 0) await shared.PublishAsync(ours, cancellation);
        foreach (var check in ours) known[check.Channel] = check;
        mark = published.Mark;
    }

    /// <summary>What others know of an entry that the file doesn't; null if nothing.</summary>
    private SharedCheck? Newer(ListedChannel entry) =>
        known.TryGetValue(entry.Channel.Name, out var check) && !(entry.Check?.At >= check.Check.At) ? check : null;

    /// <summary>What the file knows of an entry that others don't; null if nothing.</summary>
    private SharedCheck? Unpublished(ListedChannel entry) => entry.Check is { } check
        && !(known.TryGetValue(entry.Channel.Name, out var other) && other.Check.At >= check.At)
            ? new(entry.Channel.Name, check, entry.Channel.Subscribers)
            : null;
}
