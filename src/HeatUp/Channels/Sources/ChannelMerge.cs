using System.Collections.Immutable;

namespace HeatUp.Channels.Sources;

/// <summary>
/// What a source has, merged into the entries of a file. What came from the same source before is brought up to date;
/// of all others, hand-written ones among them, only what is unknown is filled in. Nothing is ever taken away.
/// </summary>
public sealed class ChannelMerge
{
    private ChannelMerge(IReadOnlyList<ListedChannel> entries, ImmutableArray<MergedPart> parts) =>
        (Entries, Parts) = (entries, parts);

    /// <summary>The entries after it: the old ones in their order, then the new ones.</summary>
    public IReadOnlyList<ListedChannel> Entries { get; }

    /// <summary>What it did, for each part of the source.</summary>
    public ImmutableArray<MergedPart> Parts { get; }

    /// <summary>Merges.</summary>
    /// <param name="entries">The file's entries.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="parts">What it has. Parts that failed change nothing.</param>
    /// <param name="now">When the new entries came in.</param>
    public static ChannelMerge Of(
        IReadOnlyList<ListedChannel> entries, string source, IReadOnlyList<SourcePart> parts, DateTimeOffset now)
    {
        var found = FoundIn(parts);
        var changes = new Dictionary<ChannelName, (string Part, bool IsNew, ImmutableArray<string> Fields)>();
        var asked = parts.Where(part => part.Failure is null).Select(part => part.Title).ToImmutableArray();
        var merged = new List<ListedChannel>(entries.Count);
        foreach (var entry in entries)
        {
            var name = entry.Channel.Name;
            var after = found.TryGetValue(name, out var one) ? Renewed(entry, one, source, asked) : entry;
            if (after != entry) changes[name] = (PartOf(one!, after), false, FieldsOf(entry, after));
            merged.Add(after);
        }
        var known = entries.Select(entry => entry.Channel.Name).ToHashSet();
        foreach (var (name, one) in found.Where(one => !known.Contains(one.Key)))
        {
            changes[name] = (one[0].Title, true, []);
            merged.Add(new(one[0].Channel) { Source = source, AddedAt = now });
        }
        var missing = entries.Where(entry => entry.Source == source && !found.ContainsKey(entry.Channel.Name)).ToList();
        return new(merged, [.. parts.Select(part => new MergedPart(
            part, [.. NewIn(part)], [.. ChangedIn(part)], [.. MissingIn(part)]))]);

        IEnumerable<ChannelName> NewIn(SourcePart part) => changes
            .Where(change => change.Value.Part == part.Title && change.Value.IsNew).Select(change => change.Key);

        IEnumerable<ChangedChannel> ChangedIn(SourcePart part) => changes
            .Where(change => change.Value.Part == part.Title && !change.Value.IsNew)
            .Select(change => new ChangedChannel(change.Key, change.Value.Fields));

        IEnumerable<ChannelName> MissingIn(SourcePart part) => missing
            .Where(entry => part.Failure is null && Same(entry.Channel.Category, part.Title))
            .Select(entry => entry.Channel.Name);
    }

    /// <summary>Each channel with the parts that have it: one may be in several categories.</summary>
    private static Dictionary<ChannelName, List<FoundChannel>> FoundIn(IReadOnlyList<SourcePart> parts)
    {
        var found = new Dictionary<ChannelName, List<FoundChannel>>();
        foreach (var part in parts.Where(part => part.Failure is null))
            foreach (var channel in part.Channels)
            {
                if (!found.TryGetValue(channel.Name, out var all)) found[channel.Name] = all = [];
                all.Add(new(part.Title, channel));
            }
        return found;
    }

    private static ListedChannel Renewed(
        ListedChannel entry, List<FoundChannel> found, string source, ImmutableArray<string> asked)
    {
        var (old, now) = (entry.Channel, found[0].Channel);
        var channel = entry.Source == source
            ? new Channel(
                old.Name,
                now.Description.Length > 0 ? now.Description : old.Description,
                CategoryOf(old, found, asked),
                now.Subscribers ?? old.Subscribers,
                now.TgstatUrl ?? old.TgstatUrl)
            : new Channel(
                old.Name,
                old.Description.Length > 0 ? old.Description : now.Description,
                old.Category != Channel.NoCategory ? old.Category : now.Category,
                old.Subscribers ?? now.Subscribers,
                old.TgstatUrl ?? now.TgstatUrl);
        return channel == old ? entry : entry with { Channel = channel };
    }

    /// <summary>
    /// The category changes only if the old one was asked for and doesn't have the channel any more: a channel of
    /// several must not go to and fro with what is asked for.
    /// </summary>
    private static string CategoryOf(Channel old, List<FoundChannel> found, ImmutableArray<string> asked)
    {
        if (old.Category == Channel.NoCategory) return found[0].Channel.Category;
        var isThere = found.Any(one => Same(one.Channel.Category, old.Category));
        var wasAsked = asked.Any(title => Same(title, old.Category));
        var isOfFile = found.All(one => !asked.Any(title => Same(title, one.Channel.Category)));
        return !isThere && (wasAsked || isOfFile) && found[0].Channel.Category != Channel.NoCategory
            ? found[0].Channel.Category
            : old.Category;
    }

    private static string PartOf(List<FoundChannel> found, ListedChannel entry) =>
        (found.Find(one => Same(one.Channel.Category, entry.Channel.Category)) ?? found[0]).Title;

    private static ImmutableArray<string> FieldsOf(ListedChannel before, ListedChannel after)
    {
        var (old, now) = (before.Channel, after.Channel);
        var fields = ImmutableArray.CreateBuilder<string>();
        if (old.Description != now.Description) fields.Add("description");
        if (old.Category != now.Category) fields.Add("category");
        if (old.Subscribers != now.Subscribers) fields.Add("subscribers");
        if (old.TgstatUrl != now.TgstatUrl) fields.Add("tgstat_url");
        return fields.ToImmutable();
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private sealed record FoundChannel(string Title, Channel Channel);
}

/// <summary>What a part of a source did to a file.</summary>
/// <param name="Part">The part.</param>
/// <param name="New">The channels that came in by it.</param>
/// <param name="Changed">The entries that it changed.</param>
/// <param name="NotFound">
/// The entries of this source and category that it doesn't have any more. They stay: it need not have named all.
/// </param>
public sealed record MergedPart(
    SourcePart Part,
    ImmutableArray<ChannelName> New,
    ImmutableArray<ChangedChannel> Changed,
    ImmutableArray<ChannelName> NotFound);

/// <summary>An entry that a merge changed.</summary>
/// <param name="Name">The channel.</param>
/// <param name="Fields">The fields that are other than before, as the file calls them.</param>
public sealed record ChangedChannel(ChannelName Name, ImmutableArray<string> Fields);
