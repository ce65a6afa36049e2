using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Simulations that requests ask for.</summary>
public sealed class SimulationApiTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ASimulationIsBegunWatchedAndItsEndIsKept()
    {
        await using var heat = await StartAsync();

        using var begun = await heat.Client.PostAsJsonAsync(
            "simulations", new { name = "small", scenario = new { sessions = 20, days = 3 } }, Cancellation);

        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        begun.Headers.Location!.OriginalString.ShouldBe("/simulations/small");
        await using var events = await heat.Client.GetStreamAsync("simulations/small/events", Cancellation);
        var heard = await SseParser.Create(events).EnumerateAsync(Cancellation).ToListAsync(Cancellation);
        heard[^1].EventType.ShouldBe("end");
        var ended = await heat.Client.GetFromJsonAsync<JsonElement>("simulations/small", Cancellation);
        ended.GetProperty("status").GetString().ShouldBe("complete");
        ended.GetProperty("summary").GetProperty("metrics").GetArrayLength().ShouldBeGreaterThan(5);
        File.Exists(folder.File("runs/small/report.html")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"scenario":{}}""", 400, "name is the name of the folder")]
    [InlineData("""{"name":"../x"}""", 400, "1 to 100 letters, digits")]
    [InlineData("""{"name":"a","sessions":3}""", 400, "There is no field 'sessions'; this request takes name")]
    [InlineData("""{"name":"a","scenario":{"sesions":3}}""", 400, "sessions")]
    [InlineData("""{"name":"a","scenario":{"pool":"/etc/passwd"}}""", 400, "Send what it holds as channels")]
    [InlineData("""{"name":"a","scenario":{"planner":"llm"}}""", 400, "by the command alone, without --cluster")]
    [InlineData("""{"name":"a","channels":[]}""", 400, "channels")]
    [InlineData("""{"name":"a","resume":true}""", 409, "a")]
    [InlineData("""{"name":"a","resume":true,"replace":true}""", 400, "only name goes with it")]
    [InlineData("""[1]""", 400, "must be a JSON object")]
    public async Task WhatCannotBeSimulatedIsRefusedWithTheReason(string body, int status, string why)
    {
        await using var heat = await StartAsync();

        using var refused = await heat.Client.PostAsync(
            "simulations", new StringContent(body, null, "application/json"), Cancellation);

        ((int)refused.StatusCode).ShouldBe(status);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("detail").GetString()!.ShouldContain(why);
        Directory.Exists(folder.File("runs/a")).ShouldBeFalse("nothing was begun");
    }

    [Fact]
    public async Task OneRunsAtATimeAndCanBeStoppedAndGoesOnLater()
    {
        await using var heat = await StartAsync();
        object large = new { name = "large", scenario = new { sessions = 20_000, days = 300, history = true } };
        (await heat.Client.PostAsJsonAsync("simulations", large, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        using var second = await heat.Client.PostAsJsonAsync("simulations", new { name = "other" }, Cancellation);
        using var stopped = await heat.Client.DeleteAsync("simulations/large", Cancellation);

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await second.Content.ReadAsStringAsync(Cancellation)).ShouldContain("watch it at /simulations/large/events");
        stopped.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await using var events = await heat.Client.GetStreamAsync("simulations/large/events", Cancellation);
        var heard = await SseParser.Create(events).EnumerateAsync(Cancellation).ToListAsync(Cancellation);
        heard[^1].Data.ShouldContain("\"status\":\"stopped\"");
        using var again = await heat.Client.DeleteAsync("simulations/large", Cancellation);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await heat.Client.GetAsync("simulations/unknown", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HeatServer> StartAsync() => HeatServer.StartAsync(
        settings => settings with { SimulationsDirectory = folder.File("runs") }, folder: folder);
}
