using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>Adds up hours to what was asked for, in the zone that was asked for. One caller.</summary>
internal sealed class AnalyticsSum(AnalyticsQuestion question, NameTable names)
{
    private const string ByAnotherProgram = "unknown";
    private const string NotInThePool = "not in the pool";

    private readonly Dictionary<DateOnly, DayCounts> days = [];
    private readonly Tried[] actions = new Tried[ActionKinds.Count], hours = new Tried[24], weekdays = new Tried[7];
    private readonly Dictionary<int, ChannelCounts> channels = [];
    private readonly Dictionary<string, Tried> origins = [], beginnings = [];
    private readonly Dictionary<(string Outcome, string Reason, int Kind), long> refusals = [];
    private readonly Dictionary<(string Status, string? Code), long> ends = [];
    private readonly Dictionary<int, Tried> lengths = [], joins = [];
    private readonly NumberSet sessions = new();
    private readonly HashSet<ulong> plans = [];
    private readonly Readership readers = new();
    private long byModel, doneByModel;
    private TokenUsage tokens;

    /// <summary>Adds an hour, or a part of one.</summary>
    /// <param name="hour">Since 1970.</param>
    /// <param name="of">What happened in it.</param>
    public void Add(long hour, HourTally of)
    {
        for (var quarter = 0; quarter < HourTally.Quarters; quarter++) AddQuarter(hour, quarter, of);
        Merge(channels, of.Channels, (one, other) => one + other);
        Merge(origins, of.Origins, (one, other) => one + other);
        Merge(refusals, of.Refusals, (one, other) => one + other);
        Merge(ends, of.Ends, (one, other) => one + other);
        Merge(lengths, of.Lengths, (one, other) => one + other);
        Merge(joins, of.Joins, (one, other) => one + other);
        Merge(beginnings, of.Beginnings, (one, other) => one + other);
        foreach (var session in of.Sessions) sessions.Add(session);
        foreach (var plan in of.Plans) plans.Add(plan);
        foreach (var reading in of.Readings) readers.Add((int)(reading >> 32), (int)(uint)reading);
        byModel += of.ByModel;
        doneByModel += of.DoneByModel;
        tokens += of.Tokens;
    }

    /// <summary>The figures.</summary>
    /// <param name="pool">Names the channels' categories.</param>
    /// <param name="cohorts">Who came back.</param>
    public Analytics Result(ChannelPool pool, IReadOnlyList<Cohort> cohorts)
    {
        var done = actions.Sum(one => one.Done);
        var told = origins.Values.Sum(one => one.Done);
        if (done > told) origins[ByAnotherProgram] = new(done - told, done - told);
        return new(
            question.From, question.Until, question.Zone.Id, sessions.Count, days.Values.Sum(day => day.Sittings),
            done, actions.Sum(one => one.Total - one.Done), [.. Days()],
            [.. ActionKinds.Words.Select((kind, at) => actions[at].Rate(kind))],
            [.. hours.Select((one, hour) => one.Rate($"{hour:00}"))],
            [.. Enumerable.Range(1, 7).Select(day => weekdays[day % 7].Rate(((DayOfWeek)(day % 7)).ToString()))],
            [.. Channels(pool)], [.. Categories(pool)], [.. Rates(origins)],
            [.. refusals.Select(one => new RefusalCount(
                    one.Key.Outcome, one.Key.Reason, ActionKinds.Words[one.Key.Kind], one.Value))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Reason, StringComparer.Ordinal)
                .ThenBy(one => one.Action, StringComparer.Ordinal).ThenBy(one => one.Outcome, StringComparer.Ordinal)],
            [.. ends.Select(one => new SittingEnds(one.Key.Status, one.Key.Code, one.Value))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Status, StringComparer.Ordinal)
                .ThenBy(one => one.Code, StringComparer.Ordinal)],
            new(lengths.Values.Sum(one => one.Total), plans.Count, [.. ByNumber(lengths)], [.. ByNumber(joins)],
                [.. Rates(beginnings)], byModel, tokens, Per(byModel), Per(doneByModel)),
            readers.Pairs(names), cohorts);
    }

    private static void Merge<TKey, T>(Dictionary<TKey, T> into, Dictionary<TKey, T> from, Func<T, T, T> add)
        where TKey : notnull where T : struct
    {
        foreach (var (key, value) in from) into[key] = add(into.GetValueOrDefault(key), value);
    }

    private void AddQuarter(long hour, int quarter, HourTally of)
    {
        var tried = of.Actions.AsSpan(quarter * ActionKinds.Count, ActionKinds.Count);
        Tried all = tried[ActionKinds.Join] + tried[ActionKinds.Read] + tried[ActionKinds.Idle];
        if (all.Total == 0 && of.Sittings[quarter] == 0) return;
        var at = StoredTime.OfMicros(hour * HourTally.MicrosOfHour + quarter * HourTally.MicrosOfQuarter);
        // An edge may begin within the quarter: its time, and not the quarter's, is in the zone's first day.
        var local = TimeZoneInfo.ConvertTime(at < question.From ? question.From : at, question.Zone).DateTime;
        var day = DateOnly.FromDateTime(local);
        days[day] = days.GetValueOrDefault(day) + new DayCounts(of.Sittings[quarter], all.Done, all.Total - all.Done,
            tried[ActionKinds.Join].Done, tried[ActionKinds.Read].Done);
        for (var kind = 0; kind < ActionKinds.Count; kind++) actions[kind] += tried[kind];
        hours[local.Hour] += all;
        weekdays[(int)local.DayOfWeek] += all;
    }

    private double? Per(long count) => count == 0 ? null : Math.Round((double)tokens.Total / count, 1);

    private IEnumerable<AnalyticsDay> Days()
    {
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(question.From, question.Zone).DateTime);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(question.Until.AddTicks(-1), question.Zone).DateTime);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var of = days.GetValueOrDefault(day);
            yield return new(day, of.Sittings, of.Done, of.Failed, of.Joins, of.Reads);
        }
    }

    private IEnumerable<ChannelActivity> Channels(ChannelPool pool) => channels
        .Select(one => (Name: names.NameOf(one.Key), Of: one.Value, Readers: readers.Of(one.Key)))
        .Select(one => new ChannelActivity(one.Name.Value, pool.Find(one.Name)?.Category, one.Of.Joins, one.Of.Reads,
            one.Of.Reads - one.Readers, one.Readers, one.Of.Failed))
        .OrderByDescending(one => one.Joins + one.Reads).ThenByDescending(one => one.Failed)
        .ThenBy(one => one.Channel, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<SuccessRate> Categories(ChannelPool pool) => channels
        .GroupBy(one => pool.Find(names.NameOf(one.Key))?.Category ?? NotInThePool, one => one.Value)
        .Select(one => SuccessRate.Of(one.Key, one.Sum(of => of.Done), one.Sum(of => of.Done + of.Failed)))
        .OrderByDescending(one => one.Tried).ThenBy(one => one.Name, StringComparer.Ordinal);

    private static IEnumerable<SuccessRate> Rates(Dictionary<string, Tried> counts) =>
        counts.Select(one => one.Value.Rate(one.Key))
            .OrderByDescending(one => one.Tried).ThenBy(one => one.Name, StringComparer.Ordinal);

    private static IEnumerable<SuccessRate> ByNumber(Dictionary<int, Tried> counts) =>
        counts.OrderBy(one => one.Key).Select(one => one.Value.Rate($"{one.Key}"));

    private readonly record struct DayCounts(long Sittings, long Done, long Failed, long Joins, long Reads)
    {
        public static DayCounts operator +(DayCounts left, DayCounts right) => new(
            left.Sittings + right.Sittings, left.Done + right.Done, left.Failed + right.Failed,
            left.Joins + right.Joins, left.Reads + right.Reads);
    }
}
