namespace HeatUp.Simulations;

/// <summary>A scenario in the making: what has been read, and what is wrong with it.</summary>
/// <param name="scenario">What holds unless it is said otherwise.</param>
internal sealed class ScenarioDraft(Scenario scenario)
{
    /// <summary>The most problems that are told one by one; the rest is counted.</summary>
    public const int ProblemsMax = 50;

    private readonly List<string> problems = [];
    private readonly Dictionary<string, Given> said = [];
    private readonly HashSet<string> faulty = [];
    private int problemsUnsaid;

    public Scenario Scenario { get; set; } = scenario;

    /// <summary>Takes what was given for a key.</summary>
    public void Take(ScenarioKey key, Given given)
    {
        var before = problems.Count + problemsUnsaid;
        said[key.Name] = given;
        key.Read(this, given);
        if (problems.Count + problemsUnsaid > before) faulty.Add(key.Name);
    }

    /// <summary>What was given for a key; null if nothing was.</summary>
    public Given? SaidFor(string key) => said.GetValueOrDefault(key);

    /// <summary>Whether nothing is wrong with what was given for a key, if anything was.</summary>
    public bool IsSound(string key) => !faulty.Contains(key);

    /// <summary>Says that a value isn't what it must be.</summary>
    public void Refuse(Given given, string allowed) =>
        Say(given, $"{given.Name} must be {allowed}, not {given.Shown}.");

    /// <summary>Says what is wrong with a value.</summary>
    public void Say(Given given, string problem)
    {
        if (MayTellOneMore()) problems.Add(At(given.Place, problem));
    }

    /// <summary>Says what is wrong with a value's key, of which a broken file has as many as it likes.</summary>
    /// <param name="given">The value.</param>
    /// <param name="problem">The sentence; it is made only if it is told.</param>
    public void SayOfKey(Given given, Func<string> problem)
    {
        if (MayTellOneMore()) problems.Add(At(given.PlaceOfKey, problem()));
    }

    /// <summary>
    /// The fields of an object, each key once; null if it is none. A key that is there again is a problem.
    /// </summary>
    public IReadOnlyList<(string Key, Given Value)>? FieldsOf(Given given)
    {
        if (given.Fields is not { } fields) return null;
        var byKey = new OrderedDictionary<string, Given>();
        foreach (var (key, value) in fields)
            if (!byKey.TryAdd(key, value))
                SayOfKey(value, () => $"{value.Name} is there already, at {byKey[key].PlaceOfKey}.");
        return [.. byKey.Select(field => (field.Key, field.Value))];
    }

    /// <summary>What has become of it.</summary>
    public ScenarioReading Read()
    {
        ScenarioRules.CheckTogether(this);
        if (problemsUnsaid > 0) problems.Add($"There are {problemsUnsaid} more such problems.");
        return problems.Count == 0 ? ScenarioReading.Good(Scenario) : ScenarioReading.Bad([.. problems]);
    }

    /// <summary>Whether a problem is told; if not, it is counted.</summary>
    private bool MayTellOneMore()
    {
        if (problems.Count < ProblemsMax) return true;
        problemsUnsaid++;
        return false;
    }

    private static string At(string? place, string problem) => place is null ? problem : $"{place}: {problem}";
}
