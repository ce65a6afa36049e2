using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeatUp.Simulations;

/// <summary>What a run folder says of its run: <c>manifest.json</c>.</summary>
/// <param name="Format">The version of the folder's format: <see cref="FormatNow"/>.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Commit">The commit it was built from; null if that isn't known.</param>
/// <param name="Status">Where the run stands.</param>
/// <param name="Detail">Why it is not complete, for people; null if it is.</param>
/// <param name="Scenario">The effective scenario, as a scenario file would have it.</param>
/// <param name="ScenarioHash">SHA-256 of that.</param>
/// <param name="Seed">The seed.</param>
/// <param name="PoolHash">SHA-256 of the pool.</param>
/// <param name="PoolChannels">How many channels it has.</param>
/// <param name="Reached">Until when it was simulated.</param>
/// <param name="Sessions">How many sessions arrived.</param>
/// <param name="Sittings">How many sittings began.</param>
/// <param name="Actions">How many actions were tried.</param>
/// <param name="Transcript">SHA-256 of all that happened, in order.</param>
/// <param name="Deterministic">Whether the same scenario and version give the same bytes again.</param>
/// <param name="Why">Why they do, or don't.</param>
/// <param name="Model">The language model that planned; null if none.</param>
/// <param name="Took">How long it took on the wall clock, all parts of a resumed run together.</param>
/// <param name="Threads">How many threads it had.</param>
public sealed record Manifest(
    int Format, string Version, string? Commit, RunFolderStatus Status, string? Detail,
    JsonElement Scenario, string ScenarioHash, ulong Seed, string PoolHash, int PoolChannels,
    DateTimeOffset Reached, long Sessions, long Sittings, long Actions, string Transcript,
    bool Deterministic, string Why, string? Model,
    [property: JsonPropertyName("took_seconds")] TimeSpan Took, int Threads)
{
    /// <summary>The run that it branches off; null for a run of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BranchOrigin? Branch { get; init; }

    /// <summary>The version of the folder's format that this program writes, and the newest that it reads.</summary>
    public const int FormatNow = 1;
}

/// <summary>The run that another one branches off.</summary>
/// <param name="From">Its folder, as it was named.</param>
/// <param name="Transcript">SHA-256 of all that happened in it, to its end.</param>
/// <param name="At">The hour until which the branch is the same.</param>
/// <param name="Set">What was changed then, as it was said.</param>
public sealed record BranchOrigin(string From, string Transcript, DateTimeOffset At, ImmutableArray<string> Set);

/// <summary>Where a simulation stands.</summary>
public enum RunFolderStatus
{
    /// <summary>It goes on, or its process was killed.</summary>
    Running,

    /// <summary>It reached its end.</summary>
    Complete,

    /// <summary>It was stopped: it can be resumed.</summary>
    Stopped,

    /// <summary>A threshold failed that ends a run.</summary>
    Aborted,

    /// <summary>The budget was spent.</summary>
    BudgetSpent,

    /// <summary>It could not go on, for example because the disk was full: it can be resumed.</summary>
    Failed,
}
