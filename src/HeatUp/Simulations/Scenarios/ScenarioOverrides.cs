using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeatUp.Simulations;

/// <summary>
/// What a command line says in place of a scenario. What is null leaves the scenario as it is; the rest follows the
/// rules of the scenario's file.
/// </summary>
public sealed record ScenarioOverrides
{
    private static readonly JsonSerializerOptions Said = new(ScenarioJson.Contract)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // they are refused, but as they were given
    };

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
    [JsonIgnore]
    public ImmutableArray<string> Thresholds { get; init; } = [];

    /// <summary>The option <c>--recommendations</c>.</summary>
    public bool? Recommendations { get; init; }

    /// <summary>The option <c>--no-history</c>.</summary>
    [JsonIgnore]
    public bool NoHistory { get; init; }

    /// <summary>The scenario as the command line wants it; its problems name the options.</summary>
    public ScenarioReading ApplyTo(Scenario scenario)
    {
        var said = JsonSerializer.SerializeToElement(this, Said).EnumerateObject()
            .Select(option => (option.Name, new Given($"--{option.Name.Replace('_', '-')}", option.Value)));
        var reading = new ScenarioReader(scenario with { History = scenario.History && !NoHistory })
            .Read(said, Thresholds.Select(text => new Given("--threshold", JsonSerializer.SerializeToElement(text))));
        return reading.Scenario is { } read && Pool is not null
            ? ScenarioReading.Good(read with { Pool = Path.GetFullPath(Pool) })
            : reading;
    }
}
