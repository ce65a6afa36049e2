using System.Diagnostics;
using HeatUp.Sessions.Postgres;
using Npgsql;

namespace HeatUp.Testing;

/// <summary>
/// A server of PostgreSQL on loopback, on a free port, in a folder of its own that must be there and empty. It ends with
/// whoever started it, also when that is killed.
/// </summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const string User = "postgres";

    /// <summary>How it is reached in this machine's own network.</summary>
    public const string Loopback = "127.0.0.1";

    private readonly string data;
    private readonly bool isDurable;
    private readonly int port = Ports.Free();
    private Process? server;

    private PostgresProcess(string folder, bool isDurable) =>
        (data, this.isDurable) = (Path.Combine(folder, "data"), isDurable);

    /// <summary>Where its programs lie; null if it isn't installed.</summary>
    public static string? Programs { get; } =
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin")).LastOrDefault(Directory.Exists)
            : null;

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="folder">Where its files lie.</param>
    /// <param name="isDurable">Whether what it commits reaches the disk.</param>
    public static async Task<PostgresProcess> StartAsync(string folder, bool isDurable)
    {
        var made = new PostgresProcess(folder, isDurable);
        // initdb refuses to run as root, and the server too.
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(made.data);
            await EndAsync(Process.Start("chown", [User, folder, made.data]));
        }
        await EndAsync(Start(Path.Combine(Programs!, "initdb"),
            ["-D", made.data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        await made.ServeAsync();
        return made;
    }

    /// <summary>The address of a database, as the setting has it.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="host">How it is reached: by default on loopback.</param>
    public string Url(string database, string host = Loopback) =>
        $"postgres://{User}@{Uri.EscapeDataString(host)}:{port}/{database}";

    /// <summary>What to name as host to come to it through a file, which is there in every network of this machine.</summary>
    public string SocketFolder => data;

    /// <summary>Makes a database, empty.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="host">How it is reached: by default on loopback.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<PostgresAddress> NewDatabaseAsync(
        string name, string host = Loopback, CancellationToken cancellation = default)
    {
        await using var connection = new NpgsqlConnection(Address("postgres").ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
        return Address(name, host);
    }

    /// <summary>Stops it, whoever is connected, and starts it again where it was.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        await ServeAsync();
    }

    /// <summary>Ends it at once: nobody needs what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        await QuitAsync(server);
        server = null;
    }

    private PostgresAddress Address(string database, string host = Loopback) =>
        PostgresAddress.TryParse(Url(database, host), out var address, out var problem)
            ? address
            : throw new InvalidOperationException(problem);

    private async Task ServeAsync()
    {
        string[] careless = isDurable ? [] : ["-F"];
        server = await ReadyAsync(Path.Combine(Programs!, "postgres"),
            ["-D", data, "-p", $"{port}", "-h", Loopback, "-k", data, .. careless, "-c", "max_connections=300"],
            "ready to accept connections");
    }

    private static async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException("PostgreSQL could not be made.");
        process.Dispose();
    }

    /// <summary>Starts a program as <see cref="Start"/> does, and answers when it is ready.</summary>
    public static async Task<Process> ReadyAsync(
        string program, string[] arguments, string ready, CancellationToken cancellation = default)
    {
        var isReady = new TaskCompletionSource();
        var process = Start(program, arguments, ready, () => isReady.TrySetResult());
        if (await Task.WhenAny(isReady.Task, process.WaitForExitAsync(cancellation)) != isReady.Task)
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended.");
        return process;
    }

    /// <summary>Ends a program that was started so, and waits for its end.</summary>
    public static async Task QuitAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>
    /// Starts a program as a user who may run PostgreSQL. It is quit when its input ends, so that it doesn't outlive
    /// its starter either when that is killed; and terminated, where quitting means nothing to it.
    /// </summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="ready">What it writes when it is ready.</param>
    /// <param name="onReady">Hears of that, perhaps more than once.</param>
    private static Process Start(string program, string[] arguments, string ready = "", Action? onReady = null)
    {
        const string untilInputEnds = """
            exec 3<&0; "$@" </dev/null 3<&- & program=$!
            (read -r _ <&3; kill -QUIT $program; kill $program) 2>/dev/null & watch=$!
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
            if (line.Data?.Contains(ready, StringComparison.Ordinal) is true) onReady?.Invoke();
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
