namespace Heat.Shell;

/// <summary>
/// How far something is, until it is disposed of: on a terminal a line that changes and goes at the end, elsewhere a
/// line of its own now and then; on the stream of complaints, so that the answer stays clean. Thread-safe.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    /// <summary>How often the line on a terminal changes, usually.</summary>
    public static readonly TimeSpan EveryOnTerminal = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a line is written elsewhere.</summary>
    public static readonly TimeSpan EveryElsewhere = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Terminal terminal;
    private readonly ITimer ticks;
    private int width;
    private bool isOver;

    /// <summary>Begins to tell.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="clock">When.</param>
    /// <param name="live">What a terminal shows.</param>
    /// <param name="plain">What is written elsewhere; null for nothing.</param>
    /// <param name="everyOnTerminal">How often a terminal's line changes; null for the usual.</param>
    public ProgressLine(
        Terminal terminal, TimeProvider clock, Func<string> live, Func<string>? plain = null,
        TimeSpan? everyOnTerminal = null)
    {
        this.terminal = terminal;
        IsLive = terminal.Error.Profile.Capabilities.Interactive;
        var every = !terminal.ShowsProgress ? Timeout.InfiniteTimeSpan
            : IsLive ? everyOnTerminal ?? EveryOnTerminal
            : plain is null ? Timeout.InfiniteTimeSpan
            : EveryElsewhere;
        ticks = clock.CreateTimer(_ => Tell(live, plain), null, every, every);
    }

    /// <summary>Whether it is a line that changes.</summary>
    public bool IsLive { get; }

    /// <summary>Leaves the line that changes empty.</summary>
    public void Dispose()
    {
        ticks.Dispose();
        lock (gate)
        {
            if (width > 0 && !isOver) terminal.ErrorWriter.Write($"\r{new string(' ', width)}\r");
            isOver = true;
        }
    }

    private void Tell(Func<string> live, Func<string>? plain)
    {
        lock (gate)
        {
            if (isOver) return;
            if (IsLive) Show(live());
            else terminal.ErrorWriter.WriteLine(plain!());
        }
    }

    private void Show(string now)
    {
        var columns = Math.Max(1, terminal.Error.Profile.Width - 1);
        if (now.Length > columns) now = $"{now[..(columns - 1)]}…";
        terminal.ErrorWriter.Write($"\r{now.PadRight(width)}");
        width = Math.Max(width, now.Length);
    }
}
