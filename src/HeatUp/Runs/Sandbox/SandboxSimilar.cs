using HeatUp.Channels;

namespace HeatUp.Runs.Sandbox;

/// <summary>
/// Which channels the sandbox holds to be alike: listed ones of a category, and some that no file has. The names of
/// those say that they are made up: <c>@sandbox_science_12</c>.
/// </summary>
internal static class SandboxSimilar
{
    /// <summary>How many made-up channels a category has.</summary>
    private const int MadeUpPerCategory = 40;

    /// <summary>How many of an answer's channels are made up.</summary>
    private const int MadeUpPerAnswer = 3;

    private const string Prefix = "@sandbox_";
    private const int CategoryLengthMax = 16;

    /// <summary>Whether a name is one that the sandbox makes up.</summary>
    public static bool IsMadeUp(ChannelName name) =>
        name.Value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The channels that are similar to this one: always the same under a seed and a list.</summary>
    public static IEnumerable<ChannelName> To(ChannelName channel, ChannelPool listed, Seed seed)
    {
        var category = CategoryOf(channel, listed);
        var own = seed.Fork(channel.Value.ToLowerInvariant()).Fork("similar");
        var known = listed.All
            .Where(other => other.Name != channel && Slug(other.Category) == category)
            .OrderBy(other => own.Fork(other.Name.Value.ToLowerInvariant()).Value)
            .Take(SandboxFigures.SimilarMax - MadeUpPerAnswer)
            .Select(other => other.Name);
        var madeUp = Enumerable.Range(1, MadeUpPerCategory)
            .OrderBy(number => own.Fork(number).Value)
            .Select(number => ChannelName.Parse($"{Prefix}{category}_{number}"))
            .Where(name => name != channel)
            .Take(MadeUpPerAnswer);
        return known.Concat(madeUp).Distinct();
    }

    /// <summary>The category in a channel's made-up name, or of its entry.</summary>
    private static string CategoryOf(ChannelName channel, ChannelPool listed)
    {
        if (listed.Find(channel) is { } entry) return Slug(entry.Category);
        var rest = channel.Value[Prefix.Length..].ToLowerInvariant();
        return Slug(rest.Split('_')[0]);
    }

    private static string Slug(string category)
    {
        var plain = category.Where(char.IsAsciiLetterOrDigit).Take(CategoryLengthMax);
        var slug = string.Concat(plain).ToLowerInvariant();
        return slug.Length > 0 ? slug : "other";
    }
}
