using Spectre.Console;

namespace Heat.Commands;

/// <summary>Where commands write: answers to one stream, complaints and progress to the other.</summary>
/// <param name="Out">Answers: tables for people, JSON for programs.</param>
/// <param name="Error">Complaints, warnings and progress.</param>
internal sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error)
{
    /// <summary>How wide an answer is that nobody looks at: tables in files and pipes keep their columns.</summary>
    private const int WidthOfFiles = 160;

    public static Terminal OfProcess() => new(On(Console.Out, Console.IsOutputRedirected), On(Console.Error, Console.IsErrorRedirected));

    /// <summary>Says in one line what went wrong.</summary>
    public void Complain(string message) => Error.MarkupLineInterpolated($"[red]error:[/] {message}");

    /// <summary>Says in one line what a person should know.</summary>
    public void Warn(string message) => Error.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    /// <summary>Writes a line as it is, never wrapped: for programs.</summary>
    public void WriteRaw(string line) => Out.Profile.Out.Writer.WriteLine(line);

    /// <summary>Shows that something takes its time, to whoever looks.</summary>
    public Task<T> WhileAsync<T>(string doing, Func<Task<T>> task) => Error.Profile.Capabilities.Interactive
        ? Error.Status().StartAsync(doing, _ => task())
        : task();

    private static IAnsiConsole On(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
