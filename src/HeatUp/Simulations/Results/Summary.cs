using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HeatUp.Simulations;

/// <summary>
/// What a run came to, as <c>summary.json</c> has it: a function of the scenario and the version alone, without any
/// time of the wall clock. All that a report shows is in here or in the <see cref="Manifest"/>.
/// </summary>
/// <param name="Thresholds">What had to be reached, and whether it was.</param>
/// <param name="Metrics">Every metric with its values.</param>
/// <param name="Days">Day by day (UTC), from the start on; the last may be a part of one.</param>
/// <param name="HoursUtc">How many sittings began in each hour of the day, UTC; 24 numbers.</param>
/// <param name="HoursLocal">The same in the sessions' own time.</param>
/// <param name="Actions">What became of the actions, by kind and outcome.</param>
/// <param name="Refusals">What Telegram said when it said no, the most frequent first.</param>
/// <param name="Ends">How the sittings ended.</param>
/// <param name="Channels">What happened in each channel of the pool, the most joined first.</param>
/// <param name="Plans">How the plans were.</param>
/// <param name="Calibration">How far the run is from figures of the real Telegram.</param>
public sealed record Summary(
    ImmutableArray<ThresholdResult> Thresholds,
    ImmutableArray<MetricResult> Metrics,
    ImmutableArray<DayCount> Days,
    ImmutableArray<long> HoursUtc,
    ImmutableArray<long> HoursLocal,
    ImmutableArray<ActionCount> Actions,
    ImmutableArray<WordCount> Refusals,
    ImmutableArray<EndCount> Ends,
    ImmutableArray<ChannelCount> Channels,
    PlanCount Plans,
    ImmutableArray<CalibrationFigure> Calibration)
{
    /// <summary>How often which values came, of each metric that is a distribution; none in a folder of an earlier
    /// version.</summary>
    public ImmutableArray<Distribution> Distributions { get; init; } = [];
}

/// <summary>A threshold and what came of it.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Expression">Such as <c>rate>0.95</c>.</param>
/// <param name="Value">What was reached; null if there was nothing to measure.</param>
/// <param name="Passed">Whether it holds; of what was never measured, whether the scenario lets that pass.</param>
public sealed record ThresholdResult(string Metric, string Expression, double? Value, bool Passed);

/// <summary>A metric's values, by aggregation (<c>count</c>, <c>rate</c>, <c>avg</c>, <c>min</c>, <c>med</c>,
/// <c>max</c>, <c>p(90)</c>, <c>p(95)</c>), in this order; null where there was nothing to measure.</summary>
public sealed record MetricResult(string Metric, string Unit, ImmutableArray<NamedValue> Values);

/// <summary>A number with its name.</summary>
public sealed record NamedValue(string Name, double? Value);

/// <summary>One virtual day.</summary>
/// <param name="Day">Which one, UTC.</param>
/// <param name="Sittings">How many began.</param>
/// <param name="Actions">How many actions were tried.</param>
/// <param name="Done">How many of them were done.</param>
/// <param name="Joins">Channels joined.</param>
/// <param name="Reads">Channels read.</param>
/// <param name="ActiveSessions">Sessions with a sitting that began.</param>
/// <param name="NewSessions">Sessions whose first sitting began.</param>
/// <param name="AccountsLost">Sessions that lost their account; of a population they have no sitting after that. Not
/// written if 0.</param>
public sealed record DayCount(
    DateOnly Day, long Sittings, long Actions, long Done, long Joins, long Reads, long ActiveSessions,
    long NewSessions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long AccountsLost = 0);

/// <summary>How often an action had an outcome.</summary>
/// <param name="Action">Its word, such as <c>join_channel</c>.</param>
/// <param name="Outcome">Its word, such as <c>done</c>.</param>
/// <param name="Count">How often.</param>
public sealed record ActionCount(string Action, string Outcome, long Count);

/// <summary>How often a word was said.</summary>
public sealed record WordCount(string Word, long Count);

/// <summary>How often sittings ended in one way.</summary>
/// <param name="Status">The final status, such as <c>completed</c>; <c>running</c> for those that the run's end cut
/// off.</param>
/// <param name="Code">Why, one of <see cref="Runs.EndCode"/>; null if completed or cut off.</param>
/// <param name="Count">How often.</param>
public sealed record EndCount(string Status, string? Code, long Count);

/// <summary>What happened in a channel.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Category">Its category.</param>
/// <param name="Joins">How many sessions joined it.</param>
/// <param name="Reads">How often it was read.</param>
/// <param name="PostsRead">How many posts were read there.</param>
/// <param name="JoinsByDay">The joins of each day, as long as <see cref="Summary.Days"/>.</param>
public sealed record ChannelCount(
    string Channel, string Category, long Joins, long Reads, long PostsRead, ImmutableArray<long> JoinsByDay);

/// <summary>How the plans were.</summary>
/// <param name="Total">How many.</param>
/// <param name="Sampled">How many of them were compared with each other; their content decides which.</param>
/// <param name="Distinct">How many different ones are among those.</param>
/// <param name="ByPlanner">How many each planner made.</param>
/// <param name="Fallbacks">Why the built-in planner stood in, by code.</param>
/// <param name="BySize">How many had 3, 4, … actions.</param>
/// <param name="TokensIn">Tokens sent to the model.</param>
/// <param name="TokensOut">Tokens received.</param>
/// <param name="TokensCached">Tokens sent that the provider had in its cache.</param>
/// <param name="Cost">What that costs at the scenario's prices, in their currency; null without prices.</param>
public sealed record PlanCount(
    long Total, long Sampled, long Distinct, ImmutableArray<WordCount> ByPlanner, ImmutableArray<WordCount> Fallbacks,
    ImmutableArray<WordCount> BySize, long TokensIn, long TokensOut, long TokensCached, double? Cost);

/// <summary>A figure of the real Telegram beside the simulated one.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Unit">Its unit; empty for plain numbers.</param>
/// <param name="Reference">The real one.</param>
/// <param name="Simulated">The run's; null if it couldn't be measured.</param>
/// <param name="Distance">How far apart: the natural logarithm of simulated to real for amounts, the total variation
/// for distributions (0 equal, 1 disjoint); null if it couldn't be measured.</param>
/// <param name="Source">Where the reference is from.</param>
/// <param name="Note">What must be known to compare them; null if nothing.</param>
public sealed record CalibrationFigure(
    string Name, string Unit, double Reference, double? Simulated, double? Distance, string Source, string? Note);
