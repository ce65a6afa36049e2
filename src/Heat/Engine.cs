using Heat.Api;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs.Validation;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;

namespace Heat;

/// <summary>
/// The path and all that it stands on, put together from the settings: for the service and for the command line.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly LlmPlanner? llm;

    private Engine(
        Settings settings, SqliteSessionStore store, TokenBudget budget, TimeProvider clock, ILoggerFactory logs)
    {
        Settings = settings;
        Store = store;
        var seed = settings.Seed;
        Pool = new ChannelPoolFile(settings.ChannelsFile, clock, logs.CreateLogger<ChannelPoolFile>());
        Telegram = TelegramOf(settings, Pool, clock);
        Validation = new ValidationDesk(
            new ChannelValidation(settings.ChannelsFile, Telegram, clock), clock, logs.CreateLogger<ValidationDesk>());
        var builtin = new BuiltinPlanner(seed);
        if (settings.Llm is { } model)
            llm = new LlmPlanner(OptionsOf(model), builtin, budget, seed, clock, logs.CreateLogger<LlmPlanner>());
        Sittings = new Sittings(
            store,
            (IPlanner?)llm ?? builtin,
            new Runner(Telegram, clock, settings.Pace, seed),
            new SittingCoordinator(settings.MaxConcurrentSittings),
            () => Pool.Current,
            clock,
            seed,
            logs.CreateLogger<Sittings>(),
            new RecommendingAdvisor(Recommender))
        { OnChannelRefused = Validation.Report };
    }

    public Settings Settings { get; }

    public SqliteSessionStore Store { get; }

    public ChannelPoolFile Pool { get; }

    /// <summary>Knows nothing until somebody gives it a model.</summary>
    public Recommender Recommender { get; } = new();

    public ITelegram Telegram { get; }

    public Sittings Sittings { get; }

    public ValidationDesk Validation { get; }

    /// <summary>The Telegram of the settings: the sandbox.</summary>
    public static ITelegram TelegramOf(Settings settings, ChannelPoolFile pool, TimeProvider clock) =>
        new SandboxTelegram(() => pool.Listed, clock, settings.Pace, settings.Seed, settings.SandboxFaults);

    /// <exception cref="StoreException">The database can't be opened.</exception>
    public static async Task<Engine> OpenAsync(Settings settings, TimeProvider clock, ILoggerFactory logs)
    {
        var store = await SqliteSessionStore.OpenAsync(
            settings.DatabasePath, clock, logs.CreateLogger<SqliteSessionStore>());
        var today = new DateTimeOffset(clock.GetUtcNow().Date, TimeSpan.Zero);
        var spent = settings.LlmDailyTokenBudget is null ? default : await store.TokensSinceAsync(today, default);
        var budget = new TokenBudget(settings.LlmDailyTokenBudget, spent.Total, clock);
        return new Engine(settings, store, budget, clock, logs);
    }

    /// <summary>
    /// How well everything works. The planner never takes the service down: the built-in one stands in.
    /// </summary>
    public async Task<HealthAnswer> HealthAsync(CancellationToken cancellation)
    {
        var dependencies = new Dictionary<string, DependencyAnswer>
        {
            ["store"] = State("sqlite", await Store.TroubleAsync(cancellation), HealthWord.Down),
            ["planner"] = State(llm is null ? "builtin" : "llm", llm?.Trouble, HealthWord.Degraded),
            ["telegram"] = State("sandbox", Telegram.Trouble, HealthWord.Down),
        };
        var status = dependencies.Values.Select(dependency => dependency.Status).MaxBy(Severity)!;
        return new HealthAnswer(status, Sittings.Running.Count, dependencies);
    }

    public async ValueTask DisposeAsync()
    {
        await Validation.DisposeAsync();
        await Sittings.StopAsync();
        llm?.Dispose();
        await Store.DisposeAsync();
    }

    /// <summary>A plan is a call and, if its reply was of no use, one more.</summary>
    public static LlmOptions OptionsOf(LlmSettings model) => new()
    {
        BaseUrl = model.BaseUrl,
        Model = model.Model,
        ApiKey = model.ApiKey?.Reveal(),
        CallTimeout = model.Timeout,
        PlanTimeout = 2 * model.Timeout,
    };

    private static DependencyAnswer State(string kind, string? trouble, string ifTrouble) =>
        new(trouble is null ? HealthWord.Ok : ifTrouble, kind, trouble);

    private static int Severity(string status) => status switch
    {
        HealthWord.Down => 2,
        HealthWord.Degraded => 1,
        _ => 0,
    };
}
