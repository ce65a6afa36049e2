using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using HeatUp.Tests.Support;
using HeatUp.Tests.TdLib;

namespace HeatUp.Tests.Heat;

/// <summary>
/// Heat over a scripted Telegram, in a terminal of its own: what a person would see, and what they type. The terminal
/// comes from <c>script</c>, which belongs to every Debian and Ubuntu.
/// </summary>
internal sealed partial class TerminalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder shown = new();
    private int known;

    private TerminalProcess(Process process) => this.process = process;

    /// <summary>The settings with which heat works over the native library, without a network.</summary>
    public static (string Name, string Value)[] Native => [("HEATUP_CHILD", "native"), ("TDLIB_PATH", RealTdLib.File)];

    /// <summary>All that was shown so far, without what moves the cursor.</summary>
    public string Shown => Escapes().Replace(shown.ToString(), "");

    /// <summary>Starts heat in a folder, where its settings are those of a live installation.</summary>
    public static TerminalProcess Start(
        TempFolder folder, string arguments, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux' script takes a command this way.");
        var start = Prepared(folder, "script");
        start.ArgumentList.Add("-qfec");
        start.ArgumentList.Add($"stty cols 200; exec dotnet '{Child}' heat {arguments}");
        start.ArgumentList.Add("/dev/null");
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new TerminalProcess(Process.Start(start)!);
    }

    /// <summary>The same without a terminal, to its end.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(
        TempFolder folder, string arguments, params (string Name, string Value)[] settings)
    {
        var start = Prepared(folder, "dotnet");
        start.RedirectStandardError = true;
        foreach (var argument in (string[])[Child, "heat", .. arguments.Split(' ')]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    /// <summary>Waits until this shows, after what showed before.</summary>
    public async Task SeeAsync(string text)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        giveUp.CancelAfter(Patience);
        var some = new char[1024];
        while (Shown.IndexOf(text, known, StringComparison.Ordinal) is var at)
        {
            if (at >= 0)
            {
                known = at + text.Length;
                return;
            }
            var count = await process.StandardOutput.ReadAsync(some, giveUp.Token);
            if (count == 0) Assert.Fail($"'{text}' never showed:\n{Shown}");
            shown.Append(some, 0, count);
        }
    }

    /// <summary>Types something once it is asked for, and Enter.</summary>
    public async Task AnswerAsync(string question, string typed)
    {
        await SeeAsync(question);
        await process.StandardInput.WriteAsync($"{typed}\r");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads on to the end; answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        shown.Append(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>The terminal goes away, as when its window is closed.</summary>
    public async Task CloseAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await CloseAsync();
        process.Dispose();
    }

    /// <summary>The service over the native library, without a network: listening.</summary>
    public static async Task<TerminalProcess> ServeNativeAsync(TempFolder folder, Uri url)
    {
        var start = Prepared(folder, "dotnet");
        foreach (var argument in (string[])[Child, "heat", "serve", "--urls", url.OriginalString])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Native) start.Environment[name] = value;
        var service = new TerminalProcess(Process.Start(start)!);
        await service.SeeAsync(url.OriginalString);
        return service;
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        return await EndAsync();
    }

    private static string Child => Path.Combine(AppContext.BaseDirectory, "HeatUp.TdLibChild.dll");

    private static ProcessStartInfo Prepared(TempFolder folder, string program)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        (string, string)[] settings =
        [
            ("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", "17"), ("TELEGRAM_API_HASH", "0123456789abcdef"),
            ("DATABASE_PATH", folder.File("sessions.db")), (NoRealData.DataVariable, NoRealData.Of(folder)),
            (NoRealData.ConfigurationVariable, NoRealData.ConfigurationOf(folder)),
            ("CHANNELS_FILE", Repository.File("channels_data.json")),
            ("TERM", "xterm"), ("LC_ALL", "C.UTF-8"), ("CI", ""), ("SHELL", "/bin/sh"), ("GITHUB_ACTIONS", ""),
        ];
        foreach (var (name, value) in settings) start.Environment[name] = value;
        foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI"]) start.Environment.Remove(name);
        return start;
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
