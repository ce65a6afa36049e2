using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HeatUp.Simulations;

/// <summary>A key of a scenario's file.</summary>
/// <param name="Name">How it is written.</param>
/// <param name="Meaning">What it says, for people: one or two sentences.</param>
/// <param name="Read">Reads its value into a draft, or says what is wrong with it.</param>
/// <param name="Schema">The JSON schema of its value, without the meaning.</param>
internal sealed record ScenarioKey(
    string Name, string Meaning, Action<ScenarioDraft, Given> Read, Func<JsonObject> Schema)
{
    /// <summary>All keys in the order in which they are listed and written.</summary>
    public static ImmutableArray<ScenarioKey> All { get; } =
    [
        new("$schema", "Where the schema of this file is, for editors.", ScenarioRules.Schema, SchemaParts.Text),
        new("sessions", "How many sessions there are, those that come later included.",
            ScenarioRules.Sessions, () => SchemaParts.Whole(1, Scenario.SessionsMax)),
        new("days", "How many days the run lasts.", ScenarioRules.Days, () => SchemaParts.Whole(1, Scenario.DaysMax)),
        new("end", "The day on which the run ends, in place of days; at the time of day of its start.",
            ScenarioRules.End, SchemaParts.Day),
        new("start", "When the run begins: a day or a moment, in UTC unless it says otherwise.",
            ScenarioRules.Start, SchemaParts.Moment),
        new("seed", "Where all chance comes from: the same seed gives the same run.",
            ScenarioRules.Seed, () => SchemaParts.Whole(0, ulong.MaxValue)),
        new("planner", "Who plans the sittings: the built-in planner, or the language model of the settings.",
            ScenarioParts.Planner, SchemaParts.Planner),
        new("pool", "The file of channels, relative to this file; null for that of the setting CHANNELS_FILE.",
            ScenarioRules.Pool, SchemaParts.TextOrNull),
        new("faults", "What goes wrong on the sandbox, with its probability; as an object, or as a text in the form of "
            + "the setting SANDBOX_FAULTS.", ScenarioParts.Faults, SchemaParts.Faults),
        new("arrive_over_days", "Over how many days from the start the sessions arrive, evenly; 0 if all are there "
            + "from the start. At most the days of the run.",
            ScenarioRules.ArriveOverDays, () => SchemaParts.Whole(0, Scenario.DaysMax)),
        new("sittings_per_day", "How many sittings a day a session has on average; null for sessions of different "
            + "habits.", ScenarioRules.SittingsPerDay, SchemaParts.SittingsPerDay),
        new("time_zones", "Where the sessions live, with the share of each. A zone is a name of the IANA list, such as "
            + "Europe/Berlin, or an offset, such as UTC+3, which needs no time zone data.",
            ScenarioParts.Zones, SchemaParts.Zones),
        new("recommendations", "Whether plans are advised by what the other sessions follow, learned after the days "
            + "1, 2 and 4 and each week.", ScenarioRules.Recommendations, SchemaParts.Flag),
        new("history", "Whether history.db is written. Without it a run is faster, and can't be asked afterwards.",
            ScenarioRules.History, SchemaParts.Flag),
        new("prices", "What a million tokens of the language model cost; null if that doesn't matter. Without a price "
            + "of its own a cached token costs what any input does.", ScenarioParts.Prices, SchemaParts.Prices),
        new("max_tokens", "How many tokens of the language model the run may use, sent and received; it ends when they "
            + "are spent. Null for no bound.", ScenarioRules.MaxTokens, SchemaParts.MaxTokens),
        new("thresholds", "What the run must reach, by metric, in the manner of k6.",
            ScenarioParts.Thresholds, SchemaParts.Thresholds),
        new("telegram_mode", "A simulation runs on the sandbox only and can't reach a real server.",
            ScenarioRules.TelegramMode, SchemaParts.TelegramMode),
    ];

    /// <summary>The names of all keys.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(key => key.Name)];

    /// <summary>The key of this name; null if there is none.</summary>
    public static ScenarioKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);
}
