using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HeatUp.Channels;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>
/// Reads what was given for a scenario's keys. System.Text.Json stops at the first problem; this goes through the same
/// contract of types, says all of them with their places, and has the values read that have none.
/// </summary>
/// <param name="scenario">What holds unless it is said otherwise.</param>
internal sealed class ScenarioReader(Scenario scenario)
{
    /// <summary>The most problems that are told one by one; the rest is counted.</summary>
    public const int ProblemsMax = 50;

    /// <summary>More than that is nobody's estimate of sessions.</summary>
    private const double MassesMax = 1e15;

    private const string Sessions = "sessions";

    private static readonly JsonTypeInfo Root = ScenarioJson.Contract.GetTypeInfo(typeof(ScenarioKeys));

    private readonly ScenarioKeys keys = new(scenario);
    private readonly Dictionary<string, Given> said = [];
    private readonly HashSet<string> faulty = [];
    private readonly List<string> problems = [];
    private int problemsUnsaid;

    /// <summary>Reads an object of keys.</summary>
    public ScenarioReading Read(Given root)
    {
        CheckFields(root, Root, Take);
        return Read();
    }

    /// <summary>
    /// Reads options: those for a key, and thresholds such as <c>success_rate:rate>0.95</c>, which take the place of
    /// the scenario's for the same metrics.
    /// </summary>
    public ScenarioReading Read(IEnumerable<(string Key, Given Option)> options, IEnumerable<Given> thresholds)
    {
        foreach (var (key, option) in options) Take(Root.Properties.Single(property => property.Name == key), option);
        var asked = new HashSet<string>();
        foreach (var option in thresholds) TakeThreshold(option, asked);
        return Read();
    }

    private ScenarioReading Read()
    {
        if (CheckEnd())
        {
            CheckArrivals();
            CheckChanges();
        }
        if (said.GetValueOrDefault(Sessions) is { } sessions && AreMasses(sessions)) RefuseMasses(sessions);
        if (problemsUnsaid > 0) problems.Add($"There are {problemsUnsaid} more such problems.");
        return problems.Count == 0 ? ScenarioReading.Good(keys.ToScenario()) : ScenarioReading.Bad([.. problems]);
    }

    private void Take(JsonPropertyInfo key, Given given)
    {
        said[key.Name] = given;
        var before = problems.Count + problemsUnsaid;
        // What too many would take is said at the end, when the days are known.
        if (key.Name == Sessions && AreMasses(given)) return;
        Check(given, key, "");
        if (problems.Count + problemsUnsaid > before) faulty.Add(key.Name);
        else key.Set!(keys, given.Json.Deserialize(key.PropertyType, ScenarioJson.Forms));
    }

    private void TakeThreshold(Given option, HashSet<string> asked)
    {
        if (option.Text?.Split(':', 2, StringSplitOptions.TrimEntries) is not [var metric, var expression])
            Refuse(option, "a metric, a colon and an expression, such as success_rate:rate>0.95");
        else if (!Threshold.TryParse(metric, expression, abortOnFail: false, out var threshold, out var problem))
            Say(option, In(option) + problem);
        else
            keys.Thresholds[metric] =
                [.. asked.Add(metric) ? [] : keys.Thresholds[metric], ThresholdKeys.Of(threshold)];
    }

    private void Check(Given given, JsonPropertyInfo key, string entry)
    {
        if (given.Json.ValueKind != JsonValueKind.Null || !key.IsSetNullable)
            Check(given, key, key.PropertyType, depth: 0, entry);
    }

    /// <summary>Says what is wrong with a value, or with what lies in it.</summary>
    /// <param name="given">The value.</param>
    /// <param name="key">The key that it belongs to.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="depth">How deep it lies in the key's value: 0 is the value itself, 1 one of its entries.</param>
    /// <param name="entry">The free key, such as a metric, in which it lies; empty if there is none.</param>
    private void Check(Given given, JsonPropertyInfo key, Type type, int depth, string entry)
    {
        var contract = ScenarioJson.Contract.GetTypeInfo(type);
        switch (contract.Kind, given.Json.ValueKind)
        {
            case (_, JsonValueKind.String) when type == typeof(FaultChances) && given.Text is { } text:
                if (!SandboxFaults.TryParse(text, out _, out var fault)) Say(given, In(given) + fault);
                break;
            case (_, JsonValueKind.String) when given.Text is { } text
                    && (type == typeof(ThresholdKeys) || key.Name == ThresholdKeys.ExpressionKey):
                CheckExpression(given, entry, text);
                break;
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                CheckFields(given, contract, (inner, value) => Check(value, inner, entry));
                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) when FieldsOf(given) is var fields
                    && (fields.Count > 0 || ScenarioLimits.Of<AllowedAttribute>(key) is not { NotEmpty: true }):
                foreach (var (name, value) in fields)
                {
                    CheckName(given, key, name, value);
                    Check(value, key, contract.ElementType!, depth + 1, name);
                }
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                foreach (var item in given.Items) Check(item, key, contract.ElementType!, depth + 1, entry);
                break;
            case (JsonTypeInfoKind.None, _) when ValueOf(given, type) is { } value && ScenarioLimits.Holds(key, value):
                break;
            default:
                var because = ScenarioLimits.Of<AllowedAttribute>(key)?.Because;
                Refuse(given, ScenarioLimits.AllowedOf(key, type, depth), because);
                break;
        }
    }

    /// <summary>Looks at a threshold's expression; the metric's name is looked at elsewhere.</summary>
    private void CheckExpression(Given given, string metric, string text)
    {
        if (Metric.Find(metric) is not null && !Threshold.TryParse(metric, text, false, out _, out var problem))
            Say(given, In(given) + problem);
    }

    private void CheckFields(Given given, JsonTypeInfo contract, Action<JsonPropertyInfo, Given> take)
    {
        var fields = FieldsOf(given);
        foreach (var (key, value) in fields)
            if (contract.Properties.FirstOrDefault(property => property.Name == key) is { } property)
                take(property, value);
            else
                SayOfKey(value, () => In(given) + Nearest.Refusal(
                    key, NounOf(contract.Type), [.. contract.Properties.Select(property => property.Name)]));
        foreach (var lack in contract.Properties.Where(one => one.IsRequired && !fields.ContainsKey(one.Name)))
            Say(given, $"{given.Name} must have {lack.Name}, {ScenarioLimits.Of<AllowedAttribute>(lack)!.Lack}.");
    }

    /// <summary>Looks at a key of an object of free keys.</summary>
    private void CheckName(Given given, JsonPropertyInfo property, string key, Given value)
    {
        Func<string>? problem = property.Name switch
        {
            "faults" when !SandboxFaults.Names.Contains(key) =>
                () => Nearest.Refusal(key, "fault of the sandbox", [.. SandboxFaults.Names]),
            "time_zones" when !TimeZones.TryFind(key, out _) => () => TimeZones.Refusal(key),
            "thresholds" when Metric.Find(key) is null => () => Threshold.UnknownMetric(key),
            _ => null,
        };
        if (problem is not null) SayOfKey(value, () => In(given) + problem());
    }

    /// <summary>The fields of an object, each key once. A key that is there again is a problem.</summary>
    private OrderedDictionary<string, Given> FieldsOf(Given given)
    {
        var byKey = new OrderedDictionary<string, Given>();
        foreach (var (key, value) in given.Fields)
            if (!byKey.TryAdd(key, value))
                SayOfKey(value, () => $"{value.Name} is there already, at {byKey[key].PlaceOfKey}.");
        return byKey;
    }

    /// <summary>A value of this type; null if it is none.</summary>
    private static object? ValueOf(Given given, Type type)
    {
        try
        {
            return given.Json.Deserialize(type, ScenarioJson.Forms);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the days are known afterwards.</summary>
    private bool CheckEnd()
    {
        if (faulty.Overlaps(["days", "end", "start"])) return false;
        if (keys.End is not { } end) return true;
        var given = said["end"];
        var start = DateOnly.FromDateTime(keys.Start.UtcDateTime);
        var days = end.DayNumber - start.DayNumber;
        if (said.ContainsKey("days"))
            SayOfKey(given, () => "end must not stand beside days: either of them says how long the run is.");
        else if (days is < 1 or > Scenario.DaysMax)
            Refuse(given, $"1 to {Scenario.DaysMax} days after the start, which is {start:yyyy-MM-dd}");
        else
        {
            keys.Days = days;
            return true;
        }
        return false;
    }

    private void CheckArrivals()
    {
        if (keys.ArriveOverDays <= keys.Days) return;
        if (said.GetValueOrDefault("arrive_over_days") is { } given)
            Refuse(given, $"at most the {keys.Days} days that the run lasts");
        else if (said.GetValueOrDefault("days") is { } shortened)
            Refuse(shortened, $"at least {keys.ArriveOverDays}, because the sessions arrive over so many days");
    }

    /// <summary>Looks whether changes come one after the other within the run, and change anything.</summary>
    private void CheckChanges()
    {
        if (faulty.Contains("changes")) return;
        var (start, end) = (keys.Start, keys.Start.AddDays(keys.Days));
        var (given, before) = (said.GetValueOrDefault("changes"), start);
        foreach (var (index, change) in (keys.Changes ?? []).Index())
        {
            var item = given?.Items.ElementAt(index)
                ?? said.GetValueOrDefault("days") ?? said.GetValueOrDefault("end") ?? said.GetValueOrDefault("start");
            if (item is not null && change.ToChange() is { IsEmpty: true })
                Refuse(item, "a time with faults, sittings_per_day or recommendations");
            else if (item is not null && (change.At <= before || change.At >= end))
                Say(item, $"{item.Name}: changes come one after the other, after the start ({Moment(start)}) and "
                    + $"before the end ({Moment(end)}); one is at {Moment(change.At)}.");
            before = change.At;
        }
    }

    private static string Moment(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}";

    /// <summary>Whether somebody means so many sessions, and should hear what they would take.</summary>
    private static bool AreMasses(Given sessions) =>
        ValueOf(sessions, typeof(double)) is double and > Scenario.SessionsMax and < MassesMax;

    private void RefuseMasses(Given given)
    {
        var needs = ScenarioNeeds.Of(keys.ToScenario(), given.Json.GetDouble());
        var allowed = ScenarioLimits.AllowedOf(Root.Properties.Single(key => key.Name == Sessions), typeof(int), 0);
        Refuse(given, allowed, $"for {keys.Days} days they would take {needs}");
    }

    private static string NounOf(Type type) => type == typeof(ScenarioKeys) ? "key of a scenario"
        : type == typeof(PriceKeys) ? "price"
        : type == typeof(ChangeKeys) ? "key of a change"
        : "key of a threshold";

    private static string In(Given given) => given.Name.Length == 0 ? "" : $"{given.Name}: ";

    /// <summary>Says that a value isn't what it must be.</summary>
    private void Refuse(Given given, string allowed, string? because = null) => Say(
        given, $"{given.Name} must be {allowed}, not {given.Shown}{(because is null ? "" : $": {because}")}.");

    private void Say(Given given, string problem) => Say(() => given.Place, () => problem);

    /// <summary>Says what is wrong with a value's key.</summary>
    private void SayOfKey(Given given, Func<string> problem) => Say(() => given.PlaceOfKey, problem);

    /// <summary>Of a broken file's problems, as many as it likes, only those are made that are told.</summary>
    private void Say(Func<string> place, Func<string> problem)
    {
        if (problems.Count >= ProblemsMax) problemsUnsaid++;
        else problems.Add(place() is { Length: > 0 } where ? $"{where}: {problem()}" : problem());
    }
}
