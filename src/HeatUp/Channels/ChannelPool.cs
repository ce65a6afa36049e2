using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace HeatUp.Channels;

/// <summary>The closed set of channels that a plan may use. Immutable; each channel once, in canonical order.</summary>
public sealed class ChannelPool
{
    private static readonly ImmutableArray<Channel> Verified =
    [
        OfTelegram("durov", "Personal channel of Telegram founder Pavel Durov."),
        OfTelegram("telegram", "Product news from Telegram itself."),
    ];

    private readonly FrozenDictionary<ChannelName, Channel> byName;

    private ChannelPool(ImmutableArray<Channel> channels)
    {
        All = channels;
        byName = channels.ToFrozenDictionary(channel => channel.Name);
        Categories = [.. channels.Select(channel => channel.Category).Distinct().Order(StringComparer.Ordinal)];
        Hash = HashOf(channels);
    }

    /// <summary>The pool that is there without any file: <c>@durov</c> and <c>@telegram</c>.</summary>
    public static ChannelPool VerifiedOnly { get; } = Of([]);

    /// <summary>The channels in canonical order: by name, whatever their order in the source.</summary>
    public ImmutableArray<Channel> All { get; }

    /// <summary>The categories that occur, in ordinal order.</summary>
    public ImmutableArray<string> Categories { get; }

    /// <summary>SHA-256 of all that the pool says, in lower-case hexadecimal: pools of one hash say the same.</summary>
    public string Hash { get; }

    /// <summary>
    /// A pool of <c>@durov</c>, <c>@telegram</c> and these channels. Of several that differ in case only, the first is
    /// kept; what a source says of the two verified channels replaces what is built in.
    /// </summary>
    public static ChannelPool Of(IEnumerable<Channel> channels) =>
        new([.. channels.Concat(Verified).DistinctBy(channel => channel.Name).OrderBy(channel => channel.Name)]);

    /// <summary>A pool of these channels and no others, not even the verified ones.</summary>
    internal static ChannelPool OfExactly(IEnumerable<Channel> channels) =>
        new([.. channels.DistinctBy(channel => channel.Name).OrderBy(channel => channel.Name)]);

    /// <summary>Whether a plan may use this channel.</summary>
    public bool Contains(ChannelName name) => byName.ContainsKey(name);

    /// <summary>The channel of this name, in any case; null if the pool has none.</summary>
    public Channel? Find(ChannelName name) => byName.GetValueOrDefault(name);

    private static Channel OfTelegram(string name, string description) =>
        new(ChannelName.Parse(name), description, "Technology", null, $"https://t.me/{name}");

    private static string HashOf(ImmutableArray<Channel> channels)
    {
        var text = new StringBuilder();
        foreach (var c in channels)
            text.Append(c.Name).Append('\t').Append(c.Category).Append('\t').Append(c.Subscribers).Append('\t')
                .Append(c.TgstatUrl).Append('\t').Append(c.Description).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
