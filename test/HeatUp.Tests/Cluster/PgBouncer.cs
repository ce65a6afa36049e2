using System.Diagnostics;
using HeatUp.Sessions.Postgres;
using HeatUp.Testing;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;
using Npgsql;

namespace HeatUp.Tests.Cluster;

/// <summary>A pooler of PostgreSQL's connections, on loopback, in a folder of its own.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly TempFolder folder;
    private readonly Process process;

    private PgBouncer(TempFolder folder, Process process, string url) => (this.folder, this.process, Url) = (folder, process, url);

    /// <summary>The address of the database behind it, as the setting has it.</summary>
    public string Url { get; }

    /// <summary>Starts it before a database.</summary>
    /// <param name="address">Where the database is.</param>
    /// <param name="mode">For how long a client keeps a connection: <c>session</c>, <c>transaction</c> or <c>statement</c>.</param>
    public static async Task<PgBouncer> StartAsync(PostgresAddress address, string mode)
    {
        if (!File.Exists(Program))
            Requirement.Miss(PostgresServer.Variable, "PgBouncer is not installed (Debian's package pgbouncer).");
        var behind = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        var (folder, port) = (new TempFolder(), HeatProcess.FreePort());
        var users = folder.Write("users", $"\"{behind.Username}\" \"\"");
        var settings = folder.Write("pgbouncer.ini", $"""
            [databases]
            {behind.Database} = host={behind.Host} port={behind.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = {mode}
            """);
        // It runs as another user than the tests do.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        var process = await PostgresProcess.ReadyAsync(
            Program, [settings], "process up", TestContext.Current.CancellationToken);
        return new PgBouncer(folder, process, PostgresServer.UrlOf(address, port));
    }

    public async ValueTask DisposeAsync()
    {
        await PostgresProcess.QuitAsync(process);
        folder.Dispose();
    }
}
