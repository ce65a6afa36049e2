using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Telegram;
using HeatUp.Telegram.Handshake;
using HeatUp.Telegram.World;
using HeatUp.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

/// <summary>
/// TDLib logs in to a Telegram on loopback, in a network of its own, and out again. It needs Linux, TDLib in
/// artifacts/tdlib or TDLIB_PATH, and the right to make a network.
/// </summary>
internal static class LoginBenchmark
{
    /// <summary>The word that has the measuring done, in the network that was made for it.</summary>
    public const string Command = "login-inside";

    private const int Logins = 100;

    /// <summary>By then every library is loaded, whose file stays open.</summary>
    private const int WarmUp = 49;

    private const string Phone = "+15550001111";
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task RunAsync()
    {
        var library = InstalledPrograms.TdLib("artifacts/tdlib");
        if (!OperatingSystem.IsLinux() || !File.Exists(library))
        {
            Console.WriteLine("  not measured: it needs Linux and TDLib");
            return;
        }
        var start = NetworkNamespace.New(
            DataCenters.All, "dotnet", typeof(LoginBenchmark).Assembly.Location, Command, Path.GetFullPath(library));
        start.RedirectStandardOutput = true;
        using var inside = Process.Start(start)!;
        var said = await inside.StandardOutput.ReadToEndAsync();
        await inside.WaitForExitAsync();
        if (said.Split(' ') is not [var ready, var asked, var left, var opened])
            throw new InvalidOperationException("The logins could not be measured.");
        Console.WriteLine($"  median of {Logins} logins in turn");
        Figures.Report("from opening the folder to READY", double.Parse(ready, Plain), "s", 1, atLeast: false);
        Figures.Note("of it until TDLib asks for a number, which needs no server", double.Parse(asked, Plain), "s");
        Figures.Report("keys and sessions left on the server", double.Parse(left, Plain), "", 0, atLeast: false);
        Figures.Report("descriptors left open", double.Parse(opened, Plain), "", 0, atLeast: false);
    }

    /// <summary>In the network: a server, and a client after the other.</summary>
    public static async Task<int> RunInsideAsync(string library)
    {
        using var folder = new TemporaryFolder();
        using var rsa = RSA.Create(2048);
        await using var server = new TelegramServer(rsa.ExportRSAPrivateKeyPem(), TimeProvider.System);
        server.World.AddAccount(new Account(Phone));
        server.Listen(IPAddress.Any, DataCenters.Port);
        TrustedKey.Copy(library, folder.File("libtdjson.so"), rsa.ExportRSAPublicKeyPem());
        var json = NativeTdJson.Load(folder.File("libtdjson.so"), NullLogger.Instance);
        var (ready, asked, before) = (new List<double>(), new List<double>(), 0);
        for (var login = 0; login < Logins; login++)
        {
            await using var client = new TdClient(json, TimeProvider.System, NullLogger.Instance);
            var start = Stopwatch.GetTimestamp();
            await client.SendAsync(
                new SetTdlibParameters(false, folder.File($"{login}"), new byte[32], 1234567, "hash"), Deadline);
            await UntilAsync<AuthorizationState.WaitPhoneNumber>(client);
            asked.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await client.SendAsync(new SetAuthenticationPhoneNumber(Phone), Deadline);
            await UntilAsync<AuthorizationState.WaitCode>(client);
            await client.SendAsync(new CheckAuthenticationCode("12345"), Deadline);
            await UntilAsync<AuthorizationState.Ready>(client);
            ready.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await client.SendAsync(new LogOut(), Deadline);
            await UntilAsync<AuthorizationState.Closed>(client);
            if (login == WarmUp) before = await DescriptorsAsync(server);
        }
        var opened = await DescriptorsAsync(server) - before;
        var left = server.Keys.Count + server.Sessions.Count;
        Console.Write(string.Create(Plain, $"{Figures.Median(ready)} {Figures.Median(asked)} {left} {opened}"));
        return 0;
    }

    /// <summary>Those that are open when the connections have closed.</summary>
    private static async Task<int> DescriptorsAsync(TelegramServer server)
    {
        await server.UntilUnconnectedAsync(CancellationToken.None);
        return Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    private static async Task UntilAsync<TState>(TdClient client) where TState : AuthorizationState
    {
        if (await client.StateAsync(state => state is TState, Deadline) is null)
            throw new InvalidOperationException($"TDLib does not come to {typeof(TState).Name}.");
    }
}
