using System.Globalization;
using Heat.Shell;

namespace Heat.Commands.Channels;

/// <summary>How far an import is, on a terminal, if it takes more than a second. Thread-safe.</summary>
internal sealed class ImportProgressView : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ProgressLine line;
    private readonly long? length;
    private long read;

    /// <param name="terminal">Where it is shown.</param>
    /// <param name="clock">How often.</param>
    /// <param name="length">The bytes there are to read; null if nobody knows.</param>
    public ImportProgressView(Terminal terminal, TimeProvider clock, long? length)
    {
        this.length = length;
        line = new ProgressLine(terminal, clock, Text, everyOnTerminal: Every);
    }

    public void Take(long bytes) => Volatile.Write(ref read, bytes);

    public void Dispose() => line.Dispose();

    private string Text()
    {
        var bytes = Volatile.Read(ref read);
        if (length is not > 0) return string.Create(CultureInfo.InvariantCulture, $"importing … {bytes / 1e6:N1} MB");
        var share = Math.Min(1, bytes / (double)length);
        var bar = new string('━', (int)(share * BarWidth)).PadRight(BarWidth, '─');
        return string.Create(CultureInfo.InvariantCulture, $"importing {bar} {share,4:P0}  {bytes / 1e6:N1} MB");
    }
}
