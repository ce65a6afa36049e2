namespace Heat.Shell;

/// <summary>
/// How far something is: on a terminal a line that changes, elsewhere a line of its own now and then, on the stream of
/// complaints, so that the answer stays clean.
/// </summary>
internal static class ProgressLine
{
    /// <summary>How often the line on a terminal changes.</summary>
    public static readonly TimeSpan EveryOnTerminal = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a line is written elsewhere.</summary>
    public static readonly TimeSpan EveryElsewhere = TimeSpan.FromSeconds(5);

    /// <summary>Tells until it is disposed of.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="clock">When.</param>
    /// <param name="live">What a terminal shows.</param>
    /// <param name="plain">What is written elsewhere.</param>
    public static IDisposable Begin(Terminal terminal, TimeProvider clock, Func<string> live, Func<string> plain) =>
        terminal.Error.Profile.Capabilities.Interactive
            ? new LiveLine(terminal, clock, EveryOnTerminal, live)
            : new PlainLines(terminal, clock, EveryElsewhere, plain);
}

/// <summary>A line of its own now and then, where nothing can be written over. Thread-safe.</summary>
internal sealed class PlainLines : IDisposable
{
    private readonly Lock gate = new();
    private readonly ITimer ticks;
    private bool isOver;

    public PlainLines(Terminal terminal, TimeProvider clock, TimeSpan every, Func<string> text) =>
        ticks = clock.CreateTimer(
            _ =>
            {
                lock (gate)
                {
                    if (!isOver) terminal.ErrorWriter.WriteLine(text());
                }
            },
            null, every, every);

    public void Dispose()
    {
        ticks.Dispose();
        lock (gate) isOver = true;
    }
}
