using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Tests.Loopback;

/// <summary>A command on a terminal of its own, with somebody at it who reads and types.</summary>
internal sealed partial class HeatTerminal : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder shown = new();
    private int read;

    private HeatTerminal(Process process) => this.process = process;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All that has shown, without colours and the like.</summary>
    public string Shown => Escapes().Replace(shown.ToString(), "");

    /// <summary>How a command is started on a terminal, which comes from <c>script</c>.</summary>
    public static ProcessStartInfo StartInfo(ProcessStartInfo heat)
    {
        var command = string.Join(' ', heat.ArgumentList.Prepend(heat.FileName).Select(part => $"'{part}'"));
        heat.FileName = "script";
        heat.ArgumentList.Clear();
        foreach (var argument in (string[])["-qec", $"stty cols 200; exec {command}", "/dev/null"])
            heat.ArgumentList.Add(argument);
        foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "NO_COLOR"])
            heat.Environment.Remove(name);
        (heat.Environment["TERM"], heat.Environment["SHELL"]) = ("xterm-256color", "/bin/sh");
        return heat;
    }

    public static HeatTerminal Start(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <summary>Waits for a text that wasn't seen before, and types a line.</summary>
    public async Task AnswerAsync(string question, string line)
    {
        await UntilAsync(question);
        await process.StandardInput.WriteAsync($"{line}\r".AsMemory(), Cancellation);
        await process.StandardInput.FlushAsync(Cancellation);
    }

    /// <summary>Waits for a text that wasn't seen before.</summary>
    public async Task UntilAsync(string text)
    {
        while (true)
        {
            var now = Shown;
            if (now.IndexOf(text, Math.Min(read, now.Length), StringComparison.Ordinal) is >= 0 and var at)
            {
                read = at + text.Length;
                return;
            }
            (await MoreAsync()).ShouldBeTrue($"'{text}' did not show: {Shown}");
        }
    }

    /// <summary>Waits for its end; answers its exit code and all that has shown.</summary>
    public async Task<(int Code, string Shown)> EndedAsync()
    {
        while (await MoreAsync())
        {
            // To the end.
        }
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, Shown);
    }

    /// <summary>kill -9 of the command alone: without its terminal it would be told, and end in good order.</summary>
    public async Task KillAsync()
    {
        var children = await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children", Cancellation);
        using var command = Process.GetProcessById(int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture));
        command.Kill();
        await EndedAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private async Task<bool> MoreAsync()
    {
        var part = new char[4096];
        var count = await process.StandardOutput.ReadAsync(part.AsMemory(), Cancellation);
        shown.Append(part, 0, count);
        return count > 0;
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")]
    private static partial Regex Escapes();
}
