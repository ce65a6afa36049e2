using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>Of when, and of whom, analytics are asked.</summary>
/// <param name="From">From then on.</param>
/// <param name="Until">Before then.</param>
/// <param name="Zone">Whose days and hours are counted.</param>
/// <param name="Session">Of this session alone; null for all.</param>
/// <param name="Channel">Of this channel alone: its actions, and the plans that name it; null for all.</param>
public sealed record AnalyticsQuestion(
    DateTimeOffset From, DateTimeOffset Until, TimeZoneInfo Zone, SessionId? Session = null,
    ChannelName? Channel = null)
{
    /// <summary>Whether it is of all sessions and channels.</summary>
    public bool IsOfAll => Session is null && Channel is null;

    /// <summary>The last so many whole days of a zone, today included.</summary>
    public static AnalyticsQuestion Of(
        int days, DateTimeOffset now, TimeZoneInfo zone, SessionId? session = null, ChannelName? channel = null)
    {
        var first = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(1 - days);
        // Some zones have days that begin at one.
        while (zone.IsInvalidTime(first)) first = first.AddMinutes(15);
        return new(new DateTimeOffset(first, zone.GetUtcOffset(first)).ToUniversalTime(), now.AddTicks(1), zone,
            session, channel);
    }
}

/// <summary>What the history and the runs of a time say.</summary>
/// <param name="From">From then on.</param>
/// <param name="Until">Before then.</param>
/// <param name="Zone">Whose days and hours these are.</param>
/// <param name="Sessions">How many sessions did something or were refused something.</param>
/// <param name="Sittings">How many sittings began.</param>
/// <param name="Done">How many actions were done.</param>
/// <param name="Failed">How many were tried and not done.</param>
/// <param name="Days">Each day, also those on which nothing happened.</param>
/// <param name="Actions">Success by action.</param>
/// <param name="Hours">Success by hour of the day, <c>00</c> to <c>23</c>.</param>
/// <param name="Weekdays">Success by day of the week, Monday first.</param>
/// <param name="Channels">Each channel that was visited or refused, the most visited first.</param>
/// <param name="Categories">Success by category, the most tried first; channels that the pool doesn't have are <c>not
/// in the pool</c>.</param>
/// <param name="Origins">Success by who planned: <c>builtin</c>, <c>llm</c>, <c>fallback</c> where the built-in planner
/// stood in, <c>unknown</c> for what another program wrote.</param>
/// <param name="Refusals">What was not done, by what Telegram said, the most frequent first.</param>
/// <param name="Ends">How sittings ended, the most frequent first.</param>
/// <param name="Plans">What plans were worth.</param>
/// <param name="CoReadings">Which channels are read by the same sessions: the 100 pairs with the most of them.</param>
/// <param name="Cohorts">Who came back: first all sessions that were new in this time, then those of each week, the
/// newest first. Empty if one session or channel is asked for.</param>
public sealed record Analytics(
    DateTimeOffset From, DateTimeOffset Until, string Zone, long Sessions, long Sittings, long Done, long Failed,
    IReadOnlyList<AnalyticsDay> Days, IReadOnlyList<SuccessRate> Actions, IReadOnlyList<SuccessRate> Hours,
    IReadOnlyList<SuccessRate> Weekdays, IReadOnlyList<ChannelActivity> Channels,
    IReadOnlyList<SuccessRate> Categories, IReadOnlyList<SuccessRate> Origins, IReadOnlyList<RefusalCount> Refusals,
    IReadOnlyList<SittingEnds> Ends, PlanFigures Plans, IReadOnlyList<CoReading> CoReadings,
    IReadOnlyList<Cohort> Cohorts);

/// <summary>A day.</summary>
/// <param name="Day">Which.</param>
/// <param name="Sittings">How many sittings began.</param>
/// <param name="Done">How many actions were done.</param>
/// <param name="Failed">How many were tried and not done.</param>
/// <param name="Joins">How many channels were joined.</param>
/// <param name="Reads">How many readings were done.</param>
public sealed record AnalyticsDay(DateOnly Day, long Sittings, long Done, long Failed, long Joins, long Reads);

/// <summary>How much of what was tried was done.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Done">How many were done.</param>
/// <param name="Tried">How many were tried.</param>
/// <param name="Share">The share that was done; null if none was tried.</param>
/// <param name="Low">Where the true share lies at least, with 95 % confidence (Wilson's interval).</param>
/// <param name="High">Where it lies at most.</param>
public sealed record SuccessRate(string Name, long Done, long Tried, double? Share, double? Low, double? High)
{
    // Of the normal distribution, 95 % lies so many deviations around its middle.
    private const double Z = 1.959963984540054;
    private const int Digits = 6;

    internal static SuccessRate Of(string name, long done, long tried)
    {
        if (tried == 0) return new(name, 0, 0, null, null, null);
        double n = tried, share = done / n, z2 = Z * Z;
        var middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        var half = Z / (1 + z2 / n) * Math.Sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        return new(name, done, tried, Math.Round(share, Digits),
            done == 0 ? 0 : Math.Round(middle - half, Digits), done == tried ? 1 : Math.Round(middle + half, Digits));
    }
}

/// <summary>What happened with a channel.</summary>
/// <param name="Channel">Which.</param>
/// <param name="Category">Its category; null if the pool doesn't have it.</param>
/// <param name="Joins">How often it was joined.</param>
/// <param name="Reads">How often it was read.</param>
/// <param name="ReadAgain">How many of these were not a session's first in this time.</param>
/// <param name="Readers">How many sessions read it.</param>
/// <param name="Failed">How often it was tried in vain.</param>
public sealed record ChannelActivity(
    string Channel, string? Category, long Joins, long Reads, long ReadAgain, long Readers, long Failed);

/// <summary>Two channels that the same sessions read.</summary>
/// <param name="Channel">The one with more readers.</param>
/// <param name="With">The other.</param>
/// <param name="Both">How many sessions read both.</param>
/// <param name="Either">How many read one or both.</param>
/// <param name="Share">The share of these that read both (Jaccard's index).</param>
public sealed record CoReading(string Channel, string With, long Both, long Either, double Share);

/// <summary>How often something was refused.</summary>
/// <param name="Outcome"><c>refused</c>, <c>must_wait</c> or <c>account_lost</c>.</param>
/// <param name="Reason">What Telegram said, without the seconds of a wait.</param>
/// <param name="Action">What was tried.</param>
/// <param name="Count">How often.</param>
public sealed record RefusalCount(string Outcome, string Reason, string Action, long Count);

/// <summary>How many sittings ended so.</summary>
/// <param name="Status">A word of <see cref="Runs.RunStatus"/>.</param>
/// <param name="Code">Why, if they ended early; else null.</param>
/// <param name="Count">How many.</param>
public sealed record SittingEnds(string Status, string? Code, long Count);

/// <summary>
/// What plans were worth. One that ended counts as done if each of its actions was.
/// </summary>
/// <param name="Made">How many plans ended.</param>
/// <param name="Different">How many of these differ from each other in their actions or channels.</param>
/// <param name="Lengths">By how many actions they have.</param>
/// <param name="Joins">By how many of these are joins.</param>
/// <param name="Beginnings">By the first two actions.</param>
/// <param name="ByModel">How many a language model made.</param>
/// <param name="Tokens">What its calls cost.</param>
/// <param name="TokensPerPlan">For each of its plans; null if it made none.</param>
/// <param name="TokensPerAction">For each action that was done by its plans; null if none was.</param>
public sealed record PlanFigures(
    long Made, long Different, IReadOnlyList<SuccessRate> Lengths, IReadOnlyList<SuccessRate> Joins,
    IReadOnlyList<SuccessRate> Beginnings, long ByModel, TokenUsage Tokens, double? TokensPerPlan,
    double? TokensPerAction);
