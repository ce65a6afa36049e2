using System.Collections.Immutable;
using System.Globalization;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>What each value of a scenario must be that has parts or words of its own.</summary>
internal static class ScenarioParts
{
    public const string ThresholdKey = "threshold";
    public const string AbortKey = "abortOnFail";
    public const string UnmeasuredKey = "ifUnmeasured";
    public const string Pass = "pass";
    public const string Fail = "fail";

    public static readonly ImmutableArray<string> PriceKeys = ["input", "cached", "output", "currency"];

    public static readonly ImmutableArray<string> PriceKeysNeeded = ["input", "output"];

    private const int CurrencyLength = 3;
    private static readonly string[] FaultNames = [.. SandboxFaults.Names];

    public static void Planner(ScenarioDraft draft, Given given)
    {
        var planners = Enum.GetValues<PlannerKind>().Where(kind => kind.Word() == given.Text).ToList();
        if (planners is [var planner]) draft.Scenario = draft.Scenario with { Planner = planner };
        else draft.Refuse(given, $"{PlannerKind.Builtin.Word()} or {PlannerKind.Llm.Word()}");
    }

    public static void Faults(ScenarioDraft draft, Given given)
    {
        if ((given.Text ?? FaultsText(draft, given)) is not { } text) return;
        if (SandboxFaults.TryParse(text, out var faults, out var problem))
            draft.Scenario = draft.Scenario with { Faults = faults };
        else
            draft.Say(given, $"{given.Name}: {problem}");
    }

    public static void Zones(ScenarioDraft draft, Given given)
    {
        if (draft.FieldsOf(given) is not { Count: > 0 } fields)
        {
            draft.Refuse(given, "an object of time zones with their shares, such as {\"UTC+3\": 0.6, \"UTC\": 0.4}");
            return;
        }
        foreach (var (zone, share) in fields) CheckZone(draft, zone, share);
        draft.Scenario = draft.Scenario with
        {
            TimeZones = [.. fields.Select(field => new ZoneShare(field.Key, field.Value.Number ?? 0))],
        };
    }

    public static void Prices(ScenarioDraft draft, Given given)
    {
        if (given.IsNull) draft.Scenario = draft.Scenario with { Prices = null };
        else if (draft.FieldsOf(given) is { } fields)
            draft.Scenario = draft.Scenario with { Prices = PricesOf(draft, given, fields.ToDictionary()) };
        else
            draft.Refuse(
                given, "an object of prices for a million tokens, such as {\"input\": 0.15, \"output\": 0.6}");
    }

    public static void Thresholds(ScenarioDraft draft, Given given)
    {
        if (draft.FieldsOf(given) is not { } fields)
        {
            draft.Refuse(
                given, "an object of metrics with their thresholds, such as {\"success_rate\": [\"rate>0.9\"]}");
            return;
        }
        var thresholds = new List<Threshold>();
        foreach (var (metric, list) in fields)
            if (Metric.Find(metric) is null)
                draft.SayOfKey(list, () => $"{given.Name}: {Threshold.UnknownMetric(metric)}");
            else if (list.Items is not { } items) draft.Refuse(list, "an array, such as [\"rate>0.95\"]");
            else thresholds.AddRange(items.Select(item => ThresholdOf(draft, metric, item)).OfType<Threshold>());
        draft.Scenario = draft.Scenario with { Thresholds = InOrder(thresholds) };
    }

    /// <summary>Thresholds of the command line take the place of the scenario's for the same metrics.</summary>
    public static void ThresholdOptions(ScenarioDraft draft, IEnumerable<Given> options)
    {
        var asked = options.Select(option => ThresholdOf(draft, option)).OfType<Threshold>().ToList();
        var kept = draft.Scenario.Thresholds.Where(old => asked.TrueForAll(one => one.Metric != old.Metric));
        draft.Scenario = draft.Scenario with { Thresholds = InOrder(kept.Concat(asked)) };
    }

    /// <summary>
    /// By metric; those of one metric stay as they are. It is the order in which they can be written.
    /// </summary>
    public static ImmutableArray<Threshold> InOrder(IEnumerable<Threshold> thresholds) =>
        [.. thresholds.OrderBy(threshold => Metric.All.IndexOf(threshold.Metric))];

    /// <summary>An object of faults as the text that says the same; null, and said why, if it is none.</summary>
    private static string? FaultsText(ScenarioDraft draft, Given given)
    {
        if (draft.FieldsOf(given) is { } fields)
        {
            var good = fields.Where(fault => CheckFault(draft, fault.Key, fault.Value)).ToList();
            return good.Count < fields.Count ? null : string.Join(',', good.Select(fault =>
                string.Create(CultureInfo.InvariantCulture, $"{fault.Key}:{fault.Value.Number}")));
        }
        draft.Refuse(given, "an object or a text of faults with their probabilities, such as {\"offline\": 0.01} or "
            + "\"offline:0.01\"");
        return null;
    }

    private static bool CheckFault(ScenarioDraft draft, string fault, Given chance)
    {
        var isKnown = FaultNames.Contains(fault);
        var isChance = chance.Number is >= 0 and <= 1;
        if (!isKnown)
            draft.SayOfKey(chance, () => $"faults: {Nearest.Refusal(fault, "fault of the sandbox", FaultNames)}");
        if (!isChance) draft.Refuse(chance, "a number from 0 to 1");
        return isKnown && isChance;
    }

    private static void CheckZone(ScenarioDraft draft, string zone, Given share)
    {
        if (!TimeZones.TryFind(zone, out _))
            draft.SayOfKey(share, () => $"time_zones: {TimeZones.Refusal(zone)}");
        if (share.Number is not (> 0 and <= ZoneShare.ShareMax))
            draft.Refuse(share, $"a number of more than 0 and at most {ZoneShare.ShareMax}");
    }

    private static TokenPrices PricesOf(ScenarioDraft draft, Given given, Dictionary<string, Given> fields)
    {
        foreach (var (key, value) in fields.Where(field => !PriceKeys.Contains(field.Key)))
            draft.SayOfKey(value, () => $"{given.Name}: {Nearest.Refusal(key, "price", PriceKeys)}");
        foreach (var key in PriceKeysNeeded.Where(key => !fields.ContainsKey(key)))
            draft.Say(given, $"{given.Name} must have {key}, the price of a million tokens.");
        var input = PriceOf(draft, fields.GetValueOrDefault("input")) ?? 0;
        return new(
            input, PriceOf(draft, fields.GetValueOrDefault("cached")) ?? input,
            PriceOf(draft, fields.GetValueOrDefault("output")) ?? 0,
            CurrencyOf(draft, fields.GetValueOrDefault("currency")));
    }

    private static double? PriceOf(ScenarioDraft draft, Given? given)
    {
        if (given is null or { Number: >= 0 and <= TokenPrices.Max }) return given?.Number;
        draft.Refuse(given, $"a number from 0 to {TokenPrices.Max}");
        return null;
    }

    private static string CurrencyOf(ScenarioDraft draft, Given? given)
    {
        if (given is null) return TokenPrices.CurrencyDefault;
        if (given.Text is { Length: CurrencyLength } text && text.All(char.IsAsciiLetterUpper)) return text;
        draft.Refuse(given, "three capital letters, such as USD");
        return TokenPrices.CurrencyDefault;
    }

    /// <summary>An item of a metric's list: an expression, or an object with one.</summary>
    private static Threshold? ThresholdOf(ScenarioDraft draft, string metric, Given item)
    {
        if (item.Text is { } expression) return ThresholdOf(draft, item, metric, expression, abortOnFail: false);
        if (draft.FieldsOf(item)?.ToDictionary() is { } fields) return ThresholdOf(draft, metric, item, fields);
        draft.Refuse(item, "a text such as \"rate>0.95\", or an object with it such as "
            + "{\"threshold\": \"rate>0.95\", \"abortOnFail\": true}");
        return null;
    }

    private static Threshold? ThresholdOf(
        ScenarioDraft draft, string metric, Given item, Dictionary<string, Given> fields)
    {
        string[] allowed = [ThresholdKey, AbortKey, UnmeasuredKey];
        foreach (var (key, value) in fields.Where(field => !allowed.Contains(field.Key)))
            draft.SayOfKey(value, () => $"{item.Name}: {Nearest.Refusal(key, "key of a threshold", allowed)}");
        var abort = fields.GetValueOrDefault(AbortKey);
        if (abort is { Flag: null }) draft.Refuse(abort, "true or false");
        var unmeasured = fields.GetValueOrDefault(UnmeasuredKey);
        if (unmeasured is not (null or { Text: Pass or Fail })) draft.Refuse(unmeasured, $"\"{Pass}\" or \"{Fail}\"");
        if (fields.GetValueOrDefault(ThresholdKey) is { Text: { } expression } given)
            return ThresholdOf(draft, given, metric, expression, abort?.Flag ?? false) is { } threshold
                ? threshold with { PassesUnmeasured = unmeasured?.Text == Pass }
                : null;
        draft.Say(item, $"{item.Name} must have {ThresholdKey}, a text such as \"rate>0.95\".");
        return null;
    }

    /// <summary>An option such as <c>success_rate:rate>0.95</c>.</summary>
    private static Threshold? ThresholdOf(ScenarioDraft draft, Given option)
    {
        if (option.Text?.Split(':', 2, StringSplitOptions.TrimEntries) is [var metric, var expression])
            return ThresholdOf(draft, option, metric, expression, abortOnFail: false);
        draft.Refuse(option, "a metric, a colon and an expression, such as success_rate:rate>0.95");
        return null;
    }

    private static Threshold? ThresholdOf(
        ScenarioDraft draft, Given given, string metric, string expression, bool abortOnFail)
    {
        if (Threshold.TryParse(metric, expression, abortOnFail, out var threshold, out var problem)) return threshold;
        draft.Say(given, $"{given.Name}: {problem}");
        return null;
    }
}
