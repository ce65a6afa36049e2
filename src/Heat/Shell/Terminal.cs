using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Heat.Shell;

/// <summary>Where commands write: answers to one stream, complaints and progress to the other.</summary>
internal sealed class Terminal
{
    /// <summary>
    /// How wide an answer is that nobody looks at: tables in files and pipes keep their columns.
    /// </summary>
    private const int WidthOfFiles = 160;

    /// <summary>How wide a complaint is that nobody looks at: one line, so that it can be searched for.</summary>
    private const int WidthOfLogs = 10_000;

    // The consoles ask the terminal what it can do, which takes time that a service without tables need not spend.
    private readonly Lazy<IAnsiConsole> output;
    private readonly Lazy<IAnsiConsole> error;

    private Terminal(
        TextWriter outWriter, TextWriter errorWriter, Func<TextWriter, IAnsiConsole> output,
        Func<TextWriter, IAnsiConsole> error)
    {
        (OutWriter, ErrorWriter) = (outWriter, errorWriter);
        this.output = new(() => output(outWriter));
        this.error = new(() => error(errorWriter));
    }

    /// <summary>Answers: tables for people.</summary>
    public IAnsiConsole Out => output.Value;

    /// <summary>Complaints, warnings and progress.</summary>
    public IAnsiConsole Error => error.Value;

    /// <summary>Answers as they are, never wrapped: for programs.</summary>
    public TextWriter OutWriter { get; }

    /// <summary>Complaints as they are.</summary>
    public TextWriter ErrorWriter { get; }

    /// <summary>Whether somebody is there who can be asked.</summary>
    public bool CanAsk => !Console.IsInputRedirected && Error.Profile.Capabilities.Interactive;

    public static Terminal OfProcess() => new(
        StandardStream.Output(), StandardStream.Error(),
        writer => On(writer, Console.IsOutputRedirected ? WidthOfFiles : null),
        writer => On(writer, Console.IsErrorRedirected ? WidthOfLogs : null));

    /// <summary>One that writes elsewhere: as wide as a terminal, where somebody looks, or to files.</summary>
    public static Terminal Of(TextWriter output, TextWriter error, int? columns) => columns is null
        ? new(output, error, writer => On(writer, WidthOfFiles), writer => On(writer, WidthOfLogs))
        : new(output, error, writer => On(writer, columns, isLive: true), writer => On(writer, columns, isLive: true));

    /// <summary>Says in one line what went wrong.</summary>
    public void Complain(string message) => Error.MarkupLineInterpolated($"[red]error:[/] {message}");

    /// <summary>Says in one line what a person should know.</summary>
    public void Warn(string message) => Error.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    /// <summary>Answers a program: one document of JSON.</summary>
    public void WriteJson<T>(T answer, JsonTypeInfo<T> json) =>
        OutWriter.WriteLine(JsonSerializer.Serialize(answer, json));

    /// <summary>The same, of an answer whose parts are still to come.</summary>
    public async Task WriteJsonAsync<T>(T answer, JsonTypeInfo<T> json, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await JsonSerializer.SerializeAsync(bytes, answer, json, cancellation);
        OutWriter.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    /// <summary>Shows that something takes its time, to whoever looks.</summary>
    public Task<T> WhileAsync<T>(string doing, Func<Task<T>> task) => Error.Profile.Capabilities.Interactive
        ? Error.Status().StartAsync(doing, _ => task())
        : task();

    private static IAnsiConsole On(TextWriter writer, int? width, bool isLive = false)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            // Spectre takes any writer but the console's own for a terminal.
            Ansi = isLive || width is null ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.Detect,
        });
        if (width is { } columns) console.Profile.Width = columns;
        return console;
    }
}
