using System.Diagnostics;
using HeatUp.Runs;
using HeatUp.Sessions.Postgres;
using HeatUp.Testing;
using Npgsql;

namespace HeatUp.Benchmarks;

/// <summary>Remembering in PostgreSQL, durable, on the same machine.</summary>
internal static class PostgresBenchmark
{
    private const int Sittings = 1_000;
    private const int StepsEach = 20;
    private const int Rounds = 5;
    private const int BatchRows = 1_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PostgresProcess.StartAsync(folder.Path, isDurable: true);
        var (ratios, rates, handRates) = (new List<double>(), new List<double>(), new List<double>());
        var marked = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var address = await server.NewDatabaseAsync($"round{round + 1}");
            var rate = await AppendAsync(address);
            var plain = await server.NewDatabaseAsync($"unmarked{round + 1}");
            var unmarked = await AppendAsync(await UnmarkedAsync(plain));
            var handRate = await CopyByHandAsync(address);
            if (round < 0) continue;
            rates.Add(rate);
            handRates.Add(handRate);
            ratios.Add(rate / handRate);
            marked.Add(unmarked / rate);
        }
        Console.WriteLine($"  {Sittings:N0} sittings at once, {StepsEach} steps each, each durable before the next; "
            + $"median of {Rounds} rounds in turn");
        Figures.Report($"steps a second, as a share of batches of {BatchRows:N0} by hand",
            Figures.Median(ratios), "x", 0.6, atLeast: true);
        Figures.Report("the time of a step, as a share of one without the marks for analytics",
            Figures.Median(marked), "x", 1.15, atLeast: false);
        Figures.Note("steps a second", Figures.Median(rates), "");
        Figures.Note("steps a second by hand: the same rows, a statement for each", Figures.Median(handRates), "");
    }

    /// <summary>Makes a database that keeps nothing for those who count its rows.</summary>
    private static async Task<PostgresAddress> UnmarkedAsync(PostgresAddress address)
    {
        await using (await PostgresSessionStore.OpenAsync(address, TelegramMode.Sandbox, TimeProvider.System)) { }
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in (string[])["session_history", "runs", "steps"])
            await RunAsync(connection, $"ALTER TABLE {table} DISABLE TRIGGER USER");
        return address;
    }

    private static async Task<double> AppendAsync(PostgresAddress address)
    {
        await using var store = await PostgresSessionStore.OpenAsync(
            address, TelegramMode.Sandbox, TimeProvider.System);
        return await Appending.RunAsync(store, Sittings, StepsEach);
    }

    /// <summary>
    /// The rows that the store has written, by hand into equal tables: a pipelined batch of statements a transaction.
    /// </summary>
    private static async Task<double> CopyByHandAsync(PostgresAddress address)
    {
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        foreach (var table in (string[])["session_history", "steps"])
            await RunAsync(connection, $"CREATE TABLE hand_{table} (LIKE {table} INCLUDING ALL)");
        var history = await RowsAsync(connection,
            "SELECT id, session_id, action_type, action_data::text, timestamp FROM session_history ORDER BY id");
        var steps = await RowsAsync(connection, """
            SELECT run, step, action::text, outcome, error_code, error_message, posts_read, wait_until, started_at,
                ended_at
            FROM steps
            """);
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < history.Count; start += BatchRows)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var batch = new NpgsqlBatch(connection, transaction);
            for (var i = start; i < Math.Min(start + BatchRows, history.Count); i++)
            {
                batch.BatchCommands.Add(Insert("hand_session_history", "$1, $2, $3, $4::json, $5", history[i]));
                batch.BatchCommands.Add(Insert("hand_steps",
                    "$1, $2, $3::json, $4, $5::integer, $6::text, $7, $8::timestamptz, $9, $10", steps[i]));
            }
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        return history.Count / watch.Elapsed.TotalSeconds;
    }

    private static NpgsqlBatchCommand Insert(string table, string values, object[] row)
    {
        var command = new NpgsqlBatchCommand($"INSERT INTO {table} VALUES ({values})");
        foreach (var value in row) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static async Task<List<object[]>> RowsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
