using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Sessions.Postgres;

namespace Heat.Configuration;

/// <summary>
/// All settings, read once at the start; <see cref="SettingSources"/> says from where. Printing them shows no secret.
/// <c>.env.example</c> lists them with their defaults.
/// </summary>
internal sealed record Settings
{
    public required int SessionHistoryDays { get; init; }

    /// <summary>The SQLite file; not used where <see cref="DatabaseUrl"/> is set.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The database in PostgreSQL; null to keep everything in a file.</summary>
    public required PostgresAddress? DatabaseUrl { get; init; }

    /// <summary>How nodes find each other; of use only with <see cref="DatabaseUrl"/>.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary>A node of the cluster, which commands ask for sittings.</summary>
    public required Uri NodeUrl { get; init; }

    /// <summary>Where everything is remembered, for people.</summary>
    public string Database => DatabaseUrl?.Place ?? DatabasePath;

    /// <summary>The file of channels; for the usual one, those that come along stand in while there is none.</summary>
    public required ChannelsPlace ChannelsFile { get; init; }

    /// <summary>The folder in which requests find and leave their simulations.</summary>
    public required string SimulationsDirectory { get; init; }

    public required Pace Pace { get; init; }
    public required Seed Seed { get; init; }
    public required SandboxFaults SandboxFaults { get; init; }
    public required int MaxConcurrentSittings { get; init; }
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>How many connections may be open at once; one more is closed again.</summary>
    public required int MaxConnections { get; init; }

    public required Secret? ApiToken { get; init; }

    /// <summary>A token for those who only look; null for none.</summary>
    public required Secret? ApiTokenRead { get; init; }
    public required LogLevel LogLevel { get; init; }
    public required LogFormat LogFormat { get; init; }

    /// <summary>What OpenTelemetry's exporter is told, by the names of its own settings.</summary>
    public required IReadOnlyDictionary<string, string> Telemetry { get; init; }

    public required TgstatSettings Tgstat { get; init; }

    /// <summary>The real Telegram; null in the sandbox.</summary>
    public required TelegramSettings? Telegram { get; init; }

    /// <summary>Which Telegram sittings visit.</summary>
    public TelegramMode TelegramMode => Telegram switch
    {
        null => TelegramMode.Sandbox,
        { IsTest: true } => TelegramMode.Test,
        _ => TelegramMode.Live,
    };

    /// <summary>The language model that plans; null if the built-in planner does.</summary>
    public required LlmSettings? Llm { get; init; }

    /// <summary>The tokens that language-model calls may cost in a day; null for any number.</summary>
    public required long? LlmDailyTokenBudget { get; init; }

    /// <summary>
    /// Every setting by name, with its value as people may see it and where that comes from. It tells what was read; a
    /// copy with another value keeps it.
    /// </summary>
    public required IReadOnlyList<SettingValue> Values { get; init; }

    /// <summary>The settings of this process.</summary>
    /// <param name="options">The options of the command line that say a setting.</param>
    /// <exception cref="SettingsException">Some are wrong: it names them all.</exception>
    public static Settings Load(params IReadOnlyList<GivenOption> options) => Load(SettingSources.OfProcess(options));

    /// <summary>
    /// The settings of an environment, and for what it leaves unsaid, of the file <c>.env</c> in a folder.
    /// </summary>
    /// <exception cref="SettingsException">Some are wrong: it names them all.</exception>
    public static Settings Load(string folder, IEnumerable<KeyValuePair<string, string>> environment) =>
        Load(new SettingSources([], environment, Path.Combine(folder, ".env"), null));

    /// <summary>
    /// What is set for this process and is no setting, but looks as if one was meant: a line each.
    /// </summary>
    public static IEnumerable<string> Misspelt()
    {
        var reader = new SettingsReader(new Dictionary<string, SettingText>());
        SettingsRules.Read(reader);
        return SettingSources.OfProcess([]).Misspelt(reader.Defaults.Keys.ToHashSet());
    }

    /// <summary>The settings of these sources.</summary>
    /// <exception cref="SettingsException">Some are wrong: it names them all.</exception>
    public static Settings Load(SettingSources sources)
    {
        var read = SettingsReading.Of(sources);
        return read.Problems.Count == 0
            ? read.Settings
            : throw new SettingsException([.. read.Problems.Select(problem => problem.Line)])
            {
                HasWrongOption = read.HasWrongOption,
            };
    }
}

/// <summary>The language model that plans.</summary>
/// <param name="BaseUrl">Its server's address, OpenAI's or a compatible one.</param>
/// <param name="ApiKey">What the server knows the caller by; null if it asks for nothing.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Timeout">How long a call may take.</param>
internal sealed record LlmSettings(Uri BaseUrl, Secret? ApiKey, string Model, TimeSpan Timeout)
{
    /// <summary>The same for the planner. A plan is a call and, if its reply was of no use, one more.</summary>
    public LlmOptions ToOptions() => new()
    {
        BaseUrl = BaseUrl,
        Model = Model,
        ApiKey = ApiKey?.Reveal(),
        CallTimeout = Timeout,
        PlanTimeout = 2 * Timeout,
    };
}

/// <summary>The real Telegram: who asks it, and with what.</summary>
/// <param name="IsTest">Whether Telegram's test servers are meant, which have accounts of their own.</param>
/// <param name="ApiId">The operator's own registration with Telegram.</param>
/// <param name="ApiHash">Its secret.</param>
/// <param name="LibraryPath">Where TDLib lies; null to look in the usual places.</param>
/// <param name="DatabaseKey">What the accounts are encrypted with; null to have a key made and kept in a file.</param>
/// <param name="AccountsFolder">Where accounts lie; that of this machine's user, whatever the settings say.</param>
internal sealed record TelegramSettings(
    bool IsTest, int ApiId, Secret ApiHash, string? LibraryPath, Secret? DatabaseKey, string AccountsFolder)
{
    /// <summary>The word of <c>TELEGRAM_MODE</c>.</summary>
    public string Mode => IsTest ? "test" : "live";
}

/// <summary>The channel directory.</summary>
/// <param name="BaseUrl">Its address.</param>
/// <param name="ApiToken">What it knows the caller by; null without a subscription.</param>
internal sealed record TgstatSettings(Uri BaseUrl, Secret? ApiToken);

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: an object per line.</summary>
    Json,
}
