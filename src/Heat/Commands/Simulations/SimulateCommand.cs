using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using Heat.Simulations;
using HeatUp.Channels;
using HeatUp.Simulations;

namespace Heat.Commands.Simulations;

/// <summary><c>heat simulate</c>: a population's life on a virtual clock.</summary>
internal static class SimulateCommand
{
    private const int ThreadsMax = 64;

    public static Command Build(Terminal terminal)
    {
        var scenario = new Argument<string?>("scenario")
        {
            Description = "A file that says what is simulated, JSON with comments (default: 1,000 sessions for 7 days)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (overrides, readOverrides) = Overrides();
        var output = new Option<string?>("--out")
        {
            Description = "The run's folder (default: a new one below runs)",
            CustomParser = result => result.Tokens[0].Value is { Length: > 0 } path
                ? path
                : Options.Wrong<string?>(result, "--out is the name of a folder"),
        };
        var force = new Option<bool>("--force") { Description = "Replace the run that --out holds" };
        var resume = new Option<string?>("--resume") { Description = "Go on with the stopped run in this folder" };
        var replay = new Option<string?>("--replay")
        {
            Description = "Live the run in this folder again with what its language model said then, without calls",
        };
        var calls = Options.Count("--llm-calls", "How many calls to the language model at once",
            LlmRunOptions.ConcurrencyDefault, LlmRunOptions.ConcurrencyMax);
        var check = new Option<bool>("--check")
        {
            Description = "Look for faults of Heat Up itself: each seed a little world where all goes wrong that can",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Live the run in this folder again until --at, and go on under the rules of --set",
        };
        var at = new Option<string?>("--at") { Description = "Until when, such as 2026-01-12T00:00Z" };
        var set = new Option<string[]>("--set")
        {
            Description = "What changes then, such as faults.flood_wait=0.05; may be repeated",
            DefaultValueFactory = _ => [],
        };
        var seeds = new Option<SeedRange>("--seeds")
        {
            Description = "A run for each of these seeds, such as 1..20; or the seeds to check (default: 1..100)",
            DefaultValueFactory = _ => new SeedRange(1, 100),
            CustomParser = result => SeedRange.TryParse(result.Tokens[0].Value, out var range)
                ? range
                : Options.Wrong<SeedRange>(result, "--seeds is a seed or a range of them, such as 7 or 1..1000"),
        };
        var threads = Options.Count(
            "--threads", "How many threads; the result is the same", Environment.ProcessorCount, ThreadsMax);
        var csv = new Option<bool>("--csv") { Description = "Write days.csv, channels.csv, … beside the report" };
        var junit = new Option<bool>("--junit") { Description = "Write the thresholds as junit.xml" };
        var cluster = new Option<bool>("--cluster")
        {
            Description = "Let the nodes of a cluster share the work; HEAT_URL names the one that keeps the folder",
        };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of scenarios only" };
        var json = Options.Json();
        var command = new Command("simulate",
            "Lives a population on a virtual clock with the service's own code, and leaves a folder with its history, "
            + "a summary and a report. The same scenario and version give the same bytes. Never reaches a real server.")
        {
            scenario, output, force, resume, replay, from, at, set, calls, check, seeds, threads, csv, junit, schema,
            cluster, json,
        }.WithExamples(
            "heat simulate --sessions 10000 --days 30 --seed 7 --out runs/a",
            "heat simulate docs/scenarios/week.json --csv --junit",
            "heat simulate --resume runs/a          go on where Ctrl-C stopped it",
            "heat simulate --seeds 1..20 --out runs/many          tell rules from chance: heat compare",
            "heat simulate --from runs/a --at 2026-01-12T00:00Z --set faults.flood_wait=0.05 --out runs/b",
            "heat simulate --cluster --sessions 1000000 --out large          on the cores of all nodes",
            "heat simulate --check --seeds 1..1000  look for faults of Heat Up itself",
            "heat simulate --threshold 'success_rate:rate>0.95'   exit code 99 if it fails");
        foreach (var option in overrides) command.Options.Add(option);
        var one = overrides.Where(option => option.Name != "--seed");
        // What each way to simulate takes; the usual one takes all but those of --from.
        Dictionary<Option, Option[]> modes = new()
        {
            [schema] = [],
            [cluster] = [output, force, resume, json, .. overrides],
            [check] = [seeds, threads],
            [resume] = [calls, threads, csv, junit, json],
            [replay] = [output, force, threads, csv, junit, json],
            [from] = [at, set, output, force, threads, csv, junit, json],
            [seeds] = [output, calls, threads, csv, junit, json, .. one],
        };
        command.SetAction(async (parsed, _) =>
        {
            if (Meaningless(parsed, modes) is { } wrong)
            {
                terminal.Complain(wrong);
                return ExitCode.WrongUse;
            }
            if (parsed.GetValue(schema))
            {
                terminal.OutWriter.WriteLine(ScenarioSchema.ToJson());
                return ExitCode.Done;
            }
            if (parsed.GetValue(check))
                return await new CheckSession(parsed.GetValue(seeds), parsed.GetValue(threads), terminal).RunAsync();
            var outputs = new SimulationOutputs(
                parsed.GetValue(csv), parsed.GetValue(junit), parsed.GetValue(json), parsed.GetValue(threads));
            using var interruption = new Interruption();
            try
            {
                var (into, mayReplace) = (parsed.GetValue(output), parsed.GetValue(force));
                if (parsed.GetValue(cluster))
                {
                    using var node = new NodeClient(Settings.Load());
                    var (simulated, channels) = parsed.GetValue(resume) is null
                        ? Sent(parsed.GetValue(scenario), readOverrides(parsed))
                        : (null, default);
                    return await new NodeSimulation(node, outputs.Json, terminal).RunAsync(
                        parsed.GetValue(resume) ?? into ?? NameOf(parsed.GetValue(scenario)),
                        simulated, channels, mayReplace, interruption.Token);
                }
                if (SeedsOf(parsed, scenario, readOverrides, seeds, resume, into, terminal) is { } several)
                    return await new SeedsSession(several, parsed.GetValue(calls), outputs, terminal)
                        .RunAsync(interruption.Token);
                using var prepared = (parsed.GetValue(resume), parsed.GetValue(replay), parsed.GetValue(from)) switch
                {
                    ({ } folder, _, _) => PreparedRun.Resume(folder),
                    (_, { } folder, _) =>
                        PreparedRun.Replay(folder, into ?? PreparedRun.FreeFolder("replay"), mayReplace),
                    (_, _, { } folder) => PreparedRun.BranchOff(
                        folder, parsed.GetValue(at) ?? "", parsed.GetValue(set) ?? [],
                        into ?? PreparedRun.FreeFolder("branch"), mayReplace),
                    _ => Prepare(parsed.GetValue(scenario), readOverrides(parsed), into, mayReplace),
                };
                using var planner = SimulationPlanner.Of(prepared, parsed.GetValue(calls));
                return await new SimulationSession(prepared, planner, outputs, terminal).RunAsync(interruption.Token);
            }
            catch (ScenarioException bad)
            {
                foreach (var problem in bad.Problems) terminal.Complain(problem);
                return ExitCode.BadScenario;
            }
        });
        return command;
    }

    /// <summary>
    /// Why something was given that means nothing here: nobody should think that it was heeded. Null if all means
    /// something.
    /// </summary>
    private static string? Meaningless(ParseResult parsed, Dictionary<Option, Option[]> modes)
    {
        var given = parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(result => !result.Implicit && !result.Option.Recursive).Select(result => result.Option).ToList();
        // --resume goes with --cluster, and --seeds with --check.
        var mode = given.Find(option => option.Name == "--cluster")
            ?? given.Find(option => modes.ContainsKey(option) && option.Name != "--seeds")
            ?? given.Find(modes.ContainsKey);
        if (mode is null)
            return given.Find(option => option.Name is "--at" or "--set") is { } ofBranch
                ? $"{ofBranch.Name} is of a branch: name the run that it leaves with --from."
                : null;
        if (given.Find(option => option != mode && !modes[mode].Contains(option)) is { } other)
            return $"{other.Name} means nothing with {mode.Name}{Hint(mode, other)}.";
        if (mode.Name == "--from" && given.Find(option => option.Name == "--at") is null)
            return "--from needs the hour until which the run is lived again, such as --at 2026-01-12T00:00Z.";
        if (mode.Name == "--cluster" && given.Find(option => option.Name == "--resume") is { } resumed) mode = resumed;
        if (mode.Name == "--resume" && given.Find(option => !modes[mode].Contains(option)) is { } ofAnother
            && ofAnother.Name is not ("--cluster" or "--resume" or "--json"))
            return $"{ofAnother.Name} means nothing with {mode.Name}{Hint(mode, ofAnother)}.";
        return mode.Name is not ("--seeds" or "--cluster")
            && parsed.CommandResult.Children.OfType<ArgumentResult>().Any(argument => argument.Tokens.Count > 0)
            ? $"A scenario means nothing with {mode.Name}{Hint(mode, null)}."
            : null;
    }

    private static string Hint(Option mode, Option? other) => mode.Name switch
    {
        "--cluster" => ": its nodes have the cores, and one of them the folder",
        "--resume" => ": the run goes on as it began, in its folder",
        "--replay" => ": the run is that of the recording",
        "--from" => ": the run is the other one until --at; --set says what changes then",
        "--seeds" when other?.Name == "--seed" => ": each run has one of them",
        "--seeds" when other?.Name == "--force" => ": name a new folder",
        "--check" => other?.Name == "--seed" ? "; say --seeds" : ": its worlds are drawn from the seeds",
        _ => "",
    };

    /// <summary>The folder of several seeds that is meant; null if it is a single run.</summary>
    private static SeedsFolder? SeedsOf(
        ParseResult parsed, Argument<string?> scenario, Func<ParseResult, ScenarioOverrides> readOverrides,
        Option<SeedRange> seeds, Option<string?> resume, string? output, Terminal terminal)
    {
        if (parsed.GetValue(resume) is { } folder) return SeedsFolder.Is(folder) ? SeedsFolder.Open(folder) : null;
        if (parsed.GetResult(seeds) is null or { Implicit: true }) return null;
        var range = parsed.GetValue(seeds);
        if (range.Count > SeedsFolder.SeedsMax)
            throw new ScenarioException(
                [$"--seeds: {range.Count} runs are too many; {SeedsFolder.SeedsMax} are allowed."]);
        var path = parsed.GetValue(scenario);
        var (simulated, _, poolBytes, _) = Read(path, readOverrides(parsed));
        var needs = ScenarioNeeds.Of(simulated);
        terminal.ErrorWriter.WriteLine(
            $"{Counted.Of(range.Count, "run")}, one after the other: "
            + $"{needs with { DiskBytes = needs.DiskBytes * range.Count }}");
        return SeedsFolder.Create(
            output ?? PreparedRun.FreeFolder($"{NameOf(path)}-seeds"), simulated, poolBytes.Span, range.First,
            range.Last);
    }

    private static PreparedRun Prepare(string? path, ScenarioOverrides overrides, string? output, bool force)
    {
        var (scenario, pool, poolBytes, poolPath) = Read(path, overrides);
        var folder = output ?? PreparedRun.FreeFolder(NameOf(path));
        return PreparedRun.New(scenario, pool, poolBytes, folder, force, path, poolPath);
    }

    /// <summary>What a node needs: it has no file of the command's machine.</summary>
    private static (Scenario? Scenario, ReadOnlyMemory<byte> Channels) Sent(string? path, ScenarioOverrides overrides)
    {
        var (scenario, _, poolBytes, _) = Read(path, overrides);
        return (scenario with { Pool = null }, poolBytes);
    }

    private static string NameOf(string? path) => Path.GetFileNameWithoutExtension(path) ?? "population";

    private static (Scenario Scenario, ChannelPool Pool, ReadOnlyMemory<byte> PoolBytes, string PoolPath) Read(
        string? path, ScenarioOverrides overrides)
    {
        var settings = Settings.Load();
        if (settings.Telegram is { } real)
            throw new SettingsException([
                $"{TelegramRules.Mode}={real.Mode}: a simulation runs on the sandbox only. Set it to sandbox."]);
        var read = path is null ? new Scenario() : Good(ScenarioFile.Read(path));
        var scenario = Good(overrides.ApplyTo(read));
        // An option's path is full already; a file's is seen from the file.
        var place = ScenarioFile.PoolPath(scenario, path) is { } named ? named : settings.ChannelsFile;
        var pool = PreparedRun.PoolOf(ChannelFile.Read(place, out var poolBytes));
        return (scenario, pool, poolBytes, place.Path);
    }

    private static Scenario Good(ScenarioReading reading) =>
        reading.IsGood ? reading.Scenario : throw new ScenarioException(reading.Problems);

    private static (Option[] Options, Func<ParseResult, ScenarioOverrides> Read) Overrides()
    {
        var sessions = new Option<long?>("--sessions") { Description = "How many sessions" };
        var days = new Option<long?>("--days") { Description = "How many days" };
        var start = new Option<string?>("--start") { Description = "The first day, such as 2026-01-05" };
        var seed = new Option<ulong?>("--seed") { Description = "Where all chance comes from" };
        var planner = new Option<string?>("--planner") { Description = "builtin or llm" };
        var pool = new Option<string?>("--pool") { Description = "A file of channels (default: CHANNELS_FILE)" };
        var faults = new Option<string?>("--faults")
        {
            Description = "What goes wrong, such as flood_wait:0.02,offline:0.01",
        };
        var often = new Option<double?>("--sittings-per-day") { Description = "How many sittings a session has a day" };
        var threshold = new Option<string[]>("--threshold")
        {
            Description = "What must be reached, such as success_rate:rate>0.95; may be repeated",
            DefaultValueFactory = _ => [],
        };
        var recommendations = new Option<bool?>("--recommendations")
        {
            Description = "Whether plans are advised by what the other sessions follow",
        };
        var noHistory = new Option<bool>("--no-history") { Description = "Write no history.db: faster, less to ask" };
        return (
        [
            sessions, days, start, seed, planner, pool, faults, often, recommendations, threshold, noHistory,
        ],
        parsed => new()
        {
            Recommendations = parsed.GetValue(recommendations),
            Sessions = parsed.GetValue(sessions),
            Days = parsed.GetValue(days),
            Start = parsed.GetValue(start),
            Seed = parsed.GetValue(seed),
            Planner = parsed.GetValue(planner),
            Pool = parsed.GetValue(pool),
            Faults = parsed.GetValue(faults),
            SittingsPerDay = parsed.GetValue(often),
            Thresholds = [.. parsed.GetValue(threshold) ?? []],
            NoHistory = parsed.GetValue(noHistory),
        });
    }
}
