using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>
/// All that is remembered, to be counted: in one snapshot, which is kept until it is disposed. One caller at a time.
/// Every member throws a <see cref="StoreException"/> if it can't be read.
/// </summary>
public interface IHistoryReader : IDisposable
{
    /// <summary>The names of the channels that plans and actions name.</summary>
    IReadOnlyList<ChannelName> ChannelNames();

    /// <summary>When the oldest and the newest run began; null if there is none.</summary>
    (DateTimeOffset From, DateTimeOffset Until)? RunTimes();

    /// <summary>The times of the oldest and the newest action; null if there is none.</summary>
    (DateTimeOffset From, DateTimeOffset Until)? ActionTimes();

    /// <summary>The time of the action that was written last; null if there is none that can be read.</summary>
    DateTimeOffset? LastTime();

    /// <summary>The names of sessions that begin so, in the order of their bytes, the first of them at most.</summary>
    /// <param name="prefix">How they begin; empty for all.</param>
    /// <param name="countMax">How many at most, 1 or more.</param>
    IReadOnlyList<string> SessionNames(string prefix, int countMax);

    /// <summary>How many runs began since a time, and how many sessions they are of.</summary>
    (long Runs, long Sessions) CountsSince(DateTimeOffset since);

    /// <summary>
    /// The runs that began since a time, open ones included, in the order in which they were written.
    /// </summary>
    /// <param name="since">That time.</param>
    /// <param name="onUnreadable">Told of each one that can't be read, and the others follow; without it, such a run is
    /// a <see cref="StoreException"/>.</param>
    IEnumerable<RunRecord> RunsSince(DateTimeOffset since, Action<string>? onUnreadable = null);

    /// <summary>
    /// What was done before a time, as the history alone tells it; rows that nobody can read left out.
    /// </summary>
    IEnumerable<(DateTimeOffset At, PlannedAction Action)> ActionsBefore(DateTimeOffset before);

    /// <summary>How many rows the following members go through.</summary>
    TableSizes Sizes();

    /// <summary>The rows of the history, whoever wrote them, in the order of their numbers.</summary>
    IEnumerable<ActionRow> History();

    /// <summary>Who follows what, in the order of the sessions' and the channels' names.</summary>
    IEnumerable<MembershipRow> Memberships();

    /// <summary>The sessions of which anything is remembered, in the order of their names' bytes.</summary>
    IEnumerable<SessionRow> Sessions();
}
