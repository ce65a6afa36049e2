namespace HeatUp.Channels.Sources;

/// <summary>A directory, a file or Telegram itself, as far as it names channels that may come into the pool.</summary>
public interface IChannelSource
{
    /// <summary>What each channel's entry then says about where it came from, such as <c>tgstat</c>.</summary>
    string Name { get; }

    /// <summary>
    /// What it has, part by part, each as soon as it is there. A part that fails says so and the others go on: no
    /// fault of a source is thrown.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    IAsyncEnumerable<SourcePart> FetchAsync(CancellationToken cancellation);
}

/// <summary>A part of what a source has: a category of a directory, a file.</summary>
/// <param name="Title">What it is called, for people and summaries, such as <c>News</c>.</param>
/// <param name="Channels">The channels, cleaned; of several that differ in case only, the first.</param>
/// <param name="Remarks">What is wrong with single items: one line each, the rest counted in one more.</param>
/// <param name="Failure">Why there is nothing, and what to do next; null if it worked.</param>
public sealed record SourcePart(
    string Title, IReadOnlyList<Channel> Channels, IReadOnlyList<string> Remarks, string? Failure = null)
{
    /// <summary>The items that are no channels for the pool, counted by reason.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];
}
