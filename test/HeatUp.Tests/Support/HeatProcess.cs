using System.Diagnostics;
using HeatUp.Testing;

namespace HeatUp.Tests.Support;

/// <summary>The program as its user starts it: a process of its own, in a folder of its own.</summary>
internal sealed class HeatProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private HeatProcess(Process process, Uri url)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
        Client = new HttpClient { BaseAddress = url };
    }

    public HttpClient Client { get; }

    /// <summary>What a command that has ended left behind.</summary>
    public sealed record Ended(int Code, string Out, string Error);

    /// <summary>Runs a command to its end, in a process that may have run other commands before.</summary>
    public static Task<Ended> RunAsync(
        TempFolder folder, string[] arguments, params (string Name, string Value)[] settings) =>
        HeatHosts.CanRun(arguments, settings.Select(setting => setting.Name))
            ? HeatHosts.RunAsync(StartInfo(folder, [], settings), arguments)
            : RunAloneAsync(folder, arguments, settings);

    /// <summary>Runs a command to its end, in a process of its own.</summary>
    public static Task<Ended> RunAloneAsync(
        TempFolder folder, string[] arguments, params (string Name, string Value)[] settings) =>
        RunAsync(StartInfo(folder, arguments, settings));

    internal static async Task<Ended> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command that can write no file larger than this: its disk is full, as far as it can tell.</summary>
    public static async Task<Ended> RunOnFullDiskAsync(TempFolder folder, int fileKiBMax, string[] arguments)
    {
        // A write beyond the bound would end the process, unless it is told to fail.
        var start = Bounded(StartInfo(folder, arguments, []), $"trap '' XFSZ; ulimit -f {fileKiBMax}");
        // The runtime maps its code through a file that is as large as all memory it could need.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return await RunAsync(start);
    }

    /// <summary>Runs a command that can have no more files and connections open than this.</summary>
    public static async Task<Ended> RunWithFilesAsync(
        TempFolder folder, int filesMax, string[] arguments, params (string Name, string Value)[] settings) =>
        await RunAsync(Bounded(StartInfo(folder, arguments, settings), $"ulimit -n {filesMax}"));

    /// <summary>Runs a command whose standard streams lead elsewhere, as a shell's redirections have it.</summary>
    public static async Task<Ended> RunWithStreamsAsync(TempFolder folder, string redirections, params string[] arguments) =>
        await RunAsync(Bounded(StartInfo(folder, arguments, []), $"exec {redirections}"));

    /// <summary>
    /// Runs a command on a terminal of its own, as wide as this; answers all that it showed there. The terminal comes
    /// from <c>script</c>, which belongs to every Debian and Ubuntu.
    /// </summary>
    public static async Task<Ended> RunOnTerminalAsync(
        TempFolder folder, int columns, string[] arguments, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux' script takes a command this way.");
        var start = StartInfo(folder, [], [("TERM", "xterm-256color"), ("SHELL", "/bin/sh"), .. settings]);
        foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "NO_COLOR"])
            if (!settings.Any(setting => setting.Name == name)) start.Environment.Remove(name);
        var heat = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Concat(arguments).Select(part => $"'{part}'"));
        start.FileName = "script";
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["-qec", $"stty cols {columns}; exec {heat}", "/dev/null"])
            start.ArgumentList.Add(argument);
        return await RunAsync(start);
    }

    /// <summary>Runs a script of a shell that knows <c>heat</c> as a command.</summary>
    public static async Task<Ended> RunShellAsync(TempFolder folder, string script, string shell = "bash")
    {
        var start = StartInfo(folder, [], []);
        var heat = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(part => $"'{part}'"));
        start.Environment["PACE"] = "0";
        start.Environment.Remove("CHANNELS_FILE");
        if (shell != "bash")
        {
            // Other shells find it as a program.
            var program = folder.Write("heat", $"#!/bin/sh\nexec {heat} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
            start.FileName = shell;
            start.ArgumentList.Clear();
            foreach (var argument in (string[])["-c", script]) start.ArgumentList.Add(argument);
            return await RunAsync(start);
        }
        start.FileName = "bash";
        start.ArgumentList.Clear();
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"heat() {{ {heat} \"$@\"; }}\ncurl() {{ command curl -s \"$@\"; }}\nexec 2>&1\n{script}");
        return await RunAsync(start);
    }

    /// <summary>Starts the service, and answers when it listens.</summary>
    public static Task<HeatProcess> ServeAsync(TempFolder folder, params (string Name, string Value)[] settings) =>
        ServeAsync(folder, null, settings);

    /// <summary>Starts a node of a cluster, and answers when it listens.</summary>
    public static Task<HeatProcess> ServeNodeAsync(
        TempFolder folder, string database, params (string Name, string Value)[] settings) =>
        ServeNodeAsync(folder, database, start => start, settings);

    /// <summary>The same on a machine of its own: what starts it is changed so.</summary>
    public static Task<HeatProcess> ServeNodeAsync(TempFolder folder, string database,
        Func<ProcessStartInfo, ProcessStartInfo> on, params (string Name, string Value)[] settings) =>
        ServeAsync(on(StartInfo(folder, [], [("DATABASE_URL", database), .. settings])), ["--cluster"]);

    /// <summary>The same with no more files and connections than this.</summary>
    public static async Task<HeatProcess> ServeAsync(
        TempFolder folder, int? filesMax, params (string Name, string Value)[] settings)
    {
        var start = StartInfo(folder, [], settings);
        return await ServeAsync(start, [], filesMax is { } files ? $"ulimit -n {files}" : null);
    }

    /// <summary>The same as systemd starts it: a child of a process of that name.</summary>
    public static Task<HeatProcess> ServeUnderSystemdAsync(TempFolder folder, params (string Name, string Value)[] settings)
    {
        const string parent = "\"$@\" & child=$!; trap 'kill -TERM $child' TERM; wait $child; wait $child";
        var start = StartInfo(folder, [], settings);
        string[] arguments = ["-c", parent, "systemd", start.FileName, .. start.ArgumentList];
        start.FileName = folder.File("systemd");
        File.CreateSymbolicLink(start.FileName, "/bin/bash");
        start.ArgumentList.Clear();
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return ServeAsync(start, []);
    }

    private static async Task<HeatProcess> ServeAsync(ProcessStartInfo start, string[] options, string? bounds = null)
    {
        // A service checks channels after a while, and writes down that it did: not in the file of all tests.
        if (start.Environment["CHANNELS_FILE"] == Repository.File("channels_data.json"))
        {
            start.Environment["CHANNELS_FILE"] = Path.Combine(start.WorkingDirectory, "channels-of-the-service.json");
            File.Copy(Repository.File("channels_data.json"), start.Environment["CHANNELS_FILE"]!, overwrite: true);
        }
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        foreach (var argument in (string[])["serve", "--urls", url.OriginalString, .. options])
            start.ArgumentList.Add(argument);
        var process = Process.Start(bounds is null ? start : Bounded(start, bounds))!;
        var heat = new HeatProcess(process, url);
        if (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is null)
            throw new InvalidOperationException($"The service did not start: {await heat.errors}");
        return heat;
    }

    /// <summary>Starts a command that is to be ended before its end.</summary>
    public static HeatProcess Start(TempFolder folder, string[] arguments) => Start(StartInfo(folder, arguments, []));

    internal static HeatProcess Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new HeatProcess(process, new Uri("http://127.0.0.1"));
    }

    /// <summary>Waits until something is so, as long as the process lives.</summary>
    public async Task UntilAsync(Func<bool> isSo)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!isSo() && !process.HasExited) await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        isSo().ShouldBeTrue("the process ended first");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal that doesn't end it.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has ended by itself; answers the exit code and what it wrote to its log.</summary>
    public async Task<(int Code, string Log)> EndedAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await errors);
    }

    /// <summary>SIGTERM, or another signal; answers the exit code and what it wrote to its log.</summary>
    public async Task<(int Code, string Log)> TerminateAsync(string signal = "TERM")
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    public static int FreePort() => Ports.Free();

    /// <summary>A command that a shell has bounded first.</summary>
    private static ProcessStartInfo Bounded(ProcessStartInfo start, string bounds)
    {
        string[] shell = ["-c", $"{bounds}; exec \"$@\"", "bash", start.FileName, .. start.ArgumentList];
        start.FileName = "bash";
        start.ArgumentList.Clear();
        foreach (var argument in shell) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>How a command is started, unless something else is done with it first.</summary>
    internal static ProcessStartInfo StartInfo(
        TempFolder folder, string[] arguments, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "heat.dll"), .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // They live too short to earn back what is measured of their methods.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Whatever the machine's locale is.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment[NoRealData.DataVariable] = NoRealData.Of(folder);
        start.Environment[NoRealData.ConfigurationVariable] = NoRealData.ConfigurationOf(folder);
        start.Environment["CHANNELS_FILE"] = Repository.File("channels_data.json");
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return start;
    }
}
