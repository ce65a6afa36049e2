using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using HeatUp.TdLibChild;
using HeatUp.Tests.Support;

[assembly: AssemblyFixture(typeof(HeatHosts))]

namespace HeatUp.Tests.Support;

/// <summary>
/// Processes that run the program's commands one after another, for all tests that ask something: as many as there are
/// commands at once. They end with the tests, also when those are killed.
/// </summary>
public sealed class HeatHosts : IAsyncDisposable
{
    private static readonly ConcurrentBag<Host> Idle = [];

    /// <summary>How the names of variables begin, or end, that the runtime or a library reads once, or not through .NET.</summary>
    private static readonly string[] OfProcess = ["DOTNET_", "LD_", "TZ", "TMP", "SQLITE_", "SSL_", "PROXY"];

    /// <summary>Whether a command can run there: it ends by itself, and its settings are read by each command anew.</summary>
    internal static bool CanRun(string[] arguments, IEnumerable<string> settings) =>
        !OperatingSystem.IsWindows() && arguments is not ([] or ["serve", ..] or ["--urls", ..]) && !settings.Any(name =>
            OfProcess.Any(one => name.StartsWith(one, StringComparison.Ordinal)
                || name.EndsWith(one, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Runs a command that would be started like this, with these arguments.</summary>
    internal static async Task<HeatProcess.Ended> RunAsync(ProcessStartInfo start, string[] arguments)
    {
        if (!Idle.TryTake(out var host)) host = new Host();
        var isWhole = false;
        try
        {
            (isWhole, var ended) = await host.RunAsync(start, arguments, TestContext.Current.CancellationToken);
            return ended;
        }
        finally
        {
            if (isWhole) Idle.Add(host);
            else await host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (Idle.TryTake(out var host)) await host.DisposeAsync();
    }

    private sealed class Host : IAsyncDisposable
    {
        private readonly TempFolder folder = new();
        private readonly Process process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "heat.dll")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment =
                {
                    ["DOTNET_STARTUP_HOOKS"] = typeof(HeatHost).Assembly.Location, ["DOTNET_TieredPGO"] = "0",
                },
            })!;

        /// <summary>Runs a command; also answers whether the process lives on.</summary>
        public async Task<(bool LivesOn, HeatProcess.Ended Ended)> RunAsync(
            ProcessStartInfo start, string[] arguments, CancellationToken cancellation)
        {
            var request = new HeatHost.Request(
                arguments, start.WorkingDirectory, new(start.Environment), folder.File("out"), folder.File("error"));
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request).AsMemory(), cancellation);
            var code = await process.StandardOutput.ReadLineAsync(cancellation);
            if (code is null) await process.WaitForExitAsync(cancellation);
            return (code is not null, new(
                code is null ? process.ExitCode : int.Parse(code, System.Globalization.CultureInfo.InvariantCulture),
                await File.ReadAllTextAsync(request.Output, cancellation),
                await File.ReadAllTextAsync(request.Error, cancellation)));
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            folder.Dispose();
        }
    }
}
