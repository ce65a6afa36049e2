using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat health</c>, as people and whoever watches over a container ask it.</summary>
public sealed class HealthCommandTests : IDisposable
{
    private const string Token = "a-token-of-the-tests";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AServiceThatWorksIsZero()
    {
        await using var heat = await HeatProcess.ServeAsync(folder, ("API_TOKEN", Token));

        var told = await AskAsync(heat.Client.BaseAddress!, Token);
        told.Error.ShouldBeEmpty();
        told.Code.ShouldBe(0);
        told.Out.ShouldBe("ok, 0 sittings running\nstore: ok (sqlite)\nplanner: ok (builtin)\ntelegram: ok (sandbox)\n");
        (await AskAsync(heat.Client.BaseAddress!, Token, "--json")).Out.ShouldContain("\"running_sittings\":0");

        var refused = await AskAsync(heat.Client.BaseAddress!, "another-token");
        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("answered 401, and not how well it works. Is API_TOKEN that of the service?");
    }

    [Fact]
    public async Task NoServiceIsOneAndALineThatSaysWhatToDo()
    {
        var ended = await AskAsync(new Uri($"http://127.0.0.1:{HeatProcess.FreePort()}"), Token);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldStartWith("error: No service answers at HEAT_URL=http://127.0.0.1:");
        ended.Error.Trim().ShouldEndWith("Start one with 'heat serve'.");
    }

    [Fact]
    public async Task AServiceThatCanRunNoSittingIsOneAndSaysWhy()
    {
        await using var heat = await HeatProcess.ServeAsync(folder);
        // A database that was replaced in use is not written any more.
        File.Move(folder.File("sessions.db"), folder.File("elsewhere.db"));

        var told = await AskAsync(heat.Client.BaseAddress!, "");

        told.Code.ShouldBe(1);
        told.Out.ShouldStartWith("down, 0 sittings running\nstore: down (sqlite): ");
    }

    private Task<HeatProcess.Ended> AskAsync(Uri url, string token, params string[] more) =>
        HeatProcess.RunAsync(folder, ["health", .. more], ("HEAT_URL", url.OriginalString), ("API_TOKEN", token));
}
