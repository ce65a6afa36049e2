using Heat.Accounts;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Validation;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Hosting;

/// <summary>What a process does with the database, which decides how it is opened.</summary>
internal enum StoreUse
{
    /// <summary>Sittings: it is made if there is none, and must be the Telegram's that the settings name.</summary>
    Sit,

    /// <summary>Other writing: it is made if there is none, and may be any Telegram's.</summary>
    Write,

    /// <summary>Questions, and what changes only what is there: there must be one already, any Telegram's.</summary>
    Ask,
}

/// <summary>
/// The path and all that it stands on, registered from the settings: for the service and for the commands. Each part is
/// made when it is first asked for, so that a command pays for what it uses. Disposing the provider stops the sittings
/// and closes what was opened.
/// </summary>
internal static class HeatServices
{
    /// <summary>The container of a command: without logs.</summary>
    public static ServiceProvider Build(Settings settings, StoreUse use, LibraryLoader? library = null) =>
        new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddHeatUp(settings, TimeProvider.System, use, library)
            .BuildServiceProvider();

    /// <summary>Registers the parts.</summary>
    /// <param name="services">Where.</param>
    /// <param name="settings">What the user has set, checked already.</param>
    /// <param name="clock">The time.</param>
    /// <param name="use">What is done with the database.</param>
    /// <param name="library">Loads TDLib; null for the usual way. Never called in the sandbox.</param>
    public static IServiceCollection AddHeatUp(
        this IServiceCollection services, Settings settings, TimeProvider clock, StoreUse use,
        LibraryLoader? library = null)
    {
        // A structure can't be registered as a generic argument.
        services.AddSingleton(typeof(Seed), settings.Seed);
        services.AddSingleton(settings).AddSingleton(clock).AddSingleton<ChannelPoolFile>(
            parts => new(settings.ChannelsFile, clock, parts.GetRequiredService<ILogger<ChannelPoolFile>>()));
        services.AddStore(settings, use);
        services.AddTelegram(library);
        services.AddPlanner(settings);
        services.AddSingleton<ChannelValidation>(
            parts => new(settings.ChannelsFile, parts.GetRequiredService<ITelegram>(), clock));
        services.AddSingleton<ValidationDesk>();
        services.AddSingleton<Claims>(_ => new(settings.MaxConcurrentSittings));
        services.AddSingleton<Runner>(
            parts => new(parts.GetRequiredService<ITelegram>(), clock, settings.Pace, settings.Seed));
        services.AddSingleton<RunWriter>(parts => new(
            parts.GetRequiredService<ISittingStore>(), parts.GetRequiredService<Claims>(), clock,
            parts.GetRequiredService<ILogger<Sittings>>())
        { OnChannelRefused = parts.GetRequiredService<ValidationDesk>().Report });
        services.AddSingleton<Sittings>().AddSingleton<LeftOpenRuns>().AddSingleton<IRunControl, LocalRunControl>();
        return services.AddSingleton<HistoryRetention>().AddSingleton<Health>();
    }

    private static void AddStore(this IServiceCollection services, Settings settings, StoreUse use)
    {
        if (settings.DatabaseUrl is { } address)
        {
            services.AddStore(parts => Open(address, settings, use, parts));
            services.AddSingleton<CheckExchange>(parts => new(
                settings.ChannelsFile, parts.GetRequiredService<PostgresSessionStore>().Channels));
        }
        else services.AddStore(parts => Open(settings, use, parts));
    }

    private static void AddStore<T>(this IServiceCollection services, Func<IServiceProvider, T> open)
        where T : class, ISessionStore, IInsights, IActionCounts, IArchivable
    {
        services.AddSingleton<T>(open);
        services.AddSingleton<ISessionStore>(parts => parts.GetRequiredService<T>());
        services.AddSingleton<ISittingStore>(parts => parts.GetRequiredService<T>());
        services.AddSingleton<IInsights>(parts => parts.GetRequiredService<T>());
        services.AddSingleton<IActionCounts>(parts => parts.GetRequiredService<T>());
        services.AddSingleton<IArchivable>(parts => parts.GetRequiredService<T>());
    }

    private static SqliteSessionStore Open(Settings settings, StoreUse use, IServiceProvider parts)
    {
        if (use == StoreUse.Ask && !Path.Exists(settings.DatabasePath))
            throw new StoreException(
                $"There is no database at DATABASE_PATH={settings.DatabasePath}. "
                + "'heat warmup alice' or 'heat db init' makes one.");
        // The one place that waits for an opening: a container makes its parts in one go, and nobody else waits yet.
        return SqliteSessionStore.OpenAsync(
            settings.DatabasePath, use == StoreUse.Sit ? settings.TelegramMode : null,
            parts.GetRequiredService<TimeProvider>(), parts.GetRequiredService<ILogger<SqliteSessionStore>>())
            .GetAwaiter().GetResult();
    }

    private static PostgresSessionStore Open(
        PostgresAddress address, Settings settings, StoreUse use, IServiceProvider parts) =>
        PostgresSessionStore.OpenAsync(
            address, use == StoreUse.Sit ? settings.TelegramMode : null, parts.GetRequiredService<TimeProvider>(),
            makes: use != StoreUse.Ask).GetAwaiter().GetResult();

    private static void AddTelegram(this IServiceCollection services, LibraryLoader? library)
    {
        services.AddSingleton<TelegramInUse>(parts => TelegramInUse.Of(
            parts.GetRequiredService<Settings>(), library, parts.GetRequiredService<ChannelPoolFile>,
            parts.GetRequiredService<IActionCounts>,
            parts.GetRequiredService<Settings>().DatabaseUrl is null ? null
                : (session, cancellation) =>
                    parts.GetRequiredService<PostgresSessionStore>().LossAsync(session, cancellation),
            parts.GetRequiredService<TimeProvider>(), parts.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ITelegram>(parts => parts.GetRequiredService<TelegramInUse>().Telegram);
    }

    private static void AddPlanner(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Recommender>().AddSingleton<IAdvisor, RecommendingAdvisor>();
        services.AddSingleton<BuiltinPlanner>();
        services.AddSingleton<IPlanner>(parts => settings.Llm is { } model
            ? ActivatorUtilities.CreateInstance<LlmPlanner>(
                parts, model.ToOptions(), parts.GetRequiredService<BuiltinPlanner>(), BudgetOf(settings, parts))
            : parts.GetRequiredService<BuiltinPlanner>());
        services.AddSingleton<Planning>(parts => new(
            parts.GetRequiredService<IPlanner>(), () => parts.GetRequiredService<ChannelPoolFile>().Current,
            parts.GetRequiredService<TimeProvider>(), parts.GetRequiredService<IAdvisor>(),
            parts.GetRequiredService<TelegramInUse>().Gate));
    }

    private static TokenBudget BudgetOf(Settings settings, IServiceProvider parts)
    {
        var clock = parts.GetRequiredService<TimeProvider>();
        var ledger = parts.GetRequiredService<ISessionStore>();
        var spent = settings.LlmDailyTokenBudget is null
            ? default
            : ledger.TokensOfAsync(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), default).AsTask()
                .GetAwaiter().GetResult();
        return new TokenBudget(settings.LlmDailyTokenBudget, spent.Total, clock, ledger);
    }
}
