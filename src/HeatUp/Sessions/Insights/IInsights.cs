using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// What people who look at a store ask it. Thread-safe. Every method throws <see cref="StoreException"/> if the store
/// can't be read.
/// </summary>
public interface IInsights
{
    /// <summary>A page of the sessions of which anything is remembered.</summary>
    ValueTask<SessionsPage> SessionsAsync(SessionsQuestion question, CancellationToken cancellation);

    /// <summary>A session's sittings, the newest first.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="before">Those before the sitting of this number; null for the newest.</param>
    /// <param name="most">How many at most; 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<IReadOnlyList<RunRecord>> RunsOfAsync(
        SessionId session, int? before, int most, CancellationToken cancellation);

    /// <summary>Open runs, whichever process has them, the newest first.</summary>
    ValueTask<IReadOnlyList<RunRecord>> OpenRunsAsync(int most, CancellationToken cancellation);

    /// <summary>How many sessions follow each channel; channels that nobody follows don't come.</summary>
    ValueTask<IReadOnlyDictionary<ChannelName, long>> FollowersAsync(CancellationToken cancellation);

    /// <summary>
    /// What the history and the runs of a time say. What was done comes from the history, whoever wrote it; what was
    /// refused, and what plans were worth, from the runs.
    /// </summary>
    /// <param name="question">Of when, and of whom.</param>
    /// <param name="pool">Names the channels' categories.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Analytics> AnalyseAsync(
        AnalyticsQuestion question, ChannelPool pool, CancellationToken cancellation);
}

/// <summary>Which sessions are asked for.</summary>
/// <param name="Search">What their names contain, whatever the case of Latin letters; empty for all.</param>
/// <param name="Last">How their newest run stands: a word of <see cref="Runs.RunStatus"/>, <see cref="NoRun"/>, or null
/// for all.</param>
/// <param name="Order">What comes first.</param>
/// <param name="Skip">How many are left out at the beginning; 0 or more.</param>
/// <param name="Most">How many are answered at most; 1 or more.</param>
public sealed record SessionsQuestion(string Search, string? Last, SessionOrder Order, int Skip, int Most)
{
    /// <summary>Stands for sessions of which no run is remembered.</summary>
    public const string NoRun = "none";

    // Databases know the case of Latin letters alone.
    internal string Lowered => new([.. Search.Select(one => char.IsAsciiLetterUpper(one) ? (char)(one | 0x20) : one)]);
}

/// <summary>In which order sessions are listed.</summary>
public enum SessionOrder
{
    /// <summary>The last active first.</summary>
    Newest,

    /// <summary>By name.</summary>
    Name,

    /// <summary>The most sittings first.</summary>
    Sittings,

    /// <summary>The most remembered actions first.</summary>
    Actions,
}

/// <summary>Some of the sessions.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Sessions">Those of this page.</param>
public sealed record SessionsPage(long Total, IReadOnlyList<SessionLine> Sessions);

/// <summary>A session in a list.</summary>
/// <param name="Session">Its name as the store has it, which may be one that a <see cref="SessionId"/> would
/// refuse.</param>
/// <param name="Sittings">How many of its sittings began.</param>
/// <param name="Actions">How many actions its history holds.</param>
/// <param name="LastActivity">When the newest was done; null if none is remembered.</param>
/// <param name="Status">How its newest run stands, as a word; null if none is remembered.</param>
/// <param name="EndCode">Why that run ended early; null if it didn't.</param>
public sealed record SessionLine(
    string Session, long Sittings, long Actions, DateTimeOffset? LastActivity, string? Status, string? EndCode);
