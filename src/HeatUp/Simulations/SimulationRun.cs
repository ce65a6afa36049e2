using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>Where a run is, for whoever watches it.</summary>
/// <param name="Reached">The virtual time.</param>
/// <param name="Done">Which part of the scenario's time is over, 0 to 1.</param>
/// <param name="Sittings">How many began.</param>
/// <param name="Actions">How many were tried.</param>
/// <param name="IsReplaying">Whether it replays what an interrupted run has already written.</param>
public sealed record SimulationProgress(
    DateTimeOffset Reached, double Done, long Sittings, long Actions, bool IsReplaying);

/// <summary>How a run ended.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Detail">Why it is not complete, for people; null if it is.</param>
/// <param name="Summary">What it came to.</param>
/// <param name="Reached">Until when it was simulated.</param>
/// <param name="Transcript">The hash of all that happened.</param>
/// <param name="Sittings">How many began.</param>
/// <param name="Actions">How many were tried.</param>
/// <param name="Sessions">How many sessions arrived.</param>
public sealed record SimulationEnd(
    RunFolderStatus Status, string? Detail, Summary Summary, DateTimeOffset Reached, string Transcript, long Sittings,
    long Actions, long Sessions)
{
    /// <summary>
    /// Whether a run that goes on was stopped while it replayed what is written: then it came to less than its
    /// history holds, and nothing was changed.
    /// </summary>
    public bool IsUnchanged { get; init; }

    /// <summary>Whether the run can't go on from what is written, because that is damaged.</summary>
    public bool IsLost { get; init; }

    /// <summary>What it was at the end of each epoch and each day.</summary>
    public ImmutableArray<EpochMark> Epochs { get; init; } = [];
}

/// <summary>
/// Drives a simulation from its start, or from where it was stopped, to a final state: complete, stopped by whoever
/// asked, ended by a threshold or a budget, or failed because its history can't be written. A run that is resumed
/// first replays what is written, without writing it, and checks that it does the same: so it ends with the bytes
/// of a run that was never stopped.
/// </summary>
public sealed class SimulationRun : IDisposable
{
    private readonly Scenario scenario;
    private readonly ChannelPool pool;
    private readonly IPlanner? planner;
    private readonly int threadCount;
    private readonly RowBatch[][] batches;
    private readonly SimulatedHistory? history;
    private readonly Checkpoint? checkpoint;
    private Simulation simulation;
    private string? transcript;
    private int turn;
    private long epochs;

    /// <summary>Prepares a run.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="pool">The channels.</param>
    /// <param name="planner">Who plans in place of the built-in planner; null for that.</param>
    /// <param name="threadCount">How many threads run it; 1 or more.</param>
    /// <param name="historyPath">Where the history is written, or is there from an interrupted run; null to write
    /// none.</param>
    /// <param name="nodes">The processes that live it; null to live it here.</param>
    /// <exception cref="StoreException">The history can't be opened.</exception>
    /// <exception cref="RunFolderException">The history doesn't say how far it is written.</exception>
    public SimulationRun(
        Scenario scenario, ChannelPool pool, IPlanner? planner, int threadCount, string? historyPath,
        IShardNodes? nodes = null)
    {
        (this.scenario, this.pool, this.planner, this.threadCount) = (scenario, pool, planner, threadCount);
        history = historyPath is null ? null : SimulatedHistory.Open(historyPath, PaidBy);
        try
        {
            checkpoint = Checkpoint.Read(history?.Checkpoint);
        }
        catch
        {
            history?.Dispose();
            throw;
        }
        // Two of each: one is filled while the other is written.
        batches = [NewBatches(scenario), NewBatches(scenario)];
        simulation = new Simulation(scenario, pool, planner, threadCount,
            shard => history is null ? [] : [new Turning(() => batches[turn][shard])], nodes);
    }

    /// <summary>Whether nothing of it is written yet.</summary>
    public bool IsNew => checkpoint is null;

    /// <summary>Says after each epoch whether the budget is spent; a run whose budget is spent ends.</summary>
    public Func<bool> IsBudgetSpent { get; init; } = () => false;

    /// <summary>Called before an epoch's rows are written: what the run has besides must be on the disk then.</summary>
    public Action BeforeCheckpoint { get; init; } = () => { };

    /// <summary>What the planner has used before a virtual time, each call once however many plans came of it; null to
    /// add up what the plans say.</summary>
    public Func<DateTimeOffset, TokenUsage>? TokensUsed { get; init; }

    /// <summary>
    /// The tokens that a session's sitting, by its number, paid for; asked once for each that the history is to hold,
    /// in the history's order. Null for those that its plan says.
    /// </summary>
    public Func<SessionId, int, TokenUsage>? TokensPaid { get; init; }

    /// <summary>The transcripts of the run that this one branches off, at the ends of its epochs and days until then;
    /// null for a run of its own.</summary>
    public IReadOnlyDictionary<DateTimeOffset, string>? Origin { get; init; }

    /// <summary>Runs the population until a final state.</summary>
    /// <param name="progress">Told after each epoch.</param>
    /// <param name="stop">Stops at the epoch's end; if a planner outside is waited for, at that of the one before. A
    /// run that still replays what is written leaves it as it is.</param>
    /// <exception cref="RunFolderException">The run that goes on, or that is branched off, was another one.</exception>
    public SimulationEnd Run(Action<SimulationProgress> progress, CancellationToken stop)
    {
        try
        {
            while (!simulation.IsOver)
            {
                if (stop.IsCancellationRequested) return IsReplaying
                    ? StopUnchanged()
                    : Stop(RunFolderStatus.Stopped, $"It was stopped at {Text(simulation.Reached)}.");
                Live(stop);
                progress(Progress());
                if (IsReplaying) continue;
                if (FailedThreshold() is { } failed) return Stop(RunFolderStatus.Aborted,
                    $"The threshold {failed.Metric.Name} {failed.Expression} failed at {Text(simulation.Reached)}.");
                if (!simulation.IsOver && IsBudgetSpent()) return Stop(RunFolderStatus.BudgetSpent,
                    $"The token budget was spent at {Text(simulation.Reached)}.");
            }
            if (IsReplaying) throw new RunFolderException(
                "The run can't go on: its history says that more is written than the run has. "
                + "Somebody changed its folder; begin it anew, in another one.");
            return Stop(RunFolderStatus.Complete, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return GiveUpEpoch();
        }
        catch (RecordingException failure)
        {
            return End(RunFolderStatus.Failed, failure.Message);
        }
        catch (StoreException failure)
        {
            return End(RunFolderStatus.Failed, $"The history can't be written. {failure.Message}")
                with { IsLost = failure.IsLost };
        }
    }

    /// <summary>Ends the threads and closes the history.</summary>
    public void Dispose()
    {
        simulation.Dispose();
        history?.Dispose();
    }

    private bool IsReplaying => epochs < (checkpoint?.Epochs ?? 0);

    private static RowBatch[] NewBatches(Scenario scenario) =>
        [.. Enumerable.Range(0, Simulation.ShardsOf(scenario)).Select(_ => new RowBatch())];

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private SimulationProgress Progress() => new(
        simulation.Reached, (simulation.Reached - scenario.Start) / (scenario.End - scenario.Start),
        simulation.Sittings, simulation.Actions, IsReplaying);

    /// <summary>
    /// Goes back to the end of the last whole epoch, by replaying up to there: its plans are recorded, so that
    /// nobody outside is asked.
    /// </summary>
    private SimulationEnd GiveUpEpoch()
    {
        simulation.Dispose();
        foreach (var batch in batches[turn]) batch.Clear();
        simulation = new Simulation(scenario, pool, planner, threadCount);
        for (var lived = 0L; lived < epochs; lived++) simulation.RunEpoch();
        if (transcript is not null && simulation.Transcript != transcript) throw new RunFolderException(
            "The run can't end in order: replayed, it does something else than what is written.");
        return Stop(RunFolderStatus.Stopped,
            $"It was stopped at {Text(simulation.Reached)}. The epoch after that was given up; what the planner said "
            + "in it is recorded, and not asked again.");
    }

    private void Live(CancellationToken stop)
    {
        // Nobody outside is asked what is written already.
        simulation.RunEpoch(IsReplaying ? CancellationToken.None : stop);
        BeforeCheckpoint();
        var wasWritten = IsReplaying;
        epochs++;
        transcript = simulation.Transcript;
        CheckOrigin();
        if (history is null) return;
        if (wasWritten) history.Skip(batches[turn]);
        else history.Write(batches[turn], new Checkpoint(epochs, transcript).ToString());
        turn = 1 - turn;
        if (wasWritten && !IsReplaying && transcript != checkpoint!.Transcript)
            throw new RunFolderException(
                "The run can't go on: replayed, it does something else than what is written. "
                + "It was made by another version, or somebody changed its folder.");
    }

    private Tally Count()
    {
        var tally = simulation.Count();
        // Whatever was asked for an epoch that was given up is not part of it.
        if (TokensUsed is { } used) tally.Use(used(simulation.IsOver ? DateTimeOffset.MaxValue : simulation.Reached));
        return tally;
    }

    private TokenUsage PaidBy(in RowBatch.RunRow run) =>
        TokensPaid?.Invoke(Population.NameOf(run.Session), run.Sitting) ?? run.Origin.Tokens;

    private Threshold? FailedThreshold()
    {
        if (!scenario.Thresholds.Any(threshold => threshold.AbortOnFail)) return null;
        var values = new MetricValues(Count());
        return scenario.Thresholds.FirstOrDefault(
            threshold => threshold.AbortOnFail && threshold.Holds(values) is false);
    }

    private SimulationEnd Stop(RunFolderStatus status, string? detail)
    {
        history?.Finish(
            simulation.Shards.SelectMany(shard => shard.Memory.All).OrderBy(one => one.Session),
            simulation.Shards[0].Memory.Channels);
        return End(status, detail);
    }

    private SimulationEnd StopUnchanged() => End(
        RunFolderStatus.Stopped,
        $"It was stopped at {Text(simulation.Reached)}, while it replayed what is written; nothing was changed.")
        with { IsUnchanged = true };

    private SimulationEnd End(RunFolderStatus status, string? detail)
    {
        var tally = Count();
        return new SimulationEnd(
            status, detail, Summarizing.Summarize(scenario, simulation.Pool, tally), simulation.Reached,
            simulation.Transcript, tally.Sittings, tally.Actions, tally.Arrivals)
        {
            Epochs = [.. simulation.Marks],
        };
    }

    /// <summary>A branch lives its origin again, until their rules part.</summary>
    private void CheckOrigin()
    {
        if (Origin is null) return;
        foreach (var mark in simulation.Marks)
            if (Origin.GetValueOrDefault(mark.Until, mark.Transcript) != mark.Transcript)
                throw new RunFolderException(
                $"Lived again until {Text(mark.Until)}, the run that is branched off does something else than it did. "
                + "It was made by another version, or somebody changed its folder.");
    }

    /// <summary>Hands on to whichever batch is filled now.</summary>
    private sealed class Turning(Func<RowBatch> now) : IWitness
    {
        public void Saw(in Happening happening) => now().Saw(happening);
    }

    /// <summary>How far a history is written.</summary>
    private sealed record Checkpoint(long Epochs, string Transcript)
    {
        /// <exception cref="RunFolderException">It is no checkpoint.</exception>
        public static Checkpoint? Read(string? text) => text is null ? null
            : text.Split(' ') is [var count, { Length: 2 * SHA256.HashSizeInBytes } transcript]
                && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) && epochs > 0
            ? new Checkpoint(epochs, transcript)
            : throw new RunFolderException("The run can't go on: the mark of how far its history is written is "
                + "damaged. Begin it anew, in another folder.");

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epochs} {Transcript}");
    }
}
