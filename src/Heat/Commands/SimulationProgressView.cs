using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HeatUp.Simulation;

namespace Heat.Commands;

/// <summary>
/// How far a simulation is: one line that changes, on a terminal; elsewhere a line of JSON now and then, on the stream
/// of complaints, so that the answer stays clean. It goes on telling what a language model was asked while an epoch
/// waits for it. Thread-safe.
/// </summary>
internal sealed class SimulationProgressView : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Func<LlmReading?> readModel;
    private readonly long startedAt;
    private readonly IDisposable line;
    private SimulationProgress? first;
    private SimulationProgress? latest;

    public SimulationProgressView(Terminal terminal, TimeProvider clock, Func<LlmReading?> readModel)
    {
        (this.clock, this.readModel) = (clock, readModel);
        startedAt = clock.GetTimestamp();
        line = ProgressLine.Begin(terminal, clock, Text, Json);
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
    public void Dispose() => line.Dispose();

    private string Text()
    {
        lock (gate) return $"{Population()}{Model()}".Trim();
    }

    private string Population() => latest is null ? "beginning …" : string.Create(CultureInfo.InvariantCulture,
        $"{latest.Reached.UtcDateTime:yyyy-MM-dd HH:mm}  {latest.Done,4:P0}  {latest.Sittings:N0} sittings  "
        + $"{Speed:N0} actions/s  {Left}{(latest.IsReplaying ? "  (lived before)" : "")}");

    private string Model() => readModel() is not { } model ? "" : string.Create(CultureInfo.InvariantCulture,
        $"  {model.Calls:N0} calls, {model.InFlight:N0} under way, {model.Spent:N0} tokens")
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
        if (latest is not null) WritePopulation(json, latest);
        if (readModel() is { } model) WriteModel(json, model);
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
        json.WriteNumber("actions_per_second", Math.Round(Speed));
        if (double.IsFinite(SecondsLeft)) json.WriteNumber("seconds_left", Math.Round(SecondsLeft));
        else json.WriteNull("seconds_left");
        json.WriteBoolean("replaying", progress.IsReplaying);
    }

    private static void WriteModel(Utf8JsonWriter json, LlmReading model)
    {
        json.WriteNumber("calls", model.Calls);
        json.WriteNumber("in_flight", model.InFlight);
        json.WriteNumber("tokens", model.Spent);
    }

    private double Elapsed => clock.GetElapsedTime(startedAt).TotalSeconds;

    private double Speed => (latest!.Actions - first!.Actions) / Elapsed;

    private double SecondsLeft => latest!.Done > first!.Done
        ? Elapsed * (1 - latest.Done) / (latest.Done - first.Done)
        : double.NaN;

    private string Left => SecondsLeft switch
    {
        var seconds when !double.IsFinite(seconds) => "",
        < 90 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:N0} s left"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N0} min left"),
    };
}
