using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Heat.Shell;
using HeatUp.Simulations;

namespace Heat.Commands.Simulations;

/// <summary>
/// How far a simulation is: one line that changes, on a terminal; elsewhere a line of JSON now and then, on the stream
/// of complaints, so that the answer stays clean. It goes on telling what a language model was asked while an epoch
/// waits for it, and what is still done when the population's time is over or somebody has stopped it. Thread-safe.
/// </summary>
internal sealed class SimulationProgressView : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Func<LlmReading?> readModel;
    private readonly CancellationToken stop;
    private readonly string? turn;
    private readonly ProgressLine line;
    private SimulationProgress? latest;
    private Mark from;
    private Mark to;

    public SimulationProgressView(
        Terminal terminal, TimeProvider clock, Func<LlmReading?> readModel, CancellationToken stop, string? turn = null)
    {
        (this.clock, this.readModel, this.stop, this.turn) = (clock, readModel, stop, turn);
        from = to = new Mark(0, 0, clock.GetTimestamp());
        line = new ProgressLine(terminal, clock, Text, Json);
    }

    /// <summary>Takes what is shown at the next tick.</summary>
    public void Take(SimulationProgress progress)
    {
        lock (gate)
        {
            to = new Mark(progress.Actions, progress.Done, clock.GetTimestamp());
            // What is replayed is not written, so it says nothing of how fast the rest will be.
            if (latest is { IsReplaying: true } && !progress.IsReplaying) from = to;
            latest = progress;
        }
    }

    /// <summary>Leaves the line empty.</summary>
    public void Dispose() => line.Dispose();

    private string Text()
    {
        lock (gate) return $"{Stopping}{(turn is null ? "" : $"{turn}  ")}{Population()}{Model()}".Trim();
    }

    private string Stopping => stop.IsCancellationRequested ? "stopping … (Ctrl-C again ends it at once)  " : "";

    private string Population() => latest is null ? "beginning …" : string.Create(CultureInfo.InvariantCulture,
        $"{latest.Reached.UtcDateTime:yyyy-MM-dd HH:mm}  {latest.Done,4:P0}  {Counted.Of(latest.Sittings, "sitting")}  "
        + $"{(IsLived ? "completing the folder …" : HowFast)}{(latest.IsReplaying ? "  (replaying)" : "")}");

    private string HowFast => double.IsFinite(Speed) && !stop.IsCancellationRequested
        ? string.Create(CultureInfo.InvariantCulture, $"{Counted.Of((long)Math.Round(Speed), "action")}/s  {Left}")
        : "";

    /// <summary>The indexes of a large history take a while after its last row.</summary>
    private bool IsLived => latest is { Done: >= 1 };

    private string Model() => readModel() is not { } model ? "" : string.Create(CultureInfo.InvariantCulture,
        $"  {Counted.Of(model.Calls, "call")}, {model.InFlight:N0} under way, {Counted.Of(model.Spent, "token")}")
        + (model.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $", {cost:N2} {model.Currency}") : "");

    private string Json()
    {
        lock (gate) return JsonNow();
    }

    private string JsonNow()
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        if (turn is not null) json.WriteString("run", turn);
        if (latest is not null) WritePopulation(json, latest);
        if (readModel() is { } model) WriteModel(json, model);
        json.WriteBoolean("stopping", stop.IsCancellationRequested);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void WritePopulation(Utf8JsonWriter json, SimulationProgress progress)
    {
        json.WriteString("reached", progress.Reached.UtcDateTime);
        json.WriteNumber("done", Math.Round(progress.Done, 3));
        json.WriteNumber("sittings", progress.Sittings);
        json.WriteNumber("actions", progress.Actions);
        Write("actions_per_second", Speed);
        Write("seconds_left", SecondsLeft);
        json.WriteBoolean("replaying", progress.IsReplaying);

        void Write(string name, double number)
        {
            if (double.IsFinite(number)) json.WriteNumber(name, Math.Round(number));
            else json.WriteNull(name);
        }
    }

    private static void WriteModel(Utf8JsonWriter json, LlmReading model)
    {
        json.WriteNumber("calls", model.Calls);
        json.WriteNumber("in_flight", model.InFlight);
        json.WriteNumber("tokens", model.Spent);
    }

    private double Seconds => clock.GetElapsedTime(from.At, to.At).TotalSeconds;

    /// <summary>Actions a second up to the last epoch's end; no number before the first.</summary>
    private double Speed => (to.Actions - from.Actions) / Seconds;

    private double SecondsLeft =>
        Math.Max(0, Seconds * (1 - to.Done) / (to.Done - from.Done) - clock.GetElapsedTime(to.At).TotalSeconds);

    private string Left => SecondsLeft switch
    {
        var seconds when !double.IsFinite(seconds) => "",
        < 90 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s left"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N0} min left"),
    };

    /// <summary>How far it was at a time of the clock.</summary>
    private readonly record struct Mark(long Actions, double Done, long At);
}
