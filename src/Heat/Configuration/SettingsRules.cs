using System.Globalization;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Sessions.Postgres;

namespace Heat.Configuration;

/// <summary>What each setting must be, and what it is unless it is set.</summary>
internal static class SettingsRules
{
    public const string PaceName = "PACE";
    public const string UrlsName = "ASPNETCORE_URLS";
    public const string NodeName = "HEAT_URL";
    public const string SimulationsName = "SIMULATIONS_DIR";
    public const string DatabaseName = "DATABASE_URL";

    public const int SessionHistoryDaysMax = 3650;
    public const int MaxConcurrentSittingsMax = 1_000_000;
    public const int LlmTimeoutSecondsMax = 600;

    private const string OpenAiUrl = "https://api.openai.com/v1";
    private const string OpenAiModel = "gpt-4o-mini";

    private static readonly string LevelsAllowed = $"one of {string.Join(", ", Enum.GetNames<LogLevel>())}";

    /// <summary>The names of Python's logging, which users of the Python service have in their settings.</summary>
    private static readonly Dictionary<string, LogLevel> OtherLevelNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
    };

    /// <summary>
    /// Reads every setting. What is wrong is the reader's to tell; the answer is of use only if nothing is.
    /// </summary>
    public static Settings Read(SettingsReader read)
    {
        var token = read.Secret("API_TOKEN");
        var mode = read.Value<TelegramMode>(TelegramRules.Mode, "sandbox", TryParseName, "sandbox, test or live");
        var llm = LlmOf(read);
        var settings = new Settings
        {
            SessionHistoryDays = Count(read, "SESSION_HISTORY_DAYS", 30, SessionHistoryDaysMax),
            DatabasePath = read.Text("DATABASE_PATH", "sessions.db")!,
            DatabaseUrl = DatabaseOf(read),
            Cluster = ClusterRules.Read(read),
            NodeUrl = NodeOf(read),
            ChannelsFile = ChannelsOf(read),
            SimulationsDirectory = read.Text(SimulationsName, "runs")!,
            Pace = PaceOf(read, mode),
            Seed = read.Value<Seed>("SEED", "1", TryParseSeed, $"a whole number, 0 to {ulong.MaxValue}"),
            SandboxFaults = FaultsOf(read, mode),
            MaxConcurrentSittings = Count(
                read, "MAX_CONCURRENT_SITTINGS", Claims.SittingsMaxDefault, MaxConcurrentSittingsMax),
            ApiToken = token,
            ApiTokenRead = ReadTokenOf(read, token),
            Urls = UrlsOf(read, token),
            MaxConnections = ConnectionsOf(read, llm),
            LogLevel = read.Value<LogLevel>("LOG_LEVEL", "information", TryParseLevel, LevelsAllowed),
            LogFormat = read.Value<LogFormat>("LOG_FORMAT", "text", TryParseFormat, "text or json"),
            Telemetry = TelemetryOf(read),
            Tgstat = TgstatOf(read),
            Telegram = TelegramRules.Read(read, mode),
            Llm = llm,
            LlmDailyTokenBudget = read.Whole("LLM_DAILY_TOKEN_BUDGET", null, 1, long.MaxValue),
            Values = [],
        };
        return settings with { Values = read.Values };
    }

    private static Secret? ReadTokenOf(SettingsReader read, Secret? token)
    {
        const string name = "API_TOKEN_READ";
        var readToken = read.Secret(name);
        if (readToken is not null && token is null)
            read.Refuse(name, "does nothing without API_TOKEN: set that too.");
        if (readToken is not null && readToken.Reveal() == token?.Reveal())
            read.Refuse(name, "must be another text than API_TOKEN.");
        return readToken;
    }

    private static int Count(SettingsReader read, string name, int otherwise, int max) =>
        (int)(read.Whole(name, otherwise, 1, max) ?? otherwise);

    /// <summary>No more than the system has descriptors for: the process would be aborted.</summary>
    private static int ConnectionsOf(SettingsReader read, LlmSettings? llm)
    {
        const string name = "MAX_CONNECTIONS";
        var most = Descriptors.ForConnections(each: llm is null ? 1 : 2);
        var wanted = read.Whole(name, null, 1, Descriptors.ConnectionsMax) ?? most;
        if (wanted > most)
            read.Refuse(name, $"can be {most} at most where the system allows no more files (ulimit -n).");
        return (int)wanted;
    }

    /// <summary>A file of another name must be there: a wrong name is no wish for other channels.</summary>
    private static ChannelsPlace ChannelsOf(SettingsReader read)
    {
        const string usual = "channels_data.json";
        var path = read.Text("CHANNELS_FILE", usual)!;
        return new(path, HasBuiltin: path == usual);
    }

    private static PostgresAddress? DatabaseOf(SettingsReader read)
    {
        const string name = DatabaseName;
        if (read.SecretText(name) is not { } text) return null;
        if (!PostgresAddress.TryParse(text, out var address, out var problem))
            read.Refuse(name, $"can't be read: {problem}.");
        else read.ShowAs(name, address.Place);
        return address;
    }

    private static Uri NodeOf(SettingsReader read)
    {
        var url = read.Address(NodeName, "http://127.0.0.1:8080");
        read.KeepFromFolder("API_TOKEN", NodeName);
        return url ?? new Uri("http://127.0.0.1");
    }

    /// <summary>
    /// What the exporter of metrics and traces is told, in the names that OpenTelemetry gives. The exporter reads more
    /// of them, also one of each for metrics and for traces alone.
    /// </summary>
    private static IReadOnlyDictionary<string, string> TelemetryOf(SettingsReader read)
    {
        const string interval = "OTEL_METRIC_EXPORT_INTERVAL", prefix = "OTEL_EXPORTER_OTLP_";
        read.Address($"{prefix}ENDPOINT");
        read.Value<string>($"{prefix}PROTOCOL", "grpc", TryParseProtocol, "grpc or http/protobuf");
        read.Secret($"{prefix}HEADERS");
        read.Whole(interval, 60_000, 1, int.MaxValue);
        foreach (var signal in (ReadOnlySpan<string>)["", "TRACES_", "METRICS_"])
        {
            var address = $"{prefix}{signal}ENDPOINT";
            if (signal.Length > 0 && read.SourceOf(address).Origin != SettingOrigin.Default) read.Address(address);
            read.KeepFromFolder($"{prefix}{signal}HEADERS", address);
            if (signal.Length > 0) read.KeepFromFolder($"{prefix}HEADERS", address);
        }
        return read.Beginning("OTEL_");
    }

    private static TgstatSettings TgstatOf(SettingsReader read)
    {
        const string address = "TGSTAT_BASE_URL", key = "TGSTAT_API_TOKEN";
        var tgstat = new TgstatSettings(read.Address(address, "https://api.tgstat.ru")!, read.Secret(key));
        read.KeepFromFolder(key, address);
        return tgstat;
    }

    private static Pace PaceOf(SettingsReader read, TelegramMode mode)
    {
        var pace = read.Value<Pace?>(PaceName, "1", TryParsePace, $"a number, 0 (no waiting) to {Pace.FactorMax}");
        if (mode != TelegramMode.Sandbox && pace?.Factor < 1)
            read.Refuse(PaceName, "must be 1 or more outside the sandbox.");
        return pace ?? Pace.Real;
    }

    private static SandboxFaults FaultsOf(SettingsReader read, TelegramMode mode)
    {
        const string name = "SANDBOX_FAULTS";
        if (!SandboxFaults.TryParse(read.Text(name), out var faults, out var problem))
            read.Refuse(name, $"can't be read: {problem}");
        else if (mode != TelegramMode.Sandbox && faults.ToString().Length > 0)
            read.Refuse(name, "must not be set outside the sandbox: the real Telegram has faults of its own.");
        return faults ?? SandboxFaults.None;
    }

    private static IReadOnlyList<string> UrlsOf(SettingsReader read, Secret? token)
    {
        var urls = read.Value<IReadOnlyList<string>>(
            UrlsName, "http://127.0.0.1:8080", ListenAddresses.TryParse, ListenAddresses.Allowed);
        if (urls is not null && ListenAddresses.Refusal(urls, token) is { } refusal) read.Refuse(UrlsName, refusal);
        return urls ?? [];
    }

    /// <summary>The language model; null if neither a server nor a key is set.</summary>
    private static LlmSettings? LlmOf(SettingsReader read)
    {
        var isChosen = read.Text("LLM_BASE_URL") is not null;
        var url = read.Address("LLM_BASE_URL");
        var ownKey = read.Secret("LLM_API_KEY");
        var key = read.Secret("OPENAI_API_KEY") is var openAiKey && ownKey is null ? openAiKey : ownKey;
        read.KeepFromFolder(ownKey is null ? "OPENAI_API_KEY" : "LLM_API_KEY", "LLM_BASE_URL");
        var model = read.Text("LLM_MODEL");
        var timeout = TimeSpan.FromSeconds(Count(read, "LLM_TIMEOUT_SECONDS", 60, LlmTimeoutSecondsMax));
        if (isChosen && url is null || url is null && key is null) return null;
        url ??= new Uri(OpenAiUrl);
        if (url.Host == new Uri(OpenAiUrl).Host) model ??= OpenAiModel;
        if (model is null) read.Refuse("LLM_MODEL", $"must name a model of the server at LLM_BASE_URL={url}");
        return model is null ? null : new LlmSettings(url, key, model, timeout);
    }

    private static bool TryParsePace(string text, out Pace? pace)
    {
        var isRead = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor)
            && factor is >= 0 and <= Pace.FactorMax;
        pace = isRead ? new Pace(factor) : null;
        return isRead;
    }

    private static bool TryParseSeed(string text, out Seed seed)
    {
        var isRead = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        seed = new Seed(value);
        return isRead;
    }

    private static bool TryParseLevel(string text, out LogLevel level) =>
        OtherLevelNames.TryGetValue(text, out level) || TryParseName(text, out level);

    private static bool TryParseProtocol(string text, out string? protocol)
    {
        protocol = text is "grpc" or "http/protobuf" ? text : null;
        return protocol is not null;
    }

    private static bool TryParseFormat(string text, out LogFormat format) => TryParseName(text, out format);

    /// <summary>A value by its name only: Enum.TryParse takes numbers too.</summary>
    private static bool TryParseName<T>(string text, out T value) where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value)
        && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase);
}
