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
    /// <summary>
    /// Claims a pass over the channels, so that all machines together make one in each period. Whoever has claimed it
    /// need not free it.
    /// </summary>
    /// <param name="period">How long it is nobody else's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether nobody had claimed it.</returns>
    ValueTask<bool> TryClaimAsync(TimeSpan period, CancellationToken cancellation);

    /// <summary>Publishes checks. Of one channel the newest stays.</summary>
    ValueTask PublishAsync(IReadOnlyList<SharedCheck> checks, CancellationToken cancellation);

    /// <summary>What was published after a time; what was published shortly before comes once more.</summary>
    /// <param name="after">An earlier answer's time; null for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<PublishedChecks> PublishedAsync(DateTimeOffset? after, CancellationToken cancellation);
}

/// <summary>Checks that machines have published.</summary>
/// <param name="Checks">They.</param>
/// <param name="At">When they were asked for, by the clock that all machines share.</param>
public sealed record PublishedChecks(IReadOnlyList<SharedCheck> Checks, DateTimeOffset At);

/// <summary>
/// Keeps a file of channels in step with what all machines know: publishes what was found out here, and takes over what
/// others have found out about its channels. The newer check counts. For one caller at a time.
/// </summary>
/// <param name="place">Where the file is.</param>
/// <param name="shared">Where checks are kept together.</param>
public sealed class CheckExchange(ChannelsPlace place, ISharedChecks shared)
{
    /// <summary>How far a machine's clock may be ahead: what it checks later than this is its own affair.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(1);

    private readonly Dictionary<ChannelName, SharedCheck> known = [];
    private DateTimeOffset? asked;

    /// <summary>Where checks are kept together.</summary>
    public ISharedChecks Shared => shared;

    /// <summary>
    /// Publishes, then takes over. A file that can't be read is left alone. Where more than a fifth of the usable
    /// channels would leave the pool, as in a pass, the faults are not taken over.
    /// </summary>
    /// <returns>How many faults were not taken over, because they are too many.</returns>
    /// <exception cref="ChannelFileException">What others found can't be written; it is tried again next time.
    /// </exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellation)
    {
        var published = await shared.PublishedAsync(asked, cancellation);
        var latest = published.At + AheadMax;
        foreach (var check in published.Checks)
            if (check.Check.At <= latest) known[check.Channel] = check;
        var file = ChannelFile.Read(place);
        if (file.IsBroken) return 0;
        var ours = file.Entries.Select(Unpublished).OfType<SharedCheck>().Where(one => one.Check.At <= latest).ToList();
        if (ours.Count > 0) await shared.PublishAsync(ours, cancellation);
        foreach (var check in ours) known[check.Channel] = check;
        asked = published.At;
        var faults = file.Entries.Count(IsTakenOut);
        var areTooMany = faults * ValidationLimits.TakenOutPart > file.Channels.Length;
        if (file.Entries.Any(IsBehind))
            ChannelFileWriter.Update(place, entries => [.. entries.Select(entry => IsBehind(entry)
                ? known[entry.Channel.Name].On(entry)
                : entry)]);
        return areTooMany ? faults : 0;

        bool IsBehind(ListedChannel entry) => Newer(entry) is not null && !(areTooMany && IsTakenOut(entry));
    }

    private bool IsTakenOut(ListedChannel entry) => entry.IsUsable && Newer(entry) is { Check.Fault: not null };

    /// <summary>What others know of an entry that the file doesn't; null if nothing.</summary>
    private SharedCheck? Newer(ListedChannel entry) =>
        known.TryGetValue(entry.Channel.Name, out var check) && !(entry.Check?.At >= check.Check.At) ? check : null;

    /// <summary>What the file knows of an entry that others don't; null if nothing. A fault says nothing of a count.
    /// </summary>
    private SharedCheck? Unpublished(ListedChannel entry) => entry.Check is { } check
        && !(known.TryGetValue(entry.Channel.Name, out var other) && other.Check.At >= check.At)
            ? new(entry.Channel.Name, check, check.Fault is null ? entry.Channel.Subscribers : null)
            : null;
}
