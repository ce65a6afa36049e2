using System.Collections.Frozen;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>What the built-in planner needs of a pool, worked out once per pool and not once per plan.</summary>
internal sealed class PoolInterests
{
    private readonly FrozenDictionary<ChannelName, int> indexes;
    private readonly int[] categoryOfChannel;
    private readonly long[] categoryKeys;
    private readonly int[] categorySizes;

    public PoolInterests(ChannelPool pool)
    {
        Pool = pool;
        indexes = pool.All.Index().ToFrozenDictionary(entry => entry.Item.Name, entry => entry.Index);
        categoryOfChannel = [.. pool.All.Select(channel => pool.Categories.IndexOf(channel.Category))];
        categoryKeys = [.. pool.Categories.Select(Persona.CategoryKey)];
        categorySizes = new int[categoryKeys.Length];
        foreach (var category in categoryOfChannel) categorySizes[category]++;
        Reasons = [.. pool.Categories.Select(category => new CategoryReasons(category))];
    }

    public ChannelPool Pool { get; }

    /// <summary>The texts about each category, in the pool's order of categories.</summary>
    public CategoryReasons[] Reasons { get; }

    public int ChannelCount => categoryOfChannel.Length;

    /// <summary>The channel's place in the pool; -1 if it isn't there.</summary>
    public int IndexOf(ChannelName name) => indexes.TryGetValue(name, out var index) ? index : -1;

    public ChannelName NameOf(int channel) => Pool.All[channel].Name;

    public CategoryReasons ReasonsOf(int channel) => Reasons[categoryOfChannel[channel]];

    /// <summary>How much a persona likes a channel's category.</summary>
    public double InterestIn(int channel, in Persona persona) =>
        persona.InterestIn(categoryKeys[categoryOfChannel[channel]]);

    /// <summary>
    /// How likely each channel is chosen: the interest in its category, shared among the category's channels, so that
    /// a category with many channels isn't chosen more often.
    /// </summary>
    public void Weigh(in Persona persona, Span<double> weights)
    {
        var categories = categoryKeys.Length;
        Span<double> shares = categories <= StackMax ? stackalloc double[categories] : new double[categories];
        for (var i = 0; i < shares.Length; i++) shares[i] = persona.InterestIn(categoryKeys[i]) / categorySizes[i];
        for (var i = 0; i < weights.Length; i++) weights[i] = shares[categoryOfChannel[i]];
    }

    /// <summary>The largest pool, in channels, that is weighed without touching the heap.</summary>
    public const int StackMax = 256;
}

/// <summary>The reasons that name a category: made once, shared by all plans.</summary>
internal sealed class CategoryReasons(string category)
{
    public string[] Joins { get; } =
    [
        $"{category} is of interest.",
        $"Curious about {category}.",
        $"Something new in {category}.",
    ];

    public string[] FirstReads { get; } =
    [
        $"A first look at what this {category} channel posts.",
        "Seeing what has just been joined.",
        $"Finding out whether this {category} channel is worth following.",
    ];

    public string[] Reads { get; } =
    [
        $"Catching up on {category}.",
        "Back to a channel that it follows.",
        $"What is new in {category}?",
    ];

    public static readonly string[] Breaks =
    [
        "A short break.",
        "Doing something else for a moment.",
        "Letting it sink in.",
    ];
}
