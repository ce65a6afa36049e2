using System.Diagnostics;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>
/// Clients that are generated from the API's description do the main job. <c>HEATUP_CLIENTS</c> says where they are;
/// <c>.ci/run</c> makes them.
/// </summary>
public sealed class GeneratedClientTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("dotnet", "csharp/heat-up-client.dll")]
    [InlineData("node", "typescript/out/main.js")]
    public async Task AGeneratedClientDoesTheMainJob(string program, string client)
    {
        var path = Path.Combine(Clients(), client);
        await using var heat = await HeatProcess.ServeAsync(folder, ("PACE", "0.01"));
        var start = new ProcessStartInfo(program, [path, $"{heat.Client.BaseAddress}".TrimEnd('/')])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var running = Process.Start(start)!;

        var said = await running.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complained = await running.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        running.ExitCode.ShouldBe(0, complained);
        var lines = said.Trim().Split('\n');
        lines[0].ShouldMatch("^run [0-9a-f]{32} completed planned ([3-7]) done \\1\r?$");
        lines[1].ShouldMatch("^remembered [3-7] newest (join_channel|read_messages|idle)\r?$");
        lines[2].ShouldMatch("^problem urn:heat-up:problem:run-already-ended 409\r?$");
    }

    private static string Clients()
    {
        if (Environment.GetEnvironmentVariable("HEATUP_CLIENTS") is { Length: > 0 } path) return path;
        Assert.Skip("HEATUP_CLIENTS doesn't name the folder of the generated clients.");
        throw new InvalidOperationException();
    }
}
