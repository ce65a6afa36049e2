using System.Diagnostics;

namespace HeatUp.Tests.TdLib;

/// <summary>A process of its own that has an account's folder open.</summary>
internal sealed class TdLibProcess : IAsyncDisposable
{
    private readonly Process process;

    private TdLibProcess(Process process, string said) => (this.process, Said) = (process, said);

    /// <summary>Where the login stood when it had started, or what went wrong.</summary>
    public string Said { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TdLibProcess> StartAsync(string folder, byte[] key)
    {
        var child = Path.Combine(AppContext.BaseDirectory, "HeatUp.TdLibChild.dll");
        string[] arguments = [child, RealTdLib.File, folder, Convert.ToBase64String(key)];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadLineAsync(Cancellation);
        return new TdLibProcess(process, said ?? "nothing");
    }

    /// <summary>Lets it close its client; answers what it said of that, and its exit code.</summary>
    public async Task<(string Said, int Code)> CloseAsync()
    {
        await process.StandardInput.WriteLineAsync("close");
        return await EndAsync();
    }

    /// <summary>Lets it end without more ado.</summary>
    public async Task<(string Said, int Code)> EndAsync()
    {
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (said.Trim(), process.ExitCode);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
