using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Heat.Shell;

/// <summary>Where commands write: answers to one stream, complaints and progress to the other.</summary>
internal sealed class Terminal
{
    /// <summary>How wide a line is that nobody looks at: it is not wrapped, so that it can be searched for.</summary>
    private const int WidthOfFiles = 10_000;

    // The consoles ask the terminal what it can do, which takes time that a service without tables need not spend.
    private readonly Lazy<IAnsiConsole> output;
    private readonly Lazy<IAnsiConsole> error;

    private Terminal(Channel answers, Channel complaints, bool isAscii)
    {
        (OutWriter, IsPiped, IsAscii) = (answers.Writer, answers.Width == WidthOfFiles, isAscii);
        TextWriter = isAscii ? new AsciiWriter(answers.Writer) : answers.Writer;
        ErrorWriter = isAscii ? new AsciiWriter(complaints.Writer) : complaints.Writer;
        output = new(() => On(answers with { Writer = TextWriter }, isAscii));
        error = new(() => On(complaints with { Writer = ErrorWriter }, isAscii));
    }

    /// <summary>Answers: tables for people.</summary>
    public IAnsiConsole Out => output.Value;

    /// <summary>Complaints, warnings and progress.</summary>
    public IAnsiConsole Error => error.Value;

    /// <summary>Answers for programs: as they are, never wrapped.</summary>
    public TextWriter OutWriter { get; }

    /// <summary>Answers for people, never wrapped.</summary>
    public TextWriter TextWriter { get; }

    /// <summary>Complaints, never wrapped.</summary>
    public TextWriter ErrorWriter { get; }

    /// <summary>Whether answers go to a file or to a program: then nothing is drawn or padded.</summary>
    public bool IsPiped { get; }

    /// <summary>Whether the locale knows no UTF-8, so that people get ASCII.</summary>
    public bool IsAscii { get; }

    /// <summary>Whether it is shown how far something is.</summary>
    public bool ShowsProgress { get; set; } = true;

    /// <summary>Whether somebody is there who can be asked.</summary>
    public bool CanAsk => !Console.IsInputRedirected && Error.Profile.Capabilities.Interactive;

    public static Terminal OfProcess() => new(
        new(StandardStream.Output(), Console.IsOutputRedirected ? WidthOfFiles : null, IsLive: false),
        new(StandardStream.Error(), Console.IsErrorRedirected ? WidthOfFiles : null, IsLive: false),
        Ascii.IsNeeded());

    /// <summary>One that writes elsewhere: as wide as a terminal, where somebody looks, or to files.</summary>
    public static Terminal Of(TextWriter output, TextWriter error, int? columns, bool isAscii = false)
    {
        var (width, isLive) = (columns ?? WidthOfFiles, columns is not null);
        return new(new(output, width, isLive), new(error, width, isLive), isAscii);
    }

    /// <summary>Answers people a line, never wrapped.</summary>
    public void WriteLine(string line) => TextWriter.WriteLine(line);

    /// <summary>A remark below an answer's rows; beside them where a program reads those.</summary>
    public void Remark(string remark) => (IsPiped ? Error : Out).MarkupLineInterpolated($"[grey]{remark}[/]");

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
    public Task<T> WhileAsync<T>(string doing, Func<Task<T>> task) =>
        ShowsProgress && Error.Profile.Capabilities.Interactive
            ? Error.Status().StartAsync(doing, _ => task())
            : task();

    private static IAnsiConsole On(Channel channel, bool isAscii)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(channel.Writer),
            // Spectre takes any writer but the console's own for a terminal.
            Ansi = channel.IsLive || channel.Width is null ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = channel.IsLive ? InteractionSupport.Yes : InteractionSupport.Detect,
        });
        if (channel.Width is { } columns) console.Profile.Width = columns;
        console.Profile.Capabilities.Unicode &= !isAscii;
        return console;
    }

    /// <summary>One of the two streams.</summary>
    /// <param name="Writer">Where it goes.</param>
    /// <param name="Width">How wide it is; null to ask the terminal.</param>
    /// <param name="IsLive">Whether somebody looks, though it isn't the console's own.</param>
    private sealed record Channel(TextWriter Writer, int? Width, bool IsLive);
}
