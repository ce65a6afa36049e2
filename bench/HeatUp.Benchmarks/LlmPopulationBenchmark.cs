using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Simulations;

namespace HeatUp.Benchmarks;

internal static class LlmPopulationBenchmark
{
    private const int Concurrency = 256;
    private const int Threads = 1;

    // As many as have about 10,000 sittings on one day: everything is compiled, and optimized for what it does.
    private const int SessionsBefore = 9_600;

    // So many that the beginning and the last sessions' last calls, which nothing can fill, are little beside the rest.
    private const int Sessions = 48_000;

    // Of several categories, or many sessions would have the same prompt, which is one call.
    private static readonly ChannelPool Pool = ChannelPool.Of(Enumerable.Range(1, 20).Select(number => new Channel(
        ChannelName.Parse($"@channel{number:00}"), "What it is about.", $"Category {number % 7}", null, null)));

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync()
    {
        await using var llm = await SlowLlm.StartAsync(Latency);
        Live(llm, SessionsBefore);
        GC.Collect();

        var (reading, took, sittings) = Live(llm, Sessions);
        var limit = Concurrency / Latency.TotalSeconds;
        Console.WriteLine($"  {Concurrency} calls at once, {Latency.TotalMilliseconds} ms each: "
            + $"no more than {limit:N0} calls a second are possible");
        var busy = reading.Calls * Latency.TotalSeconds / (Concurrency * took.TotalSeconds);
        Figures.Report("how busy the model was kept", busy, "x", 0.95, atLeast: true);
        Figures.Note("calls", reading.Calls, "");
        Figures.Note("sittings", sittings, "");
        Figures.Note("calls that failed", reading.Failures, "");
        Figures.Note("calls a second", reading.Calls / took.TotalSeconds, "/s");
    }

    private static (LlmReading Reading, TimeSpan Took, long Sittings) Live(SlowLlm llm, int sessions)
    {
        using var folder = new TemporaryFolder();
        var scenario = new Scenario { Sessions = sessions, Days = 1, Planner = PlannerKind.Llm };
        var run = new LlmRunOptions { Seed = scenario.Seed, Concurrency = Concurrency };
        var model = new LlmOptions { BaseUrl = llm.BaseUrl, Model = "stub" };
        using var population = LlmPopulation.Record(model, folder.File("run"), run, TimeProvider.System);
        using var simulation = new Simulation(scenario, Pool, population, Threads);
        var watch = Stopwatch.StartNew();
        while (!simulation.IsOver)
        {
            simulation.RunEpoch();
            population.Flush();
        }
        return (population.Reading, watch.Elapsed, simulation.Sittings);
    }
}
