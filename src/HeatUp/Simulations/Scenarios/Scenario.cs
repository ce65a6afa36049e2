using System.Collections.Immutable;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>
/// What is simulated: everything that a run's bytes depend on but the program's version. Immutable; made by <see
/// cref="ScenarioFile"/>, which checks it.
/// </summary>
public sealed record Scenario
{
    /// <summary>The most sessions of a population.</summary>
    public const int SessionsMax = 10_000_000;

    /// <summary>The most days of a run.</summary>
    public const int DaysMax = 3_650;

    /// <summary>The most sittings a day that a session can have on average.</summary>
    public const double SittingsPerDayMax = 100;

    /// <summary>How many sessions there are, those that come later included. 1 to <see cref="SessionsMax"/>.</summary>
    public int Sessions { get; init; } = 1_000;

    /// <summary>How many days it lasts. 1 to <see cref="DaysMax"/>.</summary>
    public int Days { get; init; } = 7;

    /// <summary>When it begins, in UTC. The default is a Monday.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where all chance comes from. The default is 1.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Who plans.</summary>
    public PlannerKind Planner { get; init; } = PlannerKind.Builtin;

    /// <summary>
    /// The file of channels; null for that of the setting <c>CHANNELS_FILE</c>. Relative to the scenario's file.
    /// </summary>
    public string? Pool { get; init; }

    /// <summary>What goes wrong on the sandbox.</summary>
    public SandboxFaults Faults { get; init; } = SandboxFaults.None;

    /// <summary>
    /// Over how many days from the start the sessions arrive, evenly; 0 if all are there from the start. At most <see
    /// cref="Days"/>.
    /// </summary>
    public int ArriveOverDays { get; init; }

    /// <summary>
    /// How many sittings a day a session has on average; null for the frequencies of <see cref="Population"/>. Up to
    /// <see cref="SittingsPerDayMax"/>.
    /// </summary>
    public double? SittingsPerDay { get; init; }

    /// <summary>How many sittings a day a session has on average, said or not.</summary>
    internal double SittingsPerDayMean => SittingsPerDay ?? Population.SittingsPerDayDefault;

    /// <summary>Where the sessions live, with the share of each; never empty.</summary>
    public ImmutableArray<ZoneShare> TimeZones { get; init; } = Population.ZonesDefault;

    /// <summary>
    /// Whether <c>history.db</c> is written. Without it a run is faster, and can't be asked afterwards.
    /// </summary>
    public bool History { get; init; } = true;

    /// <summary>
    /// Whether sessions are advised by what the others follow: the model is made after the days 1, 2 and 4 and each
    /// week.
    /// </summary>
    public bool Recommendations { get; init; }

    /// <summary>What the language model's tokens cost; null if nobody said.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>
    /// How many tokens, sent and received, the run may use; it ends when they are spent. Null for no bound; else 1 or
    /// more.
    /// </summary>
    public long? MaxTokens { get; init; }

    /// <summary>What the run must reach.</summary>
    public ImmutableArray<Threshold> Thresholds { get; init; } = [];

    /// <summary>What changes while it goes on, by time, each time once.</summary>
    public ImmutableArray<RuleChange> Changes { get; init; } = [];

    /// <summary>When it ends.</summary>
    public DateTimeOffset End => Start.AddDays(Days);

    /// <summary>The scenario with the rules that hold at a time.</summary>
    internal Scenario RulesAt(DateTimeOffset time) =>
        Changes.TakeWhile(change => change.At <= time).Aggregate(this, (rules, change) => rules.After(change));

    /// <summary>The same with a change's rules in place of its own.</summary>
    internal Scenario After(RuleChange change) => this with
    {
        Faults = change.Faults ?? Faults,
        SittingsPerDay = change.SittingsPerDay ?? SittingsPerDay,
        Recommendations = change.Recommendations ?? Recommendations,
    };

    /// <summary>The same with one more change. What it says goes before what another says at the same time.</summary>
    internal Scenario With(RuleChange change)
    {
        if (change.IsEmpty) return this;
        var merged = Changes.FirstOrDefault(other => other.At == change.At) is { } same
            ? same with
            {
                Faults = change.Faults ?? same.Faults,
                SittingsPerDay = change.SittingsPerDay ?? same.SittingsPerDay,
                Recommendations = change.Recommendations ?? same.Recommendations,
            }
            : change;
        return this with
        {
            Changes = [.. Changes.Where(other => other.At != change.At).Append(merged).OrderBy(other => other.At)],
        };
    }
}

/// <summary>A time zone and how much of a population lives there.</summary>
/// <param name="Zone">An IANA name such as <c>Europe/Berlin</c>, or an offset such as <c>UTC+3</c>.</param>
/// <param name="Share">Its weight among all; more than 0, at most <see cref="ShareMax"/>.</param>
public sealed record ZoneShare(string Zone, double Share)
{
    /// <summary>The greatest weight.</summary>
    public const double ShareMax = 1_000_000;
}
