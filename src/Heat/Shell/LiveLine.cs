namespace Heat.Shell;

/// <summary>A line on the terminal that says something else now and then, and goes at the end. Thread-safe.</summary>
internal sealed class LiveLine : IDisposable
{
    private readonly Lock gate = new();
    private readonly Terminal terminal;
    private readonly Func<string> text;
    private readonly ITimer ticks;
    private int width;
    private bool isOver;

    public LiveLine(Terminal terminal, TimeProvider clock, TimeSpan every, Func<string> text)
    {
        (this.terminal, this.text) = (terminal, text);
        ticks = clock.CreateTimer(_ => Show(), null, every, every);
    }

    /// <summary>Leaves the line empty.</summary>
    public void Dispose()
    {
        ticks.Dispose();
        lock (gate)
        {
            if (width > 0 && !isOver) terminal.ErrorWriter.Write($"\r{new string(' ', width)}\r");
            isOver = true;
        }
    }

    private void Show()
    {
        lock (gate)
        {
            if (isOver) return;
            var now = text();
            var columns = Math.Max(1, terminal.Error.Profile.Width - 1);
            if (now.Length > columns) now = $"{now[..(columns - 1)]}…";
            terminal.ErrorWriter.Write($"\r{now.PadRight(width)}");
            width = Math.Max(width, now.Length);
        }
    }
}
