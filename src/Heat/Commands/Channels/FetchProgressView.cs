using System.Globalization;
using Heat.Shell;
using HeatUp.Channels.Sources;

namespace Heat.Commands.Channels;

/// <summary>
/// How far a fetch is: a line that changes, on a terminal; elsewhere a line for each wait, which may take a minute.
/// Thread-safe.
/// </summary>
internal sealed class FetchProgressView : IDisposable
{
    private readonly Terminal terminal;
    private readonly TimeProvider clock;
    private readonly ProgressLine line;
    private TgstatProgress? latest;
    private long since;

    public FetchProgressView(Terminal terminal, TimeProvider clock)
    {
        (this.terminal, this.clock) = (terminal, clock);
        line = new ProgressLine(terminal, clock, Text);
    }

    public void Take(TgstatProgress progress)
    {
        Volatile.Write(ref since, clock.GetTimestamp());
        Volatile.Write(ref latest, progress);
        if (!line.IsLive && progress.Wait is { } wait)
            terminal.ErrorWriter.WriteLine(Waiting(progress, wait));
    }

    public void Dispose() => line.Dispose();

    private string Text()
    {
        if (Volatile.Read(ref latest) is not { } progress) return "";
        var left = progress.Wait - clock.GetElapsedTime(Volatile.Read(ref since));
        if (left > TimeSpan.Zero) return Waiting(progress, left.Value);
        return progress.Count == 0 ? "asking TGStat what is left …" : $"{Place(progress)} …";
    }

    private static string Waiting(TgstatProgress progress, TimeSpan wait) => string.Create(CultureInfo.InvariantCulture,
        $"{Place(progress)}: waiting {Math.Ceiling(wait.TotalSeconds):0} s. {progress.Why}");

    private static string Place(TgstatProgress progress) =>
        progress.Count == 0 ? progress.Title : $"{progress.Number}/{progress.Count} {progress.Title}";
}
