using Heat.Api;
using Heat.Background;
using HeatUp;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Heat;

/// <summary>The service: the engine behind HTTP, with its background work.</summary>
internal static class HeatService
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>A service that is ready to start. It owns the engine.</summary>
    public static WebApplication Build(Engine engine, TimeProvider clock)
    {
        var settings = engine.Settings;
        // Empty: the settings are those of Settings alone. The default host reads an appsettings.json too, and to see
        // it change watches every file below the working folder, so that each write to a database there wakes it.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Logging.AddHeatUp(settings);
        builder.Services.AddRouting();
        builder.Services.AddTelemetry(settings);
        builder.Services.AddDescription(needsToken: settings.ApiToken is not null);
        builder.Services.ConfigureHttpJsonOptions(
            options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin);
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(engine.Sittings);
        builder.Services.AddSingleton(engine.Runs);
        builder.Services.AddSingleton(engine.LeftOpen);
        builder.Services.AddSingleton(engine.RunControl);
        builder.Services.AddSingleton<ISessionStore>(engine.Store);
        builder.Services.AddHostedService<OpenRuns>();
        builder.Services.AddHostedService<Retention>();
        builder.Services.AddHostedService<ChannelChecks>();
        builder.Services.AddHostedService<RecommendationModels>();

        var app = builder.Build();
        app.UseProblems();
        app.UseOwnHostOnly(settings);
        app.UseToken(settings.ApiToken?.Reveal());
        app.UseOwnSiteOnly();
        app.MapHeatUp();
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
        // A session id that is far too long gets an answer that says so, not the server's empty 414.
        kestrel.Limits.MaxRequestLineSize = (int)BodyLimit.Bytes;
    }
}
