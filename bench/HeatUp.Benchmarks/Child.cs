using System.Diagnostics;
using HeatUp.Testing;

namespace HeatUp.Benchmarks;

/// <summary>A server in a process of its own, so that its processor time and memory are its own.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;

    private Child(Process process, Uri url, TimeSpan untilHealthy)
    {
        this.process = process;
        Url = url;
        UntilHealthy = untilHealthy;
    }

    public Uri Url { get; }

    /// <summary>From the start of the process to its first good answer.</summary>
    public TimeSpan UntilHealthy { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>What whoever measured it kept.</summary>
    public double RestingMegabytes { get; set; }

    public double ResidentMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The service, on a database.</summary>
    public static Task<Child> ServeAsync(string database, params (string Name, string Value)[] settings) =>
        ServeAsync(database, [], settings);

    private static Task<Child> ServeAsync(string database, string[] options, (string Name, string Value)[] settings)
    {
        var url = FreeUrl();
        return StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "heat.dll"), "serve", "--urls", url.OriginalString, .. options],
            url, "/health",
            // What is measured doesn't depend on the settings of whoever measures.
            [("XDG_CONFIG_HOME", "/dev/null"), ("DATABASE_PATH", database), ("LOG_LEVEL", "Warning"), .. settings]);
    }

    /// <summary>A node of the cluster that shares a database in PostgreSQL.</summary>
    public static Task<Child> ServeNodeAsync(string url, params (string Name, string Value)[] settings) =>
        ServeAsync("sessions.db", ["--cluster"], [("DATABASE_URL", url), .. settings]);

    /// <summary>The bare endpoint.</summary>
    public static Task<Child> BareAsync(string file)
    {
        var url = FreeUrl();
        string[] arguments = [typeof(Child).Assembly.Location, BareServer.Command, url.OriginalString, file];
        return StartAsync(arguments, url, "/", []);
    }

    /// <summary>Sends a signal.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM; waits for its end.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Child> StartAsync(
        string[] arguments, Uri url, string path, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        using var client = new HttpClient();
        while (!await AnswersAsync(client, new Uri(url, path)))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{arguments[0]} ended with code {process.ExitCode}.");
            await Task.Delay(2);
        }
        return new Child(process, url, watch.Elapsed);
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri url)
    {
        try
        {
            using var answer = await client.GetAsync(url);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Uri FreeUrl() => new($"http://127.0.0.1:{Ports.Free()}");
}
