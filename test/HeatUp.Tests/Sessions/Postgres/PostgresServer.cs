using System.Diagnostics;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>
/// A server of PostgreSQL on loopback, in a folder of its own, for all tests; started by the first that asks for a
/// database, ended with the tests. Without the programs of PostgreSQL the tests that need it are skipped, but fail where
/// <c>CI</c> or <c>HEATUP_REQUIRE_POSTGRES</c> is set.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";

    private readonly TempFolder folder = new();
    private readonly int port = HeatProcess.FreePort();
    private readonly Lazy<Task> started;
    private readonly string? programs = Programs();
    private Process? server;
    private int databases;

    public PostgresServer() => started = new(StartAsync);

    /// <summary>A new database, empty, and a process' address of it.</summary>
    public async Task<PostgresAddress> NewDatabaseAsync()
    {
        await started.Value;
        var name = $"heat{Interlocked.Increment(ref databases)}";
        await RunAsync("postgres", $"CREATE DATABASE {name}");
        return Address(name);
    }

    /// <summary>Runs a statement that no store has.</summary>
    public static async Task RunAsync(PostgresAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the server, whoever is connected, and starts it again where it was.</summary>
    public async Task RestartAsync()
    {
        await QuitAsync();
        await ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // At once: nobody needs what it holds.
        if (server is not null) await QuitAsync();
        folder.Dispose();
    }

    private async Task QuitAsync()
    {
        server!.StandardInput.Close();
        await server.WaitForExitAsync();
        server.Dispose();
    }

    private string Data => folder.File("data");

    private PostgresAddress Address(string database) =>
        PostgresAddress.TryParse($"postgres://{User}@127.0.0.1:{port}/{database}", out var address, out var problem)
            ? address
            : throw new InvalidOperationException(problem);

    private Task RunAsync(string database, string sql) => RunAsync(Address(database), sql);

    private async Task StartAsync()
    {
        if (programs is null)
        {
            const string missing = "PostgreSQL is not installed (Debian's package postgresql).";
            if (new[] { "CI", "HEATUP_REQUIRE_POSTGRES" }.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
                throw new InvalidOperationException(missing);
            Assert.Skip(missing);
            return;
        }
        // initdb refuses to run as root, and the server too.
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(Data);
            await EndAsync(Process.Start("chown", [User, folder.Path, Data]));
        }
        await EndAsync(Start(Path.Combine(programs!, "initdb"),
            ["-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        await ServeAsync();
    }

    private async Task ServeAsync()
    {
        var ready = new TaskCompletionSource();
        // Nothing here outlives its test, so that nothing need reach the disk.
        server = Start(Path.Combine(programs!, "postgres"),
            ["-D", Data, "-p", $"{port}", "-h", "127.0.0.1", "-k", "", "-F", "-c", "max_connections=300"], ready.SetResult);
        var ended = server.WaitForExitAsync();
        (await Task.WhenAny(ready.Task, ended)).ShouldNotBe(ended, "PostgreSQL ended");
    }

    private static async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        process.Dispose();
    }

    /// <summary>
    /// Starts a program as a user who may run PostgreSQL. It is quit when its input ends, so that it doesn't outlive the
    /// tests either when they are killed.
    /// </summary>
    private static Process Start(string program, string[] arguments, Action? onReady = null)
    {
        const string untilInputEnds = """
            exec 3<&0; "$@" </dev/null 3<&- & program=$!
            (read -r _ <&3; kill -QUIT $program 2>/dev/null) & watch=$!
            wait $program; status=$?; kill $watch 2>/dev/null; exit $status
            """;
        string[] user = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups"]
            : [];
        var start = new ProcessStartInfo("bash", ["-c", untilInputEnds, "bash", .. user, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) is true) onReady?.Invoke();
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string? Programs() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin")).LastOrDefault(Directory.Exists)
            : null;
}
