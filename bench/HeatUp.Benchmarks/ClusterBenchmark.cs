using System.Diagnostics;
using System.Globalization;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using HeatUp.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HeatUp.Benchmarks;

/// <summary>Nodes of a cluster, with PostgreSQL on the same machine.</summary>
internal static class ClusterBenchmark
{
    private const int Kills = 20;
    private const int Hangs = 3;
    private const int Stops = 5;
    private const int SittingsBetween = 60;
    private const int Connections = 32;
    private const int Starts = 5;
    private const int Rounds = 3;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    /// <summary>How long the runs of a node stay with it after its end.</summary>
    public static async Task RecoverAsync()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PostgresProcess.StartAsync(folder.Path, isDurable: false);
        await using var database = NpgsqlDataSource.Create(
            (await server.NewDatabaseAsync("recovery")).ConnectionString);
        await using var nodes = new Nodes(server.Url("recovery"), "1");
        await nodes.StartAsync(3);
        var started = 0L;
        foreach (var (signal, times, median, worst) in ((string, int, double, double)[])
            [("KILL", Kills, 3, 6), ("STOP", Hangs, 10, 10), ("TERM", Stops, 2, 2)])
        {
            var taken = new List<double>();
            for (var i = 0; i < times; i++)
            {
                for (var sitting = 0; sitting < SittingsBetween; sitting++)
                    await PostAsync(nodes.Of(sitting), $"warmup/s{started++}");
                taken.Add(await RecoveryAsync(database, nodes, i % 3, signal));
            }
            Console.WriteLine($"  SIG{signal} to one of three nodes, {times} times");
            Figures.Report("until all its runs have another owner, median", Figures.Median(taken), "s", median, false);
            Figures.Report("the worst", taken.Max(), "s", worst, atLeast: false);
        }
        Figures.Note("steps that are there twice", await CountAsync(database,
            "SELECT count(*) FROM (SELECT 1 FROM steps GROUP BY run, step HAVING count(*) > 1) AS twice"), "");
    }

    /// <summary>What a node does in a second, and what it takes to have one.</summary>
    public static async Task NodesAsync()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PostgresProcess.StartAsync(folder.Path, isDurable: true);
        await StartsAsync(folder, server);
        await SittingsAsync(folder, server);
        await HistoryAsync(folder, server);
    }

    private static async Task StartsAsync(TemporaryFolder folder, PostgresProcess server)
    {
        await server.NewDatabaseAsync("starts");
        var (file, node) = (new List<Child>(), new List<Child>());
        for (var i = 0; i < Starts; i++)
        {
            await using var one = await Child.ServeAsync(folder.File("starts.db"));
            await using var other = await Child.ServeNodeAsync(server.Url("starts"));
            file.Add(one);
            node.Add(other);
            await Task.Delay(TimeSpan.FromSeconds(1));
            (one.RestingMegabytes, other.RestingMegabytes) = (one.ResidentMegabytes, other.ResidentMegabytes);
            // The next one would wait for a sign of life of one that was killed.
            await other.StopAsync();
        }
        Console.WriteLine($"  median of {Starts} starts in turn; memory a second later");
        Figures.Note(
            "a node, to the first /health", Figures.Median(node.Select(one => one.UntilHealthy.TotalSeconds)), "s");
        Figures.Note("the service on a file", Figures.Median(file.Select(one => one.UntilHealthy.TotalSeconds)), "s");
        Figures.Note("a node, resident", Figures.Median(node.Select(one => one.RestingMegabytes)), "MB");
        Figures.Note("the service on a file, resident", Figures.Median(file.Select(one => one.RestingMegabytes)), "MB");
    }

    private static async Task SittingsAsync(TemporaryFolder folder, PostgresProcess server)
    {
        await using (var alone = await Child.ServeAsync(folder.File("sittings.db"), ("PACE", "0")))
        {
            var load = await Load.RunAsync(alone.Url, Connections, Round, n => $"POST /warmup-sync/f{n}");
            Console.WriteLine(
                $"  sittings begun and finished, PACE=0, {Connections} connections, PostgreSQL on the same cores");
            Figures.Note("a second, on a file", load.PerSecond, "");
        }
        foreach (var count in (int[])[1, 3])
        {
            await server.NewDatabaseAsync($"sittings{count}");
            await using var nodes = new Nodes(server.Url($"sittings{count}"), "0");
            await nodes.StartAsync(count);
            var (before, postgres) = (nodes.ProcessorTime, PostgresTime());
            var loads = await Task.WhenAll(Enumerable.Range(0, count).Select(node => Load.RunAsync(
                nodes.Of(node).Url, Connections / count, Round, n => $"POST /warmup-sync/n{node}x{n}")));
            var (own, theirs) = (nodes.ProcessorTime - before, PostgresTime() - postgres);
            Figures.Note($"a second, with {count} node(s)", loads.Sum(load => load.PerSecond), "");
            Figures.Note("  answered with an error", loads.Sum(load => load.Failures), "");
            Figures.Note("  PostgreSQL's share of the processor time", theirs / (own + theirs), "");
        }
    }

    private static async Task HistoryAsync(TemporaryFolder folder, PostgresProcess server)
    {
        const int sessions = 1_000, rows = 100;
        var path = folder.File("history.db");
        HistoryFile.Make(path, sessions, rows, row => TimeSpan.FromMinutes(20 * (rows - row)));
        var address = await server.NewDatabaseAsync("history");
        await using (var from = await SqliteSessionStore.OpenAsync(
            path, TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance))
        await using (var to = await PostgresSessionStore.OpenAsync(address, TelegramMode.Sandbox, TimeProvider.System))
        {
            using var archive = new MemoryStream();
            await SessionArchive.ExportAsync(from, archive, default);
            archive.Position = 0;
            await SessionArchive.ImportAsync(to, archive, TimeProvider.System, default);
        }
        await using var file = await Child.ServeAsync(path);
        await using var node = await Child.ServeNodeAsync(server.Url("history"));
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var ofFile = await Load.RunAsync(file.Url, Connections / 2, Round, Request);
            var ofNode = await Load.RunAsync(node.Url, Connections / 2, Round, Request);
            ratios.Add(ofNode.PerSecond / ofFile.PerSecond);
        }
        Console.WriteLine($"  GET history, {rows} rows of {sessions * rows:N0}, median of {Rounds} rounds in turn");
        Figures.Note("requests a second, as a share of those on a file", Figures.Median(ratios), "x");

        static string Request(long n) => $"GET /sessions/{HistoryFile.SessionName(n % sessions)}/history?days=30";
    }

    private static async Task<double> RecoveryAsync(
        NpgsqlDataSource database, Nodes nodes, int node, string signal)
    {
        var url = nodes.Of(node).Url.OriginalString;
        var owner = await CountAsync(database,
            $"SELECT max(number) FROM owners WHERE gone_at IS NULL AND position('{url}' in urls) > 0");
        var watch = Stopwatch.StartNew();
        await nodes.Of(node).SignalAsync(signal);
        while (await CountAsync(database,
            $"SELECT count(*) FROM runs WHERE owner = {owner} AND ended_at IS NULL") > 0)
            await Task.Delay(PollInterval);
        var seconds = watch.Elapsed.TotalSeconds;
        await nodes.ReplaceAsync(node);
        return seconds;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task PostAsync(Child node, string path)
    {
        using var client = new HttpClient { BaseAddress = node.Url };
        using var answer = await client.PostAsync(path, null);
        answer.EnsureSuccessStatusCode();
    }

    private static TimeSpan PostgresTime() =>
        // Their names tell what each does.
        TimeSpan.FromTicks(Process.GetProcesses()
            .Where(process => process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
            .Sum(process => process.TotalProcessorTime.Ticks));

    /// <summary>Some nodes of one database.</summary>
    private sealed class Nodes(string database, string pace) : IAsyncDisposable
    {
        private readonly List<Child> nodes = [];

        public TimeSpan ProcessorTime => TimeSpan.FromTicks(nodes.Sum(node => node.ProcessorTime.Ticks));

        public Child Of(int number) => nodes[number % nodes.Count];

        public async Task StartAsync(int count)
        {
            for (var i = 0; i < count; i++) nodes.Add(await NewAsync());
        }

        public async Task ReplaceAsync(int number)
        {
            await nodes[number].DisposeAsync();
            nodes[number] = await NewAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }

        private Task<Child> NewAsync() => Child.ServeNodeAsync(database, ("PACE", pace));
    }
}
