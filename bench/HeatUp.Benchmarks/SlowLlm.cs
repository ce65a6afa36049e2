using System.Diagnostics;
using System.Globalization;
using HeatUp.Testing;

namespace HeatUp.Benchmarks;

/// <summary>
/// A language model that takes its time, as real ones do: a server in a process of its own, so that it doesn't stop
/// when what is measured collects its garbage.
/// </summary>
internal sealed class SlowLlm : IAsyncDisposable
{
    public const string Command = "slow-llm";

    private readonly Process process;

    private SlowLlm(Process process, Uri baseUrl) => (this.process, BaseUrl) = (process, baseUrl);

    /// <summary>What <c>LLM_BASE_URL</c> is set to.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Starts one that answers good plans after a while.</summary>
    public static async Task<SlowLlm> StartAsync(TimeSpan latency)
    {
        var milliseconds = latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        string[] arguments = [typeof(SlowLlm).Assembly.Location, Command, milliseconds];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The language model's stand-in said no address.");
        return new SlowLlm(process, new Uri(address));
    }

    /// <summary>The process: says its address, and serves until whoever started it goes.</summary>
    public static async Task<int> RunAsync(string milliseconds)
    {
        await using var llm = await StubLlm.StartAsync();
        var latency = TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture));
        llm.Records = false;
        llm.Otherwise = async request =>
        {
            await Task.Delay(latency);
            return llm.GoodPlan(request);
        };
        Console.WriteLine(llm.BaseUrl);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
