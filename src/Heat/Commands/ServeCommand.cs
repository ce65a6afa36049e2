using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Heat.Accounts;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Commands;

/// <summary><c>heat</c> and <c>heat serve</c>: the service.</summary>
internal static class ServeCommand
{
    public static void AddTo(RootCommand root, Terminal terminal, LibraryLoader library)
    {
        var (urls, cluster) = (Options.Urls(), Cluster());
        var serve = new Command("serve",
            "Serves the HTTP interface until Ctrl-C. Sittings that run then go on after the next start, or with "
            + "--cluster at once on another node.")
        { urls, cluster }.WithExamples(
            "heat serve",
            "heat serve --urls http://127.0.0.1:9000",
            "DATABASE_URL=postgres://heat@db/heat heat serve --cluster      one of several nodes");
        serve.SetAction((parsed, _) => ServeAsync(parsed, urls, cluster, terminal, library));
        root.Add(serve);
        root.Options.Add(urls);
        root.SetAction((parsed, _) => ServeAsync(parsed, urls, null, terminal, library));
    }

    private static Option<bool> Cluster() => new("--cluster")
    {
        Description = "Share the database of DATABASE_URL with other nodes, each started with --cluster",
    };

    private static async Task<int> ServeAsync(
        ParseResult parsed, Option<string?> urls, Option<bool>? cluster, Terminal terminal, LibraryLoader library)
    {
        var settings = Settings.Load(parsed.Given(urls, SettingsRules.UrlsName));
        var isShared = cluster is not null && parsed.GetValue(cluster);
        if (isShared && WhyAlone(settings) is { } alone)
        {
            terminal.Complain(alone);
            return ExitCode.WrongUse;
        }
        IReadOnlyList<string> listening;
        try
        {
            listening = await ListenAddresses.ResolveAsync(settings.Urls);
        }
        catch (SocketException failure)
        {
            return Refuse(terminal, settings, failure);
        }
        var isNew = settings.DatabaseUrl is null && !File.Exists(settings.DatabasePath);
        await using var app = await HeatService.BuildAsync(
            settings with { Urls = listening }, TimeProvider.System, library, isShared);
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (settings.DatabaseUrl is not null || ListenAddresses.WhyNot(failure) is not null)
        {
            if (settings.DatabaseUrl is not null)
            {
                await Hosting.Cluster.LeaveAsync(app);
                if (Hosting.Cluster.WhyLeft(app) is { } left) throw new StoreException(left, failure);
            }
            if (failure is StoreException or OperationCanceledException) throw;
            if (ListenAddresses.WhyNot(failure) is null)
                throw new StoreException($"The node can't start: {failure.Message}", failure);
            return Refuse(terminal, settings, failure);
        }
        if (isNew && settings.LogFormat == LogFormat.Text) terminal.ErrorWriter.WriteLine(Beginning(settings, app));
        terminal.WriteLine(
            $"Heat Up listens on {string.Join(", ", app.Urls)} — try it at {app.Urls.First()}/docs, "
            + "stop it with Ctrl-C.");
        // The host itself hears SIGINT and SIGTERM; this comes when the terminal is closed.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            app.Lifetime.StopApplication();
        });
        var isInOrder = true;
        try
        {
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException)
        {
            isInOrder = false;
            var host = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value;
            terminal.Complain($"What still ran after {host.ShutdownTimeout.TotalSeconds:0} s is left as it is: "
                + "its sittings go on at their next step after the next start, or on another node.");
        }
        if (settings.DatabaseUrl is not null && Hosting.Cluster.WhyLeft(app) is { } why)
        {
            isInOrder = false;
            terminal.Complain(why);
        }
        return isInOrder ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>What is about to happen where nothing has happened yet.</summary>
    private static string Beginning(Settings settings, WebApplication app)
    {
        var pool = app.Services.GetRequiredService<ChannelPoolFile>().Current;
        var telegram = settings.Telegram is { } real
            ? $"your own accounts (TELEGRAM_MODE={real.Mode})"
            : "the embedded sandbox, without an account";
        var planner = settings.Llm is { } model ? $"{model.Model} at {model.BaseUrl.Host}" : "the built-in planner";
        var channels = Counted.Of(pool.All.Length, "channel");
        return $"A new beginning: sittings are planned by {planner} from {channels}, run on {telegram}, and "
            + $"remembered in {Path.GetFullPath(settings.DatabasePath)}. Give one at {app.Urls.First()}"
            + "/docs, or with 'heat warmup alice'; 'heat doctor' looks whether all is well.";
    }

    /// <summary>Why other nodes can't share the work; null if they can.</summary>
    private static string? WhyAlone(Settings settings) =>
        settings.DatabaseUrl is null
            ? "--cluster needs PostgreSQL, which all nodes share: "
                + "set DATABASE_URL=postgres://user:password@host/database."
        : settings.TelegramMode != TelegramMode.Sandbox
            ? "--cluster is for the sandbox: the accounts of TELEGRAM_MODE="
                + $"{settings.TelegramMode.Word()} lie on one machine, with their logins, their "
                + "lists and what they did in the last 24 hours. Serve them with one node, without --cluster."
        : null;

    private static int Refuse(Terminal terminal, Settings settings, Exception failure)
    {
        terminal.Complain(
            $"{string.Join(", ", settings.Urls)} {ListenAddresses.WhyNot(failure)} Choose another with --urls.");
        return ExitCode.Failed;
    }
}
