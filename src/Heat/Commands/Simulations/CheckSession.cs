using System.Globalization;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Checking;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>Seeds from one to another, both included.</summary>
internal readonly record struct SeedRange(long First, long Last)
{
    private const string Between = "..";

    public long Count => Last - First + 1;

    public static bool TryParse(string text, out SeedRange range)
    {
        var ends = text.Split(Between);
        range = default;
        if (ends.Length > 2 || !TryRead(ends[0], out var first) || !TryRead(ends[^1], out var last)) return false;
        range = new SeedRange(first, last);
        return first <= last;
    }

    private static bool TryRead(string text, out long seed) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}

/// <summary>
/// <c>heat simulate --check</c>: looks for faults of Heat Up itself, seed by seed, and ends at the first that it finds.
/// </summary>
internal sealed class CheckSession(SeedRange seeds, int threads, Terminal terminal)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Exercised, long> exercised = [];
    private CheckResult? worst;

    public async Task<int> RunAsync()
    {
        using var interruption = new Interruption();
        await terminal.WhileAsync("checking …", () => Task.Run(() => CheckAll(interruption.Token)));
        if (worst is { } failed) return Tell(failed);
        terminal.Out.MarkupLineInterpolated(
            $"[green]✓[/] {Counted.Of(seeds.Count, "seed")}: everything held.");
        terminal.Out.MarkupLineInterpolated(
            $"  {Of(Exercised.Sitting, "sitting")}, {Of(Exercised.Step, "step")}, {Crashes}");
        return ExitCode.Done;
    }

    private string Crashes =>
        Counted.Of(exercised.Where(one => IsCrash(one.Key)).Sum(one => one.Value), "crash", "crashes");

    private bool CheckAll(CancellationToken stop)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        Parallel.For(seeds.First, seeds.Last + 1, options, (seed, loop) =>
        {
            var result = Checker.Check(new Seed((ulong)seed));
            lock (gate) Take(result);
            // Those before it are still checked: the least seed that fails is told, whatever the threads did.
            if (!result.Passed) loop.Break();
        });
        return true;
    }

    private void Take(CheckResult result)
    {
        foreach (var (what, count) in result.Counts) exercised[what] = exercised.GetValueOrDefault(what) + count;
        if (!result.Passed && (worst is null || result.Seed.Value < worst.Seed.Value)) worst = result;
    }

    private int Tell(CheckResult failed)
    {
        var violation = failed.Violation!;
        foreach (var happening in failed.Tail) terminal.Out.MarkupLineInterpolated($"[grey]{happening}[/]");
        terminal.Complain(
            $"seed {failed.Seed.Value}: {violation.Word} violated ({violation.Invariant}) at "
            + $"{violation.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}"
            + $"{(violation.Session is { } session ? $", session {session}" : "")}. {violation.Sentence}");
        terminal.Error.MarkupLineInterpolated($"See it again: heat simulate --check --seeds {failed.Seed.Value}");
        return violation.Kind == ViolationKind.Safety ? ExitCode.SafetyViolated : ExitCode.LivenessViolated;
    }

    private static bool IsCrash(Exercised what) => what is Exercised.CrashBeforeStore or Exercised.CrashAfterStore
        or Exercised.CrashAtTelegram or Exercised.CrashInWait or Exercised.CrashInResumption;

    private string Of(Exercised what, string thing) => Counted.Of(exercised.GetValueOrDefault(what), thing);
}
