using System.Text.Json;
using DuckDB.NET.Data;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat export</c>: what is remembered as tables.</summary>
public sealed class ExportCommandTests(PostgresServer postgres) : IDisposable
{
    private static readonly string[] Names = ["sessions", "sittings", "steps", "history", "memberships"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryFormatHoldsTheSameRowsAsTheDatabase()
    {
        await SimulateAsync(200, 3);
        foreach (var format in (string[])["parquet", "csv", "ndjson"]) (await ExportAsync("a", format)).Code.ShouldBe(0);

        foreach (var (sql, table) in (IEnumerable<(string, string)>)
            [
                ("SELECT count(*), sum(id) FROM session_history", "SELECT count(*), sum(id) FROM"),
                ("SELECT count(*), sum(step) FROM steps", "SELECT count(*), sum(step) FROM"),
                ("SELECT count(*), sum(sitting) FROM runs", "SELECT count(*), sum(sitting) FROM"),
                ("SELECT count(*), count(last_read_at) FROM memberships", "SELECT count(*), count(last_read_at) FROM"),
                ("SELECT count(*), sum(begun) FROM sittings", "SELECT count(*), sum(sittings) FROM"),
            ])
        {
            var name = table.Contains("sum(id)") ? "history" : table.Contains("sum(step)") ? "steps"
                : table.Contains("sum(sitting)") ? "sittings" : table.Contains("read") ? "memberships" : "sessions";
            var expected = InSqlite(sql);
            foreach (var format in (string[])["parquet", "csv", "ndjson"])
                InDuckDb($"{table} '{folder.File($"{format}/{name}.{format}")}'").ShouldBe(expected, $"{name}.{format}");
        }
        InDuckDb($"SELECT sum(actions), sum(channels) FROM '{folder.File("parquet/sessions.parquet")}'").ShouldBe(
            InSqlite("SELECT (SELECT count(*) FROM session_history), (SELECT count(*) FROM memberships)"));
        InDuckDb($"SELECT string_agg(DISTINCT typeof(done_at), ' '), string_agg(DISTINCT typeof(id), ' ') FROM '"
            + $"{folder.File("parquet/history.parquet")}'").ShouldBe("TIMESTAMP WITH TIME ZONE|BIGINT");
        InDuckDb($"SELECT epoch_us(min(done_at)), epoch_us(max(done_at)) FROM '{folder.File("parquet/history.parquet")}'").ShouldBe(
            InSqlite("SELECT CAST(round(unixepoch(min(timestamp), 'subsec') * 1e6) AS INT), "
                + "CAST(round(unixepoch(max(timestamp), 'subsec') * 1e6) AS INT) FROM session_history"));
    }

    [Fact]
    public async Task TheSameRowsMakeTheSameBytesAndWhatIsThereIsKept()
    {
        await SimulateAsync(20, 2);
        (await ExportAsync("a", "parquet")).Code.ShouldBe(0);
        var first = Names.Select(name => File.ReadAllBytes(folder.File($"parquet/{name}.parquet"))).ToList();

        var refused = await ExportAsync("a", "parquet");
        var forced = await HeatProcess.RunAsync(folder, ["export", "a/history.db", "--parquet", "parquet", "--force", "--json"]);

        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("parquet/sessions.parquet exists. Name another folder, or add --force.");
        forced.Code.ShouldBe(0, forced.Error);
        JsonDocument.Parse(forced.Out).RootElement.EnumerateArray().Select(table => table.GetProperty("table").GetString()).ShouldBe(Names);
        Names.Select(name => File.ReadAllBytes(folder.File($"parquet/{name}.parquet"))).Zip(first).ShouldAllBe(
            pair => pair.First.SequenceEqual(pair.Second));
        Directory.GetFiles(folder.File("parquet")).Length.ShouldBe(Names.Length);
    }

    [Fact]
    public async Task PostgresHasTheSameTables()
    {
        await SimulateAsync(20, 2);
        var database = ("DATABASE_URL", PostgresServer.UrlOf(await postgres.NewDatabaseAsync()));
        (await HeatProcess.RunAsync(folder, ["db", "export", "all.ndjson"], ("DATABASE_PATH", "a/history.db"))).Code.ShouldBe(0);
        (await HeatProcess.RunAsync(folder, ["db", "import", "all.ndjson"], database)).Code.ShouldBe(0);
        (await ExportAsync("a", "csv")).Code.ShouldBe(0);

        var ended = await HeatProcess.RunAsync(folder, ["export", "--csv", "postgres"], database);

        ended.Code.ShouldBe(0, ended.Error);
        foreach (var name in Names)
            File.ReadAllText(folder.File($"postgres/{name}.csv")).ShouldBe(File.ReadAllText(folder.File($"csv/{name}.csv")), name);
    }

    [Fact]
    public async Task ALongHistoryNeedsLittleMemory()
    {
        await SimulateAsync(2_000, 30);

        // So many rows at once would need four times this heap.
        var ended = await HeatProcess.RunAsync(folder, ["export", "a", "--parquet", "t"], ("DOTNET_GCHeapHardLimit", "0x6000000"));

        ended.Code.ShouldBe(0, ended.Error);
        InDuckDb($"SELECT count(*) > 250000, 1 FROM '{folder.File("t/history.parquet")}'").ShouldBe("True|1");
    }

    [Fact]
    public async Task WhatOthersWroteComesAsFarAsItCanBeRead()
    {
        await using (var database = Open("Mode=ReadWriteCreate"))
            Run(database, """
                CREATE TABLE session_history (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
                    action_type TEXT NOT NULL, action_data TEXT, timestamp DATETIME DEFAULT CURRENT_TIMESTAMP);
                INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES
                    ('a', 'join_channel', '{"channel_username": "@durov", "reason": "so, \"because\""}', '2024-01-10T12:34:56+02:00'),
                    ('a', 'dance', NULL, 'yesterday'),
                    ('', 'idle', 'NaN', '2024-01-11 00:00:00');
                """);

        var ended = await HeatProcess.RunAsync(folder, ["export", "a.db", "--csv", "t"]);

        ended.Code.ShouldBe(0, ended.Error);
        File.ReadAllText(folder.File("t/history.csv")).ShouldBe(
            "id,session_id,action,channel,duration_seconds,reason,data,done_at\n"
            + "1,a,join_channel,@durov,,\"so, \"\"because\"\"\",\"{\"\"channel_username\"\": \"\"@durov\"\", "
            + "\"\"reason\"\": \"\"so, \\\"\"because\\\"\"\"\"}\",2024-01-10T10:34:56.000000Z\n"
            + "2,a,dance,,,,,\n3,\"\",idle,,,,NaN,2024-01-11T00:00:00.000000Z\n");
        File.ReadAllText(folder.File("t/sessions.csv")).ShouldContain("a,0,2,0,2024-01-10T10:34:56.000000Z,2024-01-10T10:34:56.000000Z\n");
        File.ReadAllLines(folder.File("t/steps.csv")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ASittingThatCantBeReadIsLeftOutAndNamed()
    {
        foreach (var session in (string[])["alice", "bob"]) await HeatProcess.RunAsync(folder, ["warmup", session, "--pace", "0"]);
        await using (var database = Open("Mode=ReadWrite", "sessions.db"))
            Run(database, "UPDATE runs SET plan = '[' WHERE session_id = 'alice'");

        var ended = await HeatProcess.RunAsync(folder, ["export", "--ndjson", "t"]);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("can't be read");
        File.ReadAllLines(folder.File("t/sittings.ndjson")).ShouldHaveSingleItem().ShouldContain("\"bob\"");
        File.ReadAllText(folder.File("t/history.ndjson")).ShouldContain("\"alice\"");
    }

    [Theory]
    [InlineData(2, "Say one format", "export")]
    [InlineData(2, "Say one format", "export", "--csv", "a", "--parquet", "b")]
    [InlineData(1, "neither a run nor a database at no.db", "export", "no.db", "--csv", "t")]
    [InlineData(1, "holds no run", "export", ".", "--csv", "t")]
    public async Task WhatCantBeDoneSaysWhatToDo(int code, string said, params string[] arguments)
    {
        var ended = await HeatProcess.RunAsync(folder, arguments);

        ended.Code.ShouldBe(code, ended.Error);
        ended.Error.ShouldContain(said);
        Directory.Exists(folder.File("t")).ShouldBeFalse();
    }

    private async Task SimulateAsync(int sessions, int days)
    {
        var ended = await HeatProcess.RunAsync(
            folder, ["simulate", "--sessions", $"{sessions}", "--days", $"{days}", "--seed", "3", "--out", "a"]);
        ended.Code.ShouldBe(0, ended.Error);
    }

    private Task<HeatProcess.Ended> ExportAsync(string source, string format) =>
        HeatProcess.RunAsync(folder, ["export", source, $"--{format}", format]);

    private SqliteConnection Open(string mode, string name = "a.db")
    {
        var database = new SqliteConnection($"Data Source={folder.File(name)};{mode};Pooling=false");
        database.Open();
        return database;
    }

    private static void Run(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string InSqlite(string sql)
    {
        using var database = Open("Mode=ReadOnly", "a/history.db");
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        row.Read();
        return $"{row.GetValue(0)}|{row.GetValue(1)}";
    }

    private static string InDuckDb(string sql)
    {
        using var database = new DuckDBConnection("DataSource=:memory:");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        row.Read();
        return $"{row.GetValue(0)}|{row.GetValue(1)}";
    }
}
