using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Runs.Conduct;

/// <summary>Says before a sitting is planned whether it may begin, and what it may use. Thread-safe.</summary>
public interface ISittingGate
{
    /// <summary>Whether a session's next sitting may begin now.</summary>
    /// <param name="past">What is remembered of the session.</param>
    /// <param name="pool">The channels that there are.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Admission> AdmitAsync(Recollection past, ChannelPool pool, CancellationToken cancellation);
}

/// <summary>The answer at the gate.</summary>
/// <param name="Pool">The channels that the plan may use; null if the sitting may not begin.</param>
/// <param name="Reason">Why it may not begin, as a sentence; null if it may.</param>
/// <param name="Until">When it may; null if that is not known, or if it may now.</param>
public readonly record struct Admission(ChannelPool? Pool, string? Reason, DateTimeOffset? Until)
{
    /// <summary>What the account follows already, whoever joined it: a plan reads it and doesn't join it.</summary>
    public IReadOnlyList<ChannelName> Followed { get; init; } = [];
}
