using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// The scenario of a run that branches off another one: the same until an hour, and other rules from then on.
/// </summary>
public static class Branching
{
    private const string OfPopulation = "who lives there is drawn when a run begins";

    /// <summary>Why a key can't be changed in the middle of a run.</summary>
    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["sessions"] = OfPopulation,
        ["seed"] = "all that happened until then came from it",
        ["start"] = "the run has begun then",
        ["time_zones"] = OfPopulation,
        ["arrive_over_days"] = OfPopulation,
        ["pool"] = "the channels are those of the run from its start",
        ["planner"] = "who plans is the same from a run's start to its end",
        ["changes"] = "--at and --set say the change",
        ["telegram_mode"] = "a simulation runs on the sandbox only",
        ["$schema"] = "it is of a file",
    };

    /// <summary>The keys that hold from the hour on; the others that can be set are of the whole run.</summary>
    private static readonly string[] Rules = ["faults", "sittings_per_day", "recommendations"];

    /// <summary>Reads the hour of a branch.</summary>
    /// <param name="text">A moment, such as <c>2026-01-12T00:00Z</c>.</param>
    /// <param name="origin">The scenario of the run that is branched off.</param>
    /// <param name="reached">How far that run came.</param>
    /// <param name="at">The hour.</param>
    /// <returns>What is wrong with it, as a sentence; null if nothing is.</returns>
    public static string? ReadHour(string text, Scenario origin, DateTimeOffset reached, out DateTimeOffset at)
    {
        at = default;
        try
        {
            at = JsonSerializer.SerializeToElement(text).Deserialize<DateTimeOffset>(ScenarioJson.Forms);
        }
        catch (JsonException)
        {
            var shown = ForeignText.Clean(text, JsonText.ShownMax);
            return $"--at must be {MomentConverter.Allowed}, not {shown}.";
        }
        if (at > origin.Start && at <= reached && at < origin.End) return null;
        var last = reached < origin.End ? $"at most {Text(reached)}, which it reached" : $"before {Text(origin.End)}";
        return $"--at must lie in the run: after {Text(origin.Start)} and {last}; this one is {Text(at)}.";
    }

    /// <summary>The branch's scenario.</summary>
    /// <param name="origin">The scenario of the run that is branched off.</param>
    /// <param name="at">The hour, one of <see cref="ReadHour"/>.</param>
    /// <param name="settings">What is changed, such as <c>faults.flood_wait=0.05</c>: a key of a scenario, an equals
    /// sign and a value as the scenario's file has it, a text without quotes too.</param>
    public static ScenarioReading Read(Scenario origin, DateTimeOffset at, IEnumerable<string> settings)
    {
        var (scenario, rules, problems) = (origin, origin.RulesAt(at), new List<string>());
        foreach (var setting in settings)
        {
            var reading = Set(rules, setting, out var key);
            problems.AddRange(reading.Problems.Select(problem => $"--set {Shown(setting)}: {problem}"));
            if (reading.Scenario is not { } read) continue;
            rules = read;
            if (Rules.Contains(key)) continue;
            scenario = scenario with
            {
                Days = read.Days, History = read.History, Prices = read.Prices, MaxTokens = read.MaxTokens,
                Thresholds = read.Thresholds,
            };
        }
        if (at >= scenario.End) problems.Add($"--at must be before the run's end, which is {Text(scenario.End)} then.");
        return problems.Count > 0 ? ScenarioReading.Bad([.. problems])
            : ScenarioReading.Good(scenario.With(ChangeTo(rules, origin.RulesAt(at), at)));
    }

    private static RuleChange ChangeTo(Scenario rules, Scenario before, DateTimeOffset at) => new(at)
    {
        Faults = rules.Faults.ToString() == before.Faults.ToString() ? null : rules.Faults,
        SittingsPerDay = Nullable.Equals(rules.SittingsPerDay, before.SittingsPerDay) ? null : rules.SittingsPerDay,
        Recommendations = rules.Recommendations == before.Recommendations ? null : rules.Recommendations,
    };

    private static ScenarioReading Set(Scenario rules, string setting, out string key)
    {
        key = "";
        if (setting.Split('=', 2) is not [var name, var value] || name.Trim().Length == 0)
            return ScenarioReading.Bad("write a key, an equals sign and a value, such as faults.flood_wait=0.05.");
        var path = name.Trim().Split('.');
        key = path[0];
        var known = JsonNode.Parse(ScenarioFile.ToJson(rules))!.AsObject();
        if (Fixed.TryGetValue(key, out var reason))
            return ScenarioReading.Bad($"{key} can't change in the middle of a run: {reason}.");
        JsonNode? root = new JsonObject { [key] = known[key]?.DeepClone() };
        var inner = root.AsObject();
        foreach (var part in path[..^1])
        {
            if (inner[part] is not JsonObject) inner[part] = new JsonObject();
            inner = inner[part]!.AsObject();
        }
        inner[path[^1]] = ValueOf(value.Trim());
        if (key == "sittings_per_day" && inner[key] is null)
            return ScenarioReading.Bad("sittings_per_day can only change to a number.");
        return new ScenarioReader(rules).Read(new Given("", JsonSerializer.SerializeToElement(root)));
    }

    /// <summary>A value as JSON has it; what is no JSON is a text.</summary>
    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static string Shown(string setting) => ForeignText.Clean(setting, JsonText.ShownMax);

    private static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}";
}
