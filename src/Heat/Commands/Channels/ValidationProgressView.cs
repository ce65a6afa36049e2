using Heat.Api;
using Heat.Background;
using Heat.Shell;

namespace Heat.Commands.Channels;

/// <summary>How far a check of the channels is: it may take hours on a real account. Thread-safe.</summary>
internal sealed class ValidationProgressView : IDisposable
{
    private readonly ProgressLine line;
    private ValidationAnswer? latest;

    public ValidationProgressView(Terminal terminal, TimeProvider clock) =>
        line = new ProgressLine(terminal, clock, Text, Text);

    /// <summary>Takes what is shown at the next tick.</summary>
    public void Take(ValidationAnswer answer) => Volatile.Write(ref latest, answer);

    public void Dispose() => line.Dispose();

    private string Text() => Volatile.Read(ref latest) switch
    {
        null => "looking up …",
        { WaitingUntil: { } until } answer =>
            $"{Looked(answer)}; Telegram asks to wait until {until.UtcDateTime:HH:mm:ss} UTC",
        var answer => $"{Looked(answer)} …",
    };

    private static string Looked(ValidationAnswer answer) => $"{answer.Checked} of {answer.Total} looked up";
}
