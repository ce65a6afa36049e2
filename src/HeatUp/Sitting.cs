using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp;

/// <summary>A sitting that has begun: its run, live. Thread-safe.</summary>
[SuppressMessage("Reliability", "CA1001", Justification =
    "A source of cancellation without a timer or a handle holds nothing, and may be cancelled after the end.")]
public sealed class Sitting
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Left = 2;

    private readonly Lock gate = new();
    private readonly List<Step> steps;
    private readonly TaskCompletionSource<RunEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private RunEvent.StepStarted? current;
    private TaskCompletionSource? changed;
    private RunEnd? end;
    private DateTimeOffset? endedAt;
    private readonly Claim claim;
    private Recollection? past;
    private DateTimeOffset last;
    private bool cancelled;
    private bool interrupted;
    private int state;

    internal Sitting(RunRecord run, Hold hold, Recollection past, Claim claim)
    {
        (this.past, this.claim, Hold) = (past, claim, hold);
        Run = run.Steps.Count == 0 ? run : run with { Steps = [] };
        steps = new List<Step>(run.Plan.Actions.Count);
        steps.AddRange(run.Steps);
        var soFar = steps.Count > 0 ? steps[^1].EndedAt : run.StartedAt;
        last = past.LastActivity > soFar ? past.LastActivity.Value : soFar;
    }

    /// <summary>The run's name.</summary>
    public RunId Id => Run.Id;

    /// <summary>The session.</summary>
    public SessionId Session => Run.Session;

    /// <summary>What is to be done.</summary>
    public Plan Plan => Run.Plan;

    /// <summary>The sitting's number within its session; the first is 1.</summary>
    public int Number => Run.Sitting;

    /// <summary>Ends with the sitting.</summary>
    public Task<RunEnd> Completion => ended.Task;

    internal RunRecord Run { get; }

    /// <summary>The right to write to the run.</summary>
    internal Hold Hold { get; }

    /// <summary>The request that began it, for traces.</summary>
    internal ActivityContext? RequestedBy { get; set; }

    /// <summary>Its span, and that of the step that goes on; null while nobody listens.</summary>
    internal Activity? Span { get; set; }

    /// <inheritdoc cref="Span"/>
    internal Activity? StepSpan { get; set; }

    internal CancellationToken Stopping => stopping.Token;

    /// <summary>
    /// Whether it is to go on after a restart. Who cancels has the last word, before the interruption or after it.
    /// </summary>
    internal bool IsInterrupted => Volatile.Read(ref interrupted) && !Volatile.Read(ref cancelled);

    internal int StepCount { get { lock (gate) return steps.Count; } }

    /// <summary>Ends the sitting at the next step's edge. What was done stays remembered.</summary>
    public void Cancel()
    {
        Volatile.Write(ref cancelled, true);
        stopping.Cancel();
    }

    /// <summary>The run as it stands.</summary>
    public RunRecord Snapshot()
    {
        lock (gate) return Run with { Steps = [.. steps], End = end, EndedAt = endedAt };
    }

    /// <summary>
    /// The run's events from after a step on, those that were first: ended steps, the step that is going on, and the
    /// end. Completes with the sitting.
    /// </summary>
    /// <param name="afterStep">The number of the last step that the caller knows; 0 for none.</param>
    /// <param name="cancellation">Stops watching; the sitting goes on.</param>
    public async IAsyncEnumerable<RunEvent> WatchAsync(
        int afterStep, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var started = 0;
        while (true)
        {
            Step? step = null;
            RunEvent.StepStarted? running;
            RunEnd? last;
            Task news;
            lock (gate)
            {
                if (afterStep < steps.Count) step = steps[afterStep];
                running = current;
                last = end;
                news = (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (step is not null)
            {
                afterStep = step.Number;
                yield return new RunEvent.StepEnded(step);
            }
            else if (last is not null)
            {
                yield return new RunEvent.RunEnded(last);
                yield break;
            }
            else if (running is not null && running.Number > Math.Max(started, afterStep))
            {
                started = running.Number;
                yield return running;
            }
            else
            {
                await news.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>
    /// Whether the caller is to run the sitting. False if a stop came first: then it has ended.
    /// </summary>
    /// <param name="recalled">What the plan was made from. Handed out once, so that ten thousand sittings don't keep
    /// ten thousand pasts.</param>
    /// <exception cref="InvalidOperationException">It runs already, or has run.</exception>
    internal bool TryRun([NotNullWhen(true)] out Recollection? recalled)
    {
        recalled = past;
        var before = Interlocked.CompareExchange(ref state, Running, Waiting);
        if (before == Running) throw new InvalidOperationException($"Sitting {Id} runs already.");
        past = null;
        return before == Waiting;
    }

    /// <summary>
    /// This time, or the newest that the session has seen if it is later: the clock may have been set back.
    /// </summary>
    internal DateTimeOffset NotBeforeLast(DateTimeOffset time) => last = time > last ? time : last;

    /// <summary>True for the one who ends it without having run it, because nobody runs it and nobody will.</summary>
    internal bool TryLeave() => Interlocked.CompareExchange(ref state, Left, Waiting) == Waiting;

    /// <summary>Ends the sitting at the next step's edge; its run stays open for the next process.</summary>
    internal void Interrupt()
    {
        Volatile.Write(ref interrupted, true);
        stopping.Cancel();
    }

    internal void Started(RunEvent.StepStarted step)
    {
        var at = NotBeforeLast(step.At);
        lock (gate)
        {
            current = at == step.At ? step : step with { At = at };
            Changed();
        }
    }

    /// <summary>The step that has just ended, in times that don't run backwards.</summary>
    internal Step InOrder(Step step)
    {
        var (startedAt, endedAt) = (current!.At, NotBeforeLast(step.EndedAt));
        return step.StartedAt == startedAt && step.EndedAt == endedAt
            ? step
            : step with { StartedAt = startedAt, EndedAt = endedAt };
    }

    internal void Ended(Step step)
    {
        lock (gate)
        {
            steps.Add(step);
            Changed();
        }
    }

    /// <summary>It is over: the session is free again, then those who watch hear of it.</summary>
    internal void Ended(RunEnd runEnd, DateTimeOffset? at)
    {
        claim.Release();
        lock (gate)
        {
            (end, endedAt) = (runEnd, at);
            Changed();
        }
        ended.TrySetResult(runEnd);
    }

    /// <summary>Tells those who watch. Within the lock: they go on elsewhere.</summary>
    private void Changed()
    {
        changed?.SetResult();
        changed = null;
    }
}
