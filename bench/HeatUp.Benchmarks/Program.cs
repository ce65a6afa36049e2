namespace HeatUp.Benchmarks;

/// <summary>
/// Figures are ratios to a limit that is named and measured in the same run; absolute times belong to one machine.
/// </summary>
internal static class Program
{
    private static readonly (string Name, string What, Func<Task> Run)[] Benchmarks =
    [
        ("history", "GET history against a bare endpoint that answers the same bytes from memory",
            HistoryBenchmark.RunAsync),
        ("plans", "POST warmup with a language model that takes 200 ms", PlansBenchmark.RunAsync),
        ("remember", "durable steps of 1,000 sittings at once against hand-made batches", RememberBenchmark.RunAsync),
        ("remember.pg", "the same in PostgreSQL", PostgresBenchmark.RunAsync),
        ("recover", "how soon others go on with the sittings of a node that ends", ClusterBenchmark.RecoverAsync),
        ("nodes", "sittings, history, start and memory of nodes on PostgreSQL", ClusterBenchmark.NodesAsync),
        ("inflight", "memory of 10,000 sittings in flight", InFlightBenchmark.RunAsync),
        ("start", "time and memory from the start to the first /health", StartBenchmark.RunAsync),
        ("simulate", "a population in memory, against the bare event loop", SimulateBenchmark.RunAsync),
        ("history.db", "a population with its history against the same rows inserted by hand",
            SimulatedHistoryBenchmark.RunAsync),
        ("llm", "a population planned by a language model that takes 200 ms", LlmPopulationBenchmark.RunAsync),
        ("recommend", "a model of 5,000 channels and 100,000 sessions, its answers, and prompts of a large pool",
            RecommendBenchmark.RunAsync),
        ("analytics", "what ten million actions say, against reading the same rows by hand",
            AnalyticsBenchmark.RunAsync),
        ("now", "200 viewers of 1,000 running sittings, against the same service without them", NowBenchmark.RunAsync),
        ("paint", "the first paint of the page of running sittings, on ten million actions, against the same bytes",
            PaintBenchmark.RunAsync),
        ("login", "TDLib logs in to a Telegram on loopback, 100 times in turn", LoginBenchmark.RunAsync),
        ("cleanup", "how long others wait while 500,000 of 1,000,000 rows go", CleanupBenchmark.RunAsync),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is [BareServer.Command, var url, var file]) return await BareServer.RunAsync(url, file);
        if (args is [SlowLlm.Command, var milliseconds]) return await SlowLlm.RunAsync(milliseconds);
        if (args is [LoginBenchmark.Command, var library]) return await LoginBenchmark.RunInsideAsync(library);
        if (args is [FuzzLists.Command, ..]) return await FuzzLists.RunAsync(args[1..]);
        if (args is [FuzzReplies.Command, var seed, var replies]) return FuzzReplies.Run(seed, replies);
        if (args is [RecommendBenchmark.PoolCommand, var count, var path])
        {
            RecommendBenchmark.WritePool(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), path);
            return 0;
        }
        var chosen = args.Length == 0 ? Benchmarks : [.. Benchmarks.Where(benchmark => args.Contains(benchmark.Name))];
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine("usage: HeatUp.Benchmarks [NAME ...]   without a name: all");
            Console.Error.WriteLine("       HeatUp.Benchmarks fuzz-lists [SEED] [COUNT]   damaged lists");
            foreach (var (name, what, _) in Benchmarks) Console.Error.WriteLine($"  {name,-10} {what}");
            Console.Error.WriteLine($"or: HeatUp.Benchmarks {FuzzReplies.Command} SEED COUNT");
            return 2;
        }
        Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} cores, {Environment.OSVersion}");
        foreach (var (name, what, run) in chosen)
        {
            Console.WriteLine();
            Console.WriteLine($"{name}: {what}");
            await run();
        }
        return Figures.HasMissed ? 1 : 0;
    }
}
