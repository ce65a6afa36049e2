using System.Collections.Immutable;
using System.Globalization;

namespace HeatUp.Simulations;

/// <summary>
/// What a command line says in place of a scenario. What is null leaves the scenario as it is; the rest follows the
/// rules of the scenario's file.
/// </summary>
public sealed record ScenarioOverrides
{
    /// <summary>The option <c>--sessions</c>.</summary>
    public long? Sessions { get; init; }

    /// <summary>The option <c>--days</c>.</summary>
    public long? Days { get; init; }

    /// <summary>The option <c>--start</c>: a day or a moment. The days stay as many as they are.</summary>
    public string? Start { get; init; }

    /// <summary>The option <c>--seed</c>.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The option <c>--planner</c>.</summary>
    public string? Planner { get; init; }

    /// <summary>The option <c>--pool</c>, relative to the current folder; the scenario gets the full path.</summary>
    public string? Pool { get; init; }

    /// <summary>The option <c>--faults</c>, in the form of <c>SANDBOX_FAULTS</c>; in place of all faults.</summary>
    public string? Faults { get; init; }

    /// <summary>The option <c>--sittings-per-day</c>.</summary>
    public double? SittingsPerDay { get; init; }

    /// <summary>
    /// The options <c>--threshold</c>, such as <c>success_rate:rate>0.95</c>; in place of the scenario's thresholds for
    /// the same metrics.
    /// </summary>
    public ImmutableArray<string> Thresholds { get; init; } = [];

    /// <summary>The option <c>--recommendations</c>.</summary>
    public bool? Recommendations { get; init; }

    /// <summary>The option <c>--no-history</c>.</summary>
    public bool NoHistory { get; init; }

    /// <summary>The scenario as the command line wants it; its problems name the options.</summary>
    public ScenarioReading ApplyTo(Scenario scenario)
    {
        var draft = new ScenarioDraft(scenario with
        {
            History = scenario.History && !NoHistory,
            Recommendations = Recommendations ?? scenario.Recommendations,
        });
        foreach (var (name, text) in Said())
            if (text is not null)
                draft.Take(ScenarioKey.Find(name)!, Given.Option($"--{name.Replace('_', '-')}", text));
        ScenarioParts.ThresholdOptions(
            draft, Thresholds.Select(text => Given.Option("--threshold", text)));
        return draft.Read();
    }

    private IEnumerable<(string Key, string? Text)> Said() =>
    [
        ("sessions", Text(Sessions)),
        ("days", Text(Days)),
        ("start", Start),
        ("seed", Text(Seed)),
        ("planner", Planner),
        ("pool", Pool),
        ("faults", Faults),
        ("sittings_per_day", Text(SittingsPerDay)),
    ];

    private static string? Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}
