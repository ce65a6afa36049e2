using System.Net.Http.Json;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.Support;

namespace HeatUp.Browser.Tests;

/// <summary>A service with a past: sessions that sat, some of them refused something, and two that sit now.</summary>
public sealed class SeededHeat : IAsyncLifetime
{
    /// <summary>A session whose name needs care in addresses and pages.</summary>
    public const string OddSession = "tg:+79990001122";

    /// <summary>Nobody waits for an end; and a stop waits for a join.</summary>
    private static readonly Pace Slow = new(10);

    private readonly TempFolder folder = new();

    internal HeatServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        SandboxFaults.TryParse("private:0.1,flood_wait:0.03", out var faults, out var problem).ShouldBeTrue(problem);
        await using (var before = await HeatServer.StartAsync(
            settings => settings with { SandboxFaults = faults! }, folder: folder))
        {
            foreach (var session in new[] { "alice", "bob", "carol", OddSession, "анна" })
                for (var sitting = 0; sitting < 4; sitting++)
                    await before.SitAsync(Uri.EscapeDataString(session));
        }
        // Nothing goes wrong with those that are to go on while the pages are looked at.
        Server = await HeatServer.StartAsync(
            settings => settings with { Pace = Slow, SimulationsDirectory = folder.File("runs") }, folder: folder);
        await SimulateAsync("calm", flood: 0);
        await SimulateAsync("rough", flood: 0.2);
        foreach (var session in new[] { "dora", "emil" })
            (await Server.PostAsync($"/warmup/{session}")).EnsureSuccessStatusCode();
    }

    private async Task SimulateAsync(string name, double flood)
    {
        var body = JsonContent.Create(new { name, scenario = new { sessions = 20, days = 5, faults = new { flood_wait = flood } } });
        (await Server.Client.PostAsync("simulations", body)).EnsureSuccessStatusCode();
        // Its events end with it.
        (await Server.Client.GetStringAsync($"simulations/{name}/events")).ShouldContain("\"complete\"");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Dispose();
    }
}
