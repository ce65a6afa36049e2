using System.Collections.Immutable;
using HeatUp.Channels;
using HeatUp.Runs;

namespace HeatUp.Simulations;

/// <summary>Makes the summary of what was counted.</summary>
internal static class Summarizing
{
    private static readonly (string Name, Aggregation Aggregation)[] TrendShown =
    [
        ("avg", new(AggregationKind.Average)), ("min", new(AggregationKind.Min)), ("med", new(AggregationKind.Median)),
        ("max", new(AggregationKind.Max)), ("p(90)", new(AggregationKind.Percentile, 90)),
        ("p(95)", new(AggregationKind.Percentile, 95)),
    ];

    public static Summary Summarize(Scenario scenario, ChannelPool pool, Tally tally) =>
        Summarize(scenario, pool, tally, Calibration.Of(scenario, pool, tally));

    /// <summary>The same of a history: without what only the simulation knows.</summary>
    public static Summary OfHistory(Scenario scenario, ChannelPool pool, Tally tally) =>
        Summarize(scenario, pool, tally, Calibration.OfSittings(scenario, tally));

    private static Summary Summarize(
        Scenario scenario, ChannelPool pool, Tally tally, ImmutableArray<CalibrationFigure> calibration)
    {
        var values = new MetricValues(tally);
        return new Summary(
            [.. scenario.Thresholds.Select(threshold => ResultOf(threshold, values))],
            [.. Metric.All.Select(metric => ResultOf(metric, values))],
            [.. tally.Days.Select((day, number) => DayOf(scenario.Start, number, day))],
            [.. tally.HoursUtc], [.. tally.HoursLocal],
            [.. tally.Outcomes.Select(pair => new ActionCount(pair.Key.Action, pair.Key.Outcome, pair.Value))
                .OrderBy(one => one.Action, StringComparer.Ordinal).ThenBy(one => one.Outcome, StringComparer.Ordinal)],
            Words(tally.Refusals),
            EndsOf(tally),
            ChannelsOf(pool, tally),
            PlansOf(scenario, tally),
            calibration)
        {
            Distributions = [.. Metric.All.Where(metric => metric.Kind == MetricKind.Trend)
                .Select(metric => Distribution.Of(metric, values.HistogramOf(metric.Name)))],
        };
    }

    private static ThresholdResult ResultOf(Threshold threshold, MetricValues values) => new(
        threshold.Metric.Name, threshold.Expression, Known(values.ValueOf(threshold.Metric, threshold.Aggregation)),
        threshold.Holds(values) ?? threshold.PassesUnmeasured);

    private static MetricResult ResultOf(Metric metric, MetricValues values)
    {
        (string Name, Aggregation Aggregation)[] shown = metric.Kind switch
        {
            MetricKind.Counter => [("count", new(AggregationKind.Count))],
            MetricKind.Rate => [("rate", new(AggregationKind.Rate))],
            _ => TrendShown,
        };
        return new(metric.Name, metric.Unit,
            [.. shown.Select(one => new NamedValue(one.Name, Known(values.ValueOf(metric, one.Aggregation))))]);
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : Math.Round(value, 9);

    private static DayCount DayOf(DateTimeOffset start, int number, DayTally day) => new(
        DateOnly.FromDateTime(start.UtcDateTime.AddDays(number)), day.Sittings, day.Actions, day.Done, day.Joins,
        day.Reads, day.ActiveSessions, day.NewSessions, day.AccountsLost);

    private static ImmutableArray<WordCount> Words(Dictionary<string, long> counts) =>
        [.. counts.Select(pair => new WordCount(pair.Key, pair.Value))
            .OrderByDescending(one => one.Count).ThenBy(one => one.Word, StringComparer.Ordinal)];

    private static ImmutableArray<EndCount> EndsOf(Tally tally)
    {
        var open = tally.Sittings - tally.Ends.Values.Sum();
        var ends = tally.Ends.Select(pair => new EndCount(pair.Key.Status, pair.Key.Code, pair.Value));
        if (open > 0) ends = ends.Append(new EndCount(RunStatus.Running.Word(), null, open));
        return [.. ends.OrderByDescending(end => end.Count).ThenBy(end => end.Code, StringComparer.Ordinal)];
    }

    private static ImmutableArray<ChannelCount> ChannelsOf(ChannelPool pool, Tally tally) =>
        [.. pool.All.Select((channel, number) => (Channel: channel, Number: number, Counted: tally.ByChannel[number]))
            .OrderByDescending(one => one.Counted.Joins).ThenBy(one => one.Number)
            .Select(one => new ChannelCount(
                one.Channel.Name.Value, one.Channel.Category, one.Counted.Joins, one.Counted.Reads,
                one.Counted.PostsRead, [.. tally.Days.Select(day => day.JoinsByChannel[one.Number])]))];

    private static PlanCount PlansOf(Scenario scenario, Tally tally) => new(
        tally.Sittings, tally.PlansSampled, tally.PlansDistinct, Words(tally.Planners), Words(tally.Fallbacks),
        [.. Enumerable.Range(Plans.PlanLimits.ActionsMin, Plans.PlanLimits.ActionsMax - Plans.PlanLimits.ActionsMin + 1)
            .Select(size => new WordCount($"{size}", tally.PlanSizes[size]))],
        tally.Tokens.Input, tally.Tokens.Output, tally.Tokens.Cached,
        scenario.Planner == Plans.PlannerKind.Llm ? scenario.Prices?.CostOf(tally.Tokens) : null);
}
