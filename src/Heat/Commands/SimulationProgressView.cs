using System.Globalization;
using HeatUp.Simulation;
using Spectre.Console;

namespace Heat.Commands;

/// <summary>
/// How far a simulation is: one line that changes, on a terminal; elsewhere a line of JSON now and then, on the stream
/// of complaints, so that the answer stays clean.
/// </summary>
internal sealed class SimulationProgressView : IDisposable
{
    private static readonly TimeSpan EveryOnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EveryElsewhere = TimeSpan.FromSeconds(5);

    private readonly Terminal terminal;
    private readonly TimeProvider clock;
    private readonly bool isLive;
    private readonly long startedAt;
    private long shownAt;
    private SimulationProgress? first;
    private int width;

    public SimulationProgressView(Terminal terminal, TimeProvider clock)
    {
        (this.terminal, this.clock) = (terminal, clock);
        isLive = terminal.Error.Profile.Capabilities.Interactive;
        startedAt = shownAt = clock.GetTimestamp();
    }

    public void Show(SimulationProgress progress)
    {
        first ??= progress;
        if (clock.GetElapsedTime(shownAt) < (isLive ? EveryOnTerminal : EveryElsewhere)) return;
        shownAt = clock.GetTimestamp();
        var took = clock.GetElapsedTime(startedAt).TotalSeconds;
        var speed = (progress.Actions - first.Actions) / took;
        var left = progress.Done > first.Done
            ? took * (1 - progress.Done) / (progress.Done - first.Done)
            : double.NaN;
        if (isLive) ShowLine(progress, speed, left);
        else WriteLine(progress, speed, left);
    }

    /// <summary>Leaves the line empty.</summary>
    public void Dispose()
    {
        if (width > 0) terminal.ErrorWriter.Write($"\r{new string(' ', width)}\r");
        width = 0;
    }

    private void ShowLine(SimulationProgress progress, double speed, double left)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{progress.Reached.UtcDateTime:yyyy-MM-dd HH:mm}  {progress.Done,4:P0}  {progress.Sittings:N0} sittings  "
            + $"{speed:N0} actions/s  {Left(left)}{(progress.IsReplaying ? "  (lived before)" : "")}");
        terminal.ErrorWriter.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }

    private void WriteLine(SimulationProgress progress, double speed, double left) =>
        terminal.ErrorWriter.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"reached\":\"{progress.Reached.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"done\":{progress.Done:0.###},"
            + $"\"sittings\":{progress.Sittings},\"actions\":{progress.Actions},\"actions_per_second\":{speed:0},"
            + $"\"seconds_left\":{(double.IsFinite(left) ? left.ToString("0", CultureInfo.InvariantCulture) : "null")},"
            + $"\"replaying\":{(progress.IsReplaying ? "true" : "false")}}}"));

    private static string Left(double seconds) => !double.IsFinite(seconds) ? ""
        : seconds < 90 ? $"{seconds:N0} s left"
        : $"{seconds / 60:N0} min left";
}
