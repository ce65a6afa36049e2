using System.Globalization;
using HeatUp.Simulation;

namespace Heat.Commands;

/// <summary>
/// How far a simulation is: one line that changes, on a terminal; elsewhere a line of JSON now and then, on the stream
/// of complaints, so that the answer stays clean. It goes on telling what a language model was asked while an epoch
/// waits for it. Thread-safe.
/// </summary>
internal sealed class SimulationProgressView : IDisposable
{
    private static readonly TimeSpan EveryOnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EveryElsewhere = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Terminal terminal;
    private readonly TimeProvider clock;
    private readonly Func<LlmReading?> readModel;
    private readonly bool isLive;
    private readonly long startedAt;
    private readonly ITimer ticks;
    private SimulationProgress? first;
    private SimulationProgress? latest;
    private int width;
    private bool isOver;

    public SimulationProgressView(Terminal terminal, TimeProvider clock, Func<LlmReading?> readModel)
    {
        (this.terminal, this.clock, this.readModel) = (terminal, clock, readModel);
        isLive = terminal.Error.Profile.Capabilities.Interactive;
        startedAt = clock.GetTimestamp();
        var every = isLive ? EveryOnTerminal : EveryElsewhere;
        ticks = clock.CreateTimer(_ => Tell(), null, every, every);
    }

    /// <summary>Takes what is shown at the next tick.</summary>
    public void Take(SimulationProgress progress)
    {
        lock (gate)
        {
            first ??= progress;
            latest = progress;
        }
    }

    /// <summary>Leaves the line empty.</summary>
    public void Dispose()
    {
        ticks.Dispose();
        lock (gate)
        {
            isOver = true;
            if (width > 0) terminal.ErrorWriter.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }

    private void Tell()
    {
        lock (gate)
        {
            if (isOver) return;
            if (isLive) ShowLine();
            else terminal.ErrorWriter.WriteLine(Json());
        }
    }

    private void ShowLine()
    {
        var text = $"{Population()}{Model()}".Trim();
        terminal.ErrorWriter.Write($"\r{text.PadRight(width)}");
        width = Math.Max(width, text.Length);
    }

    private string Population() => latest is null ? "beginning …" : string.Create(CultureInfo.InvariantCulture,
        $"{latest.Reached.UtcDateTime:yyyy-MM-dd HH:mm}  {latest.Done,4:P0}  {latest.Sittings:N0} sittings  "
        + $"{Speed:N0} actions/s  {Left}{(latest.IsReplaying ? "  (lived before)" : "")}");

    private string Model() => readModel() is not { } model ? "" : string.Create(CultureInfo.InvariantCulture,
        $"  {model.Calls:N0} calls, {model.InFlight:N0} under way, {model.Spent:N0} tokens")
        + (model.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $", {cost:N2} {model.Currency}") : "");

    private string Json()
    {
        var parts = new List<string>();
        if (latest is not null)
        {
            var left = SecondsLeft;
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"\"reached\":\"{latest.Reached.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"done\":{latest.Done:0.###}"));
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"\"sittings\":{latest.Sittings},\"actions\":{latest.Actions},\"actions_per_second\":{Speed:0}"));
            parts.Add("\"seconds_left\":"
                + (double.IsFinite(left) ? left.ToString("0", CultureInfo.InvariantCulture) : "null"));
            parts.Add($"\"replaying\":{(latest.IsReplaying ? "true" : "false")}");
        }
        if (readModel() is { } model)
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"\"calls\":{model.Calls},\"in_flight\":{model.InFlight},\"tokens\":{model.Spent}"));
        return $"{{{string.Join(',', parts)}}}";
    }

    private double Took => clock.GetElapsedTime(startedAt).TotalSeconds;

    private double Speed => (latest!.Actions - first!.Actions) / Took;

    private double SecondsLeft => latest!.Done > first!.Done
        ? Took * (1 - latest.Done) / (latest.Done - first.Done)
        : double.NaN;

    private string Left => SecondsLeft switch
    {
        var seconds when !double.IsFinite(seconds) => "",
        < 90 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s left"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N0} min left"),
    };
}
