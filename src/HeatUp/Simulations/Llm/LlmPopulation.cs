using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Simulations;

/// <summary>
/// Plans for a simulated population with a language model. Every exchange is recorded in the run's folder, and what is
/// recorded is not asked again: a run that was stopped goes on without paying twice, and a replay needs no server. The
/// plans depend on the requests and the recording alone, never on the real time. Thread-safe.
/// </summary>
public sealed class LlmPopulation : IPlanner, IDisposable
{
    // As many as are called, and for each eight of them one more that is ready when a call ends.
    private const int CallsPerSpare = 8;

    private readonly RecordingFile file;
    private readonly LlmCalls? calls;
    private readonly Recording recording;
    private readonly LlmPlanner planner;
    private readonly PlanQueue queue;
    private readonly TokenPrices? prices;

    private LlmPopulation(RecordingFile file, LlmCalls? calls, LlmRunOptions run, TimeProvider clock)
    {
        (this.file, this.calls, prices) = (file, calls, run.Prices);
        PlansAtOnce = run.Concurrency + run.Concurrency / CallsPerSpare + 1;
        queue = new PlanQueue(PlansAtOnce);
        recording = new Recording(file, calls, run.MaxTokens);
        // A plan may wait for its turn as long as it takes: each call has its own bound. Likewise the run's tokens.
        planner = new LlmPlanner(
            recording, Timeout.InfiniteTimeSpan, new BuiltinPlanner(run.Seed), new TokenBudget(null, 0, clock),
            run.Seed, clock, NullLogger<LlmPlanner>.Instance);
    }

    /// <inheritdoc/>
    public int PlansAtOnce { get; }

    /// <summary>The model's name, of a replay that of the recording.</summary>
    public string Model => file.Model;

    /// <summary>
    /// Whether a plan was refused its call because the run's tokens are spent: then the run ends at its epoch's edge.
    /// A replay meets it where the recording did.
    /// </summary>
    public bool IsSpent => recording.IsSpent;

    /// <summary>What it came to so far.</summary>
    public LlmReading Reading
    {
        get
        {
            var totals = file.Totals;
            return new LlmReading(
                totals.Calls, totals.Failures, calls?.InFlight ?? 0, recording.Replayed, totals.Refusals, totals.Tokens,
                totals.Spent, prices?.CostOf(totals.Tokens), prices?.Currency);
        }
    }

    /// <summary>Asks a server, and records; goes on with the recording that the folder has.</summary>
    /// <param name="model">Which model, and how long it is waited for. The time of a plan bounds each exchange, its
    /// repetitions included, from the moment on at which it may call.</param>
    /// <param name="runFolder">The run's folder; the recording is a file in it.</param>
    /// <param name="run">How the run uses it.</param>
    /// <param name="clock">The real time: for the bounds of calls only.</param>
    /// <exception cref="RecordingException">The recording can't be opened, or is another model's.</exception>
    public static LlmPopulation Record(LlmOptions model, string runFolder, LlmRunOptions run, TimeProvider clock) =>
        Record(new LlmServer(model, clock), model.Model, model.PlanTimeout, runFolder, run, clock);

    /// <summary>Plans from a recording alone.</summary>
    /// <param name="runFolder">The folder of the run that was recorded; nothing in it is changed.</param>
    /// <param name="run">As for the recording.</param>
    /// <param name="clock">The real time.</param>
    /// <exception cref="RecordingException">There is no recording that can be read.</exception>
    public static LlmPopulation Replay(string runFolder, LlmRunOptions run, TimeProvider clock) =>
        new(RecordingFile.OpenToReplay(runFolder), null, run, clock);

    /// <inheritdoc/>
    /// <exception cref="RecordingException">
    /// A replay meets a plan that isn't recorded, or the recording can't be read or written: the run can't go on.
    /// </exception>
    public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        await queue.EnterAsync(request.Now, cancellation);
        try
        {
            var asker = new RecordingAsker(request.Past.Session, request.Past.NextSitting, request.Now);
            return await planner.PlanAsync(request, recording.For(asker), cancellation);
        }
        catch (RecordingException failure)
        {
            var past = request.Past;
            throw new RecordingException(
                $"The plan of session {past.Session}'s sitting {past.NextSitting} at {request.Now.UtcDateTime:u}: "
                + failure.Message,
                failure);
        }
        finally
        {
            queue.Leave();
        }
    }

    /// <summary>
    /// The tokens of the exchanges that plans needed before a virtual time, each exchange once: several sittings may
    /// share one. Unlike <see cref="Reading"/>, without what the recording holds beyond them.
    /// </summary>
    public TokenUsage TokensUsed(DateTimeOffset before) => file.Used(before);

    /// <summary>
    /// The tokens that a session's sitting, by its number, pays for: those of the exchanges that no sitting needed
    /// before it.
    /// </summary>
    public TokenUsage TokensPaid(SessionId session, int sitting) => file.Paid(session, sitting);

    /// <summary>Puts all that was recorded onto the disk; what a loss of power may cost is what came after.</summary>
    /// <exception cref="RecordingException">It can't be written.</exception>
    public void Flush()
    {
        if (calls is not null) file.Flush();
    }

    /// <summary>Ends the calls that are under way, puts what was recorded onto the disk and closes it.</summary>
    /// <exception cref="RecordingException">It can't be written.</exception>
    public void Dispose() => planner.Dispose();

    /// <summary>The same with whoever answers in a model's name.</summary>
    internal static LlmPopulation Record(
        ILlmExchange server, string model, TimeSpan timeout, string runFolder, LlmRunOptions run, TimeProvider clock)
    {
        RecordingFile file;
        try
        {
            file = RecordingFile.OpenToRecord(runFolder, model);
        }
        catch
        {
            server.Dispose();
            throw;
        }
        var gate = new CallGate(run.Concurrency, run.MaxTokens, file.Totals.Spent);
        return new(file, new LlmCalls(server, gate, timeout, run.MaxTokens, clock), run, clock);
    }
}
