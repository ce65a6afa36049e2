using Heat.Accounts;
using Heat.Api;
using Heat.Configuration;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs.Validation;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.TdLib;

namespace Heat;

/// <summary>
/// The path and all that it stands on, put together from the settings: for the service and for the command line.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly LlmPlanner? llm;

    private Engine(
        Settings settings, SqliteSessionStore store, TokenBudget budget, LiveAccounts? accounts, TimeProvider clock,
        ILoggerFactory logs)
    {
        Settings = settings;
        Store = store;
        Accounts = accounts;
        var seed = settings.Seed;
        Pool = new ChannelPoolFile(settings.ChannelsFile, clock, logs.CreateLogger<ChannelPoolFile>());
        Claims = new Claims(settings.MaxConcurrentSittings);
        var log = logs.CreateLogger<Sittings>();
        var live = accounts?.Telegram(store);
        Telegram = live ?? SandboxOf(settings, Pool, clock);
        Validation = new ValidationDesk(
            new ChannelValidation(settings.ChannelsFile, Telegram, clock), clock, logs.CreateLogger<ValidationDesk>());
        var builtin = new BuiltinPlanner(seed);
        if (settings.Llm is { } model)
            llm = new LlmPlanner(OptionsOf(model), builtin, budget, seed, clock, logs.CreateLogger<LlmPlanner>());
        Runs = new RunWriter(store, Claims, clock, log) { OnChannelRefused = Validation.Report };
        LeftOpen = new LeftOpenRuns(store, Claims, Runs, clock, log);
        RunControl = new LocalRunControl(Claims, Runs, store, clock);
        Sittings = new Sittings(
            store,
            new Planning(
                (IPlanner?)llm ?? builtin, () => Pool.Current, clock, new RecommendingAdvisor(Recommender), live),
            new Runner(Telegram, clock, settings.Pace, seed),
            Claims,
            Runs,
            clock,
            seed,
            log);
    }

    public Settings Settings { get; }

    public SqliteSessionStore Store { get; }

    public ChannelPoolFile Pool { get; }

    /// <summary>Knows nothing until somebody gives it a model.</summary>
    public Recommender Recommender { get; } = new();

    public ITelegram Telegram { get; }

    public Sittings Sittings { get; }

    /// <summary>The sessions that have a sitting here.</summary>
    public Claims Claims { get; }

    /// <summary>What writes the runs.</summary>
    public RunWriter Runs { get; }

    /// <summary>What an earlier process left.</summary>
    public LeftOpenRuns LeftOpen { get; }

    public IRunControl RunControl { get; }

    public ValidationDesk Validation { get; }

    /// <summary>The accounts of this installation; null in the sandbox, where every session is there already.</summary>
    public LiveAccounts? Accounts { get; }

    /// <summary>The embedded Telegram.</summary>
    public static ITelegram SandboxOf(Settings settings, ChannelPoolFile pool, TimeProvider clock) =>
        new SandboxTelegram(() => pool.Listed, clock, settings.Pace, settings.Seed, settings.SandboxFaults);

    /// <summary>The accounts that the settings ask for, with TDLib loaded; null in the sandbox.</summary>
    /// <exception cref="TdLibraryException">TDLib can't be loaded.</exception>
    public static LiveAccounts? AccountsOf(
        Settings settings, LibraryLoader? library, TimeProvider clock, ILoggerFactory logs)
    {
        if (settings.Telegram is not { } telegram) return null;
        var accounts = new LiveAccounts(telegram, library ?? TdLibrary.Load, clock, logs);
        // Now: a library that is missing is said at the start, not in the first sitting.
        _ = accounts.Library;
        return accounts;
    }

    /// <exception cref="StoreException">The database can't be opened, or is another Telegram's.</exception>
    /// <exception cref="TdLibraryException">TDLib is needed and can't be loaded.</exception>
    public static async Task<Engine> OpenAsync(
        Settings settings, TimeProvider clock, ILoggerFactory logs, LibraryLoader? library = null)
    {
        var accounts = AccountsOf(settings, library, clock, logs);
        var store = await SqliteSessionStore.OpenAsync(
            settings.DatabasePath, clock, logs.CreateLogger<SqliteSessionStore>());
        try
        {
            await store.RememberForAsync(settings.TelegramMode, default);
            var today = new DateTimeOffset(clock.GetUtcNow().Date, TimeSpan.Zero);
            var spent = settings.LlmDailyTokenBudget is null ? default : await store.TokensSinceAsync(today, default);
            var budget = new TokenBudget(settings.LlmDailyTokenBudget, spent.Total, clock);
            return new Engine(settings, store, budget, accounts, clock, logs);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
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
            ["telegram"] = State(
                Accounts?.Mode ?? "sandbox", Accounts?.Trouble ?? Telegram.Trouble, HealthWord.Down),
        };
        var status = dependencies.Values.Select(dependency => dependency.Status).MaxBy(Severity)!;
        return new HealthAnswer(status, Claims.Sittings.Count, dependencies);
    }

    public async ValueTask DisposeAsync()
    {
        await Validation.DisposeAsync();
        await Runs.StopAsync();
        if (Telegram is IAsyncDisposable live) await live.DisposeAsync();
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
