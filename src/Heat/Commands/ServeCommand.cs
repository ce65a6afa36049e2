using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Heat.Accounts;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using Microsoft.AspNetCore.Connections;

namespace Heat.Commands;

/// <summary><c>heat</c> and <c>heat serve</c>: the service.</summary>
internal static class ServeCommand
{
    public static void AddTo(RootCommand root, Terminal terminal, LibraryLoader library)
    {
        var urls = Options.Urls();
        var serve = new Command("serve",
            "Serves the HTTP interface until Ctrl-C. Sittings that run then go on after the next start.")
        { urls }.WithExamples(
            "heat serve",
            "heat serve --urls http://127.0.0.1:9000");
        serve.SetAction((parsed, _) => ServeAsync(parsed.Given(urls, SettingsRules.UrlsName), terminal, library));
        root.Add(serve);
        root.Options.Add(urls);
        root.SetAction((parsed, _) => ServeAsync(parsed.Given(urls, SettingsRules.UrlsName), terminal, library));
    }

    private static async Task<int> ServeAsync(GivenOption urls, Terminal terminal, LibraryLoader library)
    {
        var settings = Settings.Load(urls);
        IReadOnlyList<string> listening;
        try
        {
            listening = await ListenAddresses.ResolveAsync(settings.Urls);
        }
        catch (SocketException failure)
        {
            return Refuse(terminal, settings, failure);
        }
        await using var app = await HeatService.BuildAsync(
            settings with { Urls = listening }, TimeProvider.System, library);
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (WhyNot(failure) is not null)
        {
            return Refuse(terminal, settings, failure);
        }
        terminal.OutWriter.WriteLine(
            $"Heat Up listens on {string.Join(", ", app.Urls)} — try it at {app.Urls.First()}/docs, "
            + "stop it with Ctrl-C.");
        // The host itself hears SIGINT and SIGTERM; this comes when the terminal is closed.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            app.Lifetime.StopApplication();
        });
        await app.WaitForShutdownAsync();
        return ExitCode.Done;
    }

    private static int Refuse(Terminal terminal, Settings settings, Exception failure)
    {
        terminal.Complain($"{string.Join(", ", settings.Urls)} {WhyNot(failure)} Choose another with --urls.");
        return ExitCode.Failed;
    }

    /// <summary>Why an address can't be listened on; null for any other failure.</summary>
    private static string? WhyNot(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => "is in use. Stop what listens there.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "may not be listened on by this user: ports below 1024 are the administrator's.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.InvalidArgument } =>
            "is no address of this machine.",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            "names no host that this machine knows.",
        SocketException socket => $"can't be listened on ({socket.Message}).",
        // Kestrel's own reasons, such as an interface that both families of addresses refuse.
        IOException { InnerException: AggregateException or SocketException } io =>
            $"can't be listened on ({io.Message.TrimEnd('.')}).",
        _ => null,
    };
}
