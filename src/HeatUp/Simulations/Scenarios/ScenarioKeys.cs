using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>
/// A scenario as its file says it: a property for each key, in the order in which keys are listed and written, with
/// its meaning and its limits. <see cref="ScenarioReader"/> reads it, and <see cref="ScenarioSchema"/> describes it.
/// </summary>
internal sealed class ScenarioKeys(Scenario scenario)
{
    public const string MomentPattern = @"^2[0-9]{3}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{0,7})?)?(Z|"
        + "[+-][0-9]{2}:[0-9]{2})?)?$";

    public const string FaultsAllowed =
        "an object or a text of faults with their probabilities, such as {\"offline\": 0.01} or \"offline:0.01\"";

    [JsonConstructor]
    public ScenarioKeys() : this(new Scenario()) { }

    [Description("Where the schema of this file is, for editors.")]
    [JsonPropertyName("$schema"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Allowed("the address of this file's schema")]
    public string? Schema { get; set; }

    [Description("How many sessions there are, those that come later included.")]
    [Range(1, Scenario.SessionsMax)]
    public int Sessions { get; set; } = scenario.Sessions;

    [Description("How many days the run lasts.")]
    [Range(1, Scenario.DaysMax)]
    public int Days { get; set; } = scenario.Days;

    [Description("The day on which the run ends, in place of days; at the time of day of its start.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull, Allowed("a day, such as 2026-01-12")]
    public DateOnly? End { get; set; }

    [Description("When the run begins: a day or a moment, in UTC unless it says otherwise.")]
    [Allowed(Pattern = MomentPattern)]
    public DateTimeOffset Start { get; set; } = scenario.Start;

    [Description("Where all chance comes from: the same seed gives the same run.")]
    [Range(typeof(ulong), "0", "18446744073709551615")]
    public ulong Seed { get; set; } = scenario.Seed.Value;

    [Description("Who plans the sittings: the built-in planner, or the language model of the settings.")]
    [Allowed("builtin or llm"), AllowedValues("builtin", "llm")]
    public string Planner { get; set; } = scenario.Planner.Word();

    [Description("The file of channels, relative to this file; null for that of the setting CHANNELS_FILE.")]
    [Allowed("the path of a file of channels", Pattern = @"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    public string? Pool { get; set; } = scenario.Pool;

    [Description("What goes wrong on the sandbox, with its probability; as an object, or as a text in the form of the "
        + "setting SANDBOX_FAULTS.")]
    [Allowed(FaultsAllowed)]
    [Range(0.0, 1.0)]
    public FaultChances Faults { get; set; } = FaultChances.Of(scenario.Faults);

    [Description("Over how many days from the start the sessions arrive, evenly; 0 if all are there from the start. At "
        + "most the days of the run.")]
    [Range(0, Scenario.DaysMax)]
    public int ArriveOverDays { get; set; } = scenario.ArriveOverDays;

    [Description("How many sittings a day a session has on average; null for sessions of different habits.")]
    [Range(0, Scenario.SittingsPerDayMax, MinimumIsExclusive = true)]
    public double? SittingsPerDay { get; set; } = scenario.SittingsPerDay;

    [Description("Where the sessions live, with the share of each. A zone is a name of the IANA list, such as "
        + "Europe/Berlin, or an offset, such as UTC+3, which needs no time zone data.")]
    [Allowed("an object of time zones with their shares, such as {\"UTC+3\": 0.6, \"UTC\": 0.4}", NotEmpty = true)]
    [Range(0, ZoneShare.ShareMax, MinimumIsExclusive = true)]
    public OrderedDictionary<string, double> TimeZones { get; set; } =
        new(scenario.TimeZones.Select(zone => KeyValuePair.Create(zone.Zone, zone.Share)));

    [Description("Whether plans are advised by what the other sessions follow, learned after the days 1, 2 and 4 and "
        + "each week.")]
    public bool Recommendations { get; set; } = scenario.Recommendations;

    [Description("Whether history.db is written. Without it a run is faster, and can't be asked afterwards.")]
    public bool History { get; set; } = scenario.History;

    [Description("What a million tokens of the language model cost; null if that doesn't matter. Without a price of "
        + "its own a cached token costs what any input does.")]
    [Allowed("an object of prices for a million tokens, such as {\"input\": 0.15, \"output\": 0.6}")]
    public PriceKeys? Prices { get; set; } = scenario.Prices is { } prices ? PriceKeys.Of(prices) : null;

    [Description("How many tokens of the language model the run may use, sent and received; it ends when they are "
        + "spent. Null for no bound.")]
    [Range(1, double.PositiveInfinity)]
    public long? MaxTokens { get; set; } = scenario.MaxTokens;

    [Description("What the run must reach, by metric, in the manner of k6.")]
    [Allowed("an object of metrics with their thresholds, such as {\"success_rate\": [\"rate>0.9\"]}",
        "an array, such as [\"rate>0.95\"]", "a text such as \"rate>0.95\", or an object with it such as "
        + "{\"threshold\": \"rate>0.95\", \"abortOnFail\": true}")]
    public OrderedDictionary<string, ThresholdKeys[]> Thresholds { get; set; } = new(
        Threshold.InOrder(scenario.Thresholds).GroupBy(threshold => threshold.Metric.Name, ThresholdKeys.Of)
            .Select(ofMetric => KeyValuePair.Create(ofMetric.Key, ofMetric.ToArray())));

    [Description("What changes while the run goes on, by time: what happens from then on follows the new rules.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Allowed("an array of changes, such as [{\"at\": \"2026-01-12\", \"faults\": {\"flood_wait\": 0.05}}]",
        "an object of a time and what changes then, such as {\"at\": \"2026-01-12\", \"sittings_per_day\": 3}")]
    public ChangeKeys[]? Changes { get; set; } =
        scenario.Changes.IsEmpty ? null! : [.. scenario.Changes.Select(ChangeKeys.Of)];

    [Description("A simulation runs on the sandbox only and can't reach a real server.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Allowed("sandbox", Because = "a simulation runs on the sandbox only and can't reach a real server")]
    [AllowedValues("sandbox")]
    public string? TelegramMode { get; set; }

    /// <summary>The scenario that these keys say. Their values are within their limits.</summary>
    public Scenario ToScenario() => new()
    {
        Sessions = Sessions,
        Days = Days,
        Start = Start,
        Seed = new Seed(Seed),
        Planner = EnumWord.Read<PlannerKind>(Planner)!.Value,
        Pool = Pool,
        Faults = Faults.ToFaults(),
        ArriveOverDays = ArriveOverDays,
        SittingsPerDay = SittingsPerDay,
        TimeZones = [.. TimeZones.Select(zone => new ZoneShare(zone.Key, zone.Value))],
        Recommendations = Recommendations,
        History = History,
        Prices = Prices?.ToPrices(),
        MaxTokens = MaxTokens,
        Changes = [.. (Changes ?? []).Select(change => change.ToChange())],
        Thresholds = Threshold.InOrder(Thresholds.SelectMany(
            ofMetric => ofMetric.Value.Select(keys => keys.ToThreshold(ofMetric.Key)))),
    };
}

/// <summary>A change of a scenario's file.</summary>
internal sealed class ChangeKeys
{
    private const string Unsaid = "It stays as it is if nothing is said.";

    [Description("When: a day or a moment, in UTC unless it says otherwise; after the start and before the end.")]
    [Allowed(Lack = "the time from which on it holds", Pattern = ScenarioKeys.MomentPattern)]
    public required DateTimeOffset At { get; set; }

    [Description("What goes wrong on the sandbox from then on, in place of all faults. " + Unsaid)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Allowed(ScenarioKeys.FaultsAllowed), Range(0.0, 1.0)]
    public FaultChances? Faults { get; set; }

    [Description("How many sittings a day a session has on average from then on. " + Unsaid)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Range(0, Scenario.SittingsPerDayMax, MinimumIsExclusive = true)]
    public double? SittingsPerDay { get; set; }

    [Description("Whether plans are advised by what the other sessions follow from then on. " + Unsaid)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), DisallowNull]
    [Allowed("true or false")]
    public bool? Recommendations { get; set; }

    public static ChangeKeys Of(RuleChange change) => new()
    {
        At = change.At,
        Faults = change.Faults is { } faults ? FaultChances.Of(faults) : null!,
        SittingsPerDay = change.SittingsPerDay,
        Recommendations = change.Recommendations,
    };

    public RuleChange ToChange() => new(At)
    {
        Faults = Faults?.ToFaults(),
        SittingsPerDay = SittingsPerDay,
        Recommendations = Recommendations,
    };
}

/// <summary>The prices of a scenario's file.</summary>
internal sealed class PriceKeys
{
    private const string Lack = "the price of a million tokens";

    [Description("Tokens sent."), Range(0, TokenPrices.Max), Allowed(Lack = Lack)]
    public required double Input { get; set; }

    [Description("Tokens sent that the provider had in its cache."), Range(0, TokenPrices.Max), DisallowNull]
    public double? Cached { get; set; }

    [Description("Tokens received."), Range(0, TokenPrices.Max), Allowed(Lack = Lack)]
    public required double Output { get; set; }

    [Allowed("three capital letters, such as USD", Pattern = "^[A-Z]{3}$")]
    public string Currency { get; set; } = TokenPrices.CurrencyDefault;

    public static PriceKeys Of(TokenPrices prices) => new()
    {
        Input = prices.Input,
        Cached = prices.Cached,
        Output = prices.Output,
        Currency = prices.Currency,
    };

    public TokenPrices ToPrices() => new(Input, Cached ?? Input, Output, Currency);
}

/// <summary>A threshold of a scenario's file; its expression alone if there is nothing else to say.</summary>
internal sealed class ThresholdKeys
{
    public const string ExpressionKey = "threshold";
    public const string Pass = "pass";
    public const string Fail = "fail";
    private const string Example = "a text such as \"rate>0.95\"";

    [JsonPropertyName(ExpressionKey), Allowed(Example, Lack = Example)]
    public required string Expression { get; set; }

    [JsonPropertyName("abortOnFail"), Description("Whether the run ends as soon as this fails.")]
    public bool AbortOnFail { get; set; }

    [JsonPropertyName("ifUnmeasured"), Description("What comes of it if there was nothing to measure.")]
    [Allowed("\"pass\" or \"fail\""), AllowedValues(Pass, Fail)]
    public string IfUnmeasured { get; set; } = Fail;

    public static ThresholdKeys Of(Threshold threshold) => new()
    {
        Expression = threshold.Expression,
        AbortOnFail = threshold.AbortOnFail,
        IfUnmeasured = threshold.PassesUnmeasured ? Pass : Fail,
    };

    public Threshold ToThreshold(string metric) =>
        Threshold.TryParse(metric, Expression, AbortOnFail, out var threshold, out var problem)
            ? threshold with { PassesUnmeasured = IfUnmeasured == Pass }
            : throw new InvalidOperationException(problem);
}
