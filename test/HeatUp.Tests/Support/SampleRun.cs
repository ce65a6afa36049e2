using System.Collections.Immutable;
using System.Text.Json;
using HeatUp.Simulations;

namespace HeatUp.Tests.Support;

/// <summary>
/// Results of a simulation that nobody ran: rich enough that a report has something to show in each of its sections.
/// </summary>
internal static class SampleRun
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private const string Evil = "\"'<script>alert(1)</script>\u202e<img onerror=x>&";

    private static readonly string[] Names =
    [
        "durov", "telegram", "meduzalive", "habr_com", "science_daily", "postnauka", "breakingmash", "rian_ru", "lentachold",
        "readovkanews", "nplusone", "arzamas_academy", "tass_agency", "kinopoisk", "musicnews", "cooking_at_home", "travel_notes",
        "space_channel", "sport_express", "chess_today", "design_pub", "python_tips", "gardening", "photo_of_the_day",
    ];

    private static readonly string[] Categories = ["News", "Technology", "Science", "Entertainment", "Путешествия"];

    public static Manifest Manifest { get; } = new(
        Manifest.FormatNow, "0.1.0", "4c455b5d1e", RunFolderStatus.Complete, null, Scenario(), Hash, 42, Hash, Names.Length + 76,
        new DateTimeOffset(2026, 2, 4, 0, 0, 0, TimeSpan.Zero), 1_000, 41_234, 205_611, Hash, true,
        "The built-in planner and the sandbox take all chance from the seed.", null, TimeSpan.FromSeconds(12.345), 2);

    /// <summary>A month of a thousand sessions.</summary>
    public static Summary Summary { get; } = Of(30);

    /// <summary>The same with a language model that planned, and cost.</summary>
    public static (Manifest Manifest, Summary Summary) OfModel { get; } = (
        Manifest with { Model = "gpt-4o-mini", Deterministic = false, Why = "The language model's replies differ." },
        Summary with
        {
            Plans = Summary.Plans with
            {
                ByPlanner = [new("llm", 40_801), new("builtin", 433)],
                Fallbacks = [new("unreadable_reply", 301), new("unavailable", 132)],
                TokensIn = 61_851_000,
                TokensOut = 9_012_345,
                TokensCached = 48_000_000,
                Cost = 9.7134,
            },
        });

    /// <summary>A run that was stopped before its first sitting.</summary>
    public static (Manifest Manifest, Summary Summary) Empty { get; } = (
        Manifest with
        {
            Status = RunFolderStatus.Stopped, Detail = "It was interrupted by Ctrl+C.", Sittings = 0, Actions = 0, Commit = null,
        },
        new Summary(
            [], [.. Metric.All.Select(metric => Values(metric, null))], [], [.. new long[24]], [.. new long[24]], [], [], [], [],
            new PlanCount(0, 0, 0, [], [], [], 0, 0, 0, null), []));

    /// <summary>Texts that would be markup if they were let, wherever a stranger's text can stand.</summary>
    public static (Manifest Manifest, Summary Summary) Hostile { get; } = (
        Manifest with
        {
            Version = Evil, Commit = Evil, Status = RunFolderStatus.Failed, Detail = Evil, ScenarioHash = Evil, PoolHash = Evil,
            Transcript = Evil, Why = Evil, Model = Evil,
            Scenario = JsonDocument.Parse("""{"pool":"</pre><script>alert(1)</script>","start":"<img src=x>"}""").RootElement.Clone(),
        },
        Summary with
        {
            Thresholds = [new(Evil, Evil, 1, false)],
            Metrics = [new(Evil, Evil, [new(Evil, 1), new(Evil, 2)])],
            Actions = [new(Evil, Evil, 1)],
            Refusals = [new(Evil, 1)],
            Ends = [new(Evil, Evil, 1)],
            Channels = [.. Summary.Channels.Select(channel => channel with { Channel = Evil, Category = Evil })],
            Plans = Summary.Plans with { ByPlanner = [new(Evil, 1)], Fallbacks = [new(Evil, 1)], BySize = [new(Evil, 1)] },
            Calibration = [new(Evil, Evil, 1, 2, 3, Evil, Evil)],
            Distributions = [new(Evil, Evil, 5, [1, 2])],
        });

    /// <summary>So many days of a thousand sessions.</summary>
    public static Summary Of(int days) => new(
        [
            new("success_rate", "rate>0.95", 0.9312345, false),
            new("sitting_seconds", "p(95)<180", 96.4, true),
            new("fallback_rate", "rate<0.05", null, true),
        ],
        [.. Metric.All.Select(metric => Values(metric, 0.9312345))],
        [.. Enumerable.Range(0, days).Select(Day)],
        [.. Enumerable.Range(0, 24).Select(hour => HourAt(hour + 3))],
        [.. Enumerable.Range(0, 24).Select(HourAt)],
        [
            new("join_channel", "done", 50_112), new("join_channel", "refused", 3_120), new("join_channel", "must_wait", 801),
            new("read_messages", "done", 110_876), new("read_messages", "refused", 912), new("read_messages", "account_lost", 12),
            new("idle", "done", 39_778),
        ],
        [
            new("CHANNEL_PRIVATE", 2_410), new("CHANNELS_TOO_MUCH", 912), new("FLOOD_WAIT", 801),
            new("USER_ALREADY_PARTICIPANT", 710),
        ],
        [
            new("completed", null, 39_991), new("failed", "must_wait", 801), new("failed", "account_lost", 12),
            new("failed", "offline", 411), new("running", null, 19),
        ],
        [.. Names.Select((name, index) => Channel(name, index, days))],
        new PlanCount(41_234, 10_000, 9_731, [new("builtin", 41_234)], [],
            [new("3", 8_102), new("4", 9_030), new("5", 12_110), new("6", 7_201), new("7", 4_791)], 0, 0, 0, null),
        [
            new("Channels that an account follows", "", 12.5, 9.75, -0.2485, "a survey of users, 2024", null),
            new("Share of visits by hour of the day", "", 1, 1, 0.14, "published statistics of an operator",
                "Both as shares of a day; the reference is of one country."),
            new("Time in the app a day", "s", 1_680, null, null, "a report on app use, 2025", "Sittings are not all of it."),
        ])
    {
        Distributions = [new("sitting_seconds", "s", 50, [10_000, 30_000, 1_234])],
    };

    private static JsonElement Scenario() => JsonDocument.Parse("""
        {"sessions":1000,"days":30,"start":"2026-01-05T00:00:00Z","seed":42,"planner":"builtin","faults":"flood_wait:0.02",
        "thresholds":{"success_rate":["rate>0.95"]}}
        """).RootElement.Clone();

    private static MetricResult Values(Metric metric, double? value) => new(metric.Name, metric.Unit, metric.Kind switch
    {
        MetricKind.Counter => [new("count", value is null ? 0 : 41_234)],
        MetricKind.Rate => [new("rate", value)],
        _ =>
        [
            new("avg", value * 62), new("min", value * 8), new("med", value * 60), new("max", value * 201), new("p(90)", value * 88),
            new("p(95)", value * 103),
        ],
    });

    private static DayCount Day(int day)
    {
        var sittings = 1_200 + (day % 7 >= 5 ? 400 : 0) + day * 11;
        return new DayCount(
            new DateOnly(2026, 1, 5).AddDays(day), sittings, sittings * 5, sittings * 5 - 40, sittings, sittings * 3,
            Math.Min(1_000, 650 + day * 10), Math.Max(0, 650 - day * 60));
    }

    private static long HourAt(int hour) => (hour % 24) switch { < 6 => 40, < 9 => 900, < 18 => 2_000, _ => 2_900 };

    private static ChannelCount Channel(string name, int index, int days)
    {
        var joins = Enumerable.Range(0, days).Select(day => Math.Max(0L, 60 - index * 2 - day)).ToImmutableArray();
        return new ChannelCount(
            $"@{name}", Categories[index % Categories.Length], joins.Sum(), joins.Sum() * 3, joins.Sum() * 21, joins);
    }
}
