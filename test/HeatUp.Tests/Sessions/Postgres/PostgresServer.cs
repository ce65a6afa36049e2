using HeatUp.Sessions.Postgres;
using HeatUp.Testing;
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
    /// <summary>What, set, says that tests that need it may not be skipped.</summary>
    public const string Variable = "HEATUP_REQUIRE_POSTGRES";

    private readonly TempFolder folder = TempFolder.InMemory();
    private readonly Lazy<Task<PostgresProcess>> started;
    private int databases;

    public PostgresServer() => started = new(() => StartAsync(folder));

    /// <summary>A new database, empty, and a process' address of it.</summary>
    /// <param name="isByFile">Whether it is an address that holds in every network of this machine.</param>
    public async Task<PostgresAddress> NewDatabaseAsync(bool isByFile = false)
    {
        var (running, name) = (await started.Value, $"heat{Interlocked.Increment(ref databases)}");
        return await running.NewDatabaseAsync(
            name, isByFile ? running.SocketFolder : PostgresProcess.Loopback, TestContext.Current.CancellationToken);
    }

    /// <summary>An address as the setting has it; with another port, if something stands before the server.</summary>
    public static string UrlOf(PostgresAddress address, int? port = null)
    {
        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        return $"postgres://{parts.Username}@{Uri.EscapeDataString(parts.Host!)}:{port ?? parts.Port}/{parts.Database}";
    }

    /// <summary>The rows of a question that no store asks.</summary>
    public static async Task<List<T>> RowsAsync<T>(PostgresAddress address, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return await connection.RowsAsync(sql, read, TestContext.Current.CancellationToken);
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
    public async Task RestartAsync() => await (await started.Value).RestartAsync();

    /// <summary>Stops the server, whoever is connected.</summary>
    public async Task StopAsync() => await (await started.Value).DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated && started.Value.IsCompletedSuccessfully) await (await started.Value).DisposeAsync();
        folder.Dispose();
    }

    private static async Task<PostgresProcess> StartAsync(TempFolder folder)
    {
        if (PostgresProcess.Programs is null)
            Requirement.Miss(Variable, "PostgreSQL is not installed (Debian's package postgresql).");
        // Nothing here outlives its test, so that nothing need reach the disk.
        return await PostgresProcess.StartAsync(folder.Path, isDurable: false);
    }
}
