namespace HeatUp.Channels.Recommendations;

/// <summary>A channel that may suit a session.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="Score">How well; greater is better. It compares channels of one answer and nothing else.</param>
/// <param name="Reason">Why, for people: one sentence.</param>
public sealed record Recommendation(ChannelName Channel, double Score, string Reason);

/// <summary>What is known of a session's taste.</summary>
/// <param name="Joined">What it follows: never recommended.</param>
/// <param name="Read">What it read lately, whether it follows it or not.</param>
public sealed record Taste(IReadOnlyCollection<ChannelName> Joined, IReadOnlyCollection<ChannelName> Read)
{
    /// <summary>Of a session of which nothing is known.</summary>
    public static Taste Unknown { get; } = new([], []);
}
