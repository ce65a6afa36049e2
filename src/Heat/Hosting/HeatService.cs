using Heat.Accounts;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using Heat.Dashboard;
using Heat.Simulations;
using HeatUp.Sessions;
using HeatUp;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Heat.Hosting;

/// <summary>The service: the path behind HTTP, with what runs beside it.</summary>
internal static class HeatService
{
    /// <summary>How long a stop may take.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>A service that is ready to start.</summary>
    /// <param name="settings">What the user has set, checked already.</param>
    /// <param name="clock">The time.</param>
    /// <param name="library">Loads TDLib; null for the usual way.</param>
    /// <param name="isShared">Whether other nodes may share the database, which is then PostgreSQL's.</param>
    /// <exception cref="StoreException">The database can't be opened, or is another Telegram's.</exception>
    /// <exception cref="HeatUp.TdLib.TdLibraryException">TDLib is needed and can't be loaded.</exception>
    public static async Task<WebApplication> BuildAsync(
        Settings settings, TimeProvider clock, LibraryLoader? library = null, bool isShared = false)
    {
        // Empty: the settings are those of Settings alone. The default host reads an appsettings.json too, and to see
        // it change watches every file below the working folder, so that each write to a database there wakes it.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, settings));
        // Tells systemd when it serves and when it stops; of no effect elsewhere. It also chooses how the log is
        // written, which the settings then do.
        builder.Services.AddSystemd();
        builder.Logging.AddHeatUp(settings);
        builder.Services.AddRouting();
        // The exporter reads its settings here: the host is an empty one, and a value of a file is in no environment.
        builder.Configuration.AddInMemoryCollection(settings.Telemetry!);
        builder.Services.AddTelemetry(settings);
        builder.Services.AddScraping();
        builder.Services.AddApiAuthentication(settings);
        builder.Services.AddDescription(needsToken: settings.ApiToken is not null);
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Set(options.SerializerOptions));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin);
        builder.Services.AddHeatUp(settings, clock, StoreUse.Sit, library);
        builder.Services.AddSingleton<IStarts, LocalStarts>().AddSingleton<WarmupDesk>().AddSingleton<AnalyticsDesk>();
        builder.Services.AddDashboard();
        builder.Services.AddSingleton<SimulationDesk>();
        builder.Services.AddHostedService(parts => parts.GetRequiredService<SimulationDesk>());
        // In a method of its own, so that the default start loads nothing of the engine.
        if (settings.DatabaseUrl is not null) builder.AddNode(settings, isShared);
        else builder.Services.AddHostedService<OpenRuns>();
        builder.Services.AddHostedService<Retention>();
        builder.Services.AddHostedService<ChannelChecks>();
        builder.Services.AddHostedService<RecommendationModels>();

        var app = builder.Build();
        app.UseHead();
        app.UseNoSniffing();
        app.UseRouting();
        app.UseProblems();
        app.UseOwnHostOnly(settings);
        app.UseOwnSiteOnly();
        app.UseApiAuthentication(settings);
        app.UseActLog();
        app.MapHeatUp();
        app.MapDashboard();
        app.MapMetrics();
        try
        {
            // Whatever can't be put together is said before anybody is let in; a library that is missing, before a
            // database is made.
            app.Services.GetRequiredService<TelegramInUse>();
            app.Services.GetRequiredService<WarmupDesk>();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings)
    {
        // A process without a descriptor left can't open its database either, and may end.
        kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
        // A session id that is far too long gets an answer that says so, not the server's empty 414.
        kestrel.Limits.MaxRequestLineSize = (int)BodyLimit.Bytes;
    }
}
