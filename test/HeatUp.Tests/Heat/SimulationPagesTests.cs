using System.Net;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What the page of simulations refuses, and how it goes on with what was stopped.</summary>
public sealed class SimulationPagesTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private HeatServer heat = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => heat = await HeatServer.StartAsync(
        settings => settings with { SimulationsDirectory = folder.File("runs") }, folder: folder);

    public async ValueTask DisposeAsync()
    {
        await heat.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("../out", "10", "3", "0", "name is that of the folder")]
    [InlineData("", "10", "3", "0", "name is that of the folder")]
    [InlineData("large", "20000", "3", "0", "heat simulate --sessions")]
    [InlineData("none", "0", "3", "0", "sessions")]
    [InlineData("odd", "10", "three", "0", "days")]
    [InlineData("odd", "10", "3", "many", "flood_wait")]
    [InlineData("odd", "10", "3", "101", "flood_wait")]
    public async Task AFormThatCantBeSimulatedIsRefusedWithItsPlaceAndWritesNothing(
        string name, string sessions, string days, string flood, string says)
    {
        using var answer = await PostAsync(
            "/ui/simulations", ("name", name), ("sessions", sessions), ("days", days), ("flood_wait", flood));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain(says);
        Directory.Exists(folder.File("runs")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("/ui/simulations/nothing")]
    [InlineData("/ui/simulations/..%2Fsessions.db")]
    [InlineData("/ui/compare?a=nothing&b=nothing")]
    [InlineData("/ui/compare?a=nothing")]
    public async Task WhatIsNoSimulationIsAPageThatSaysSo(string path)
    {
        using var answer = await heat.Client.GetAsync(path, Cancellation);

        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task AStoppedSimulationGoesOnFromItsPageAndIsOpenedWhenItIsComplete()
    {
        using var begun = await PostAsync(
            "/ui/simulations", ("name", "walk"), ("sessions", "4000"), ("days", "30"), ("seed", "3"), ("flood_wait", "0"));
        begun.StatusCode.ShouldBe(HttpStatusCode.Found);
        using var stopped = await PostAsync("/ui/simulations/walk/stop");
        (await heat.Client.GetStringAsync("simulations/walk/events", Cancellation)).ShouldContain("\"stopped\"");
        (await heat.Client.GetStringAsync("/ui/simulations", Cancellation)).ShouldContain("Go on with walk");

        using var resumed = await PostAsync("/ui/simulations/walk/resume");
        (await heat.Client.GetStringAsync("simulations/walk/events", Cancellation)).ShouldContain("\"complete\"");

        (await heat.Client.GetStringAsync("/ui/simulations", Cancellation)).ShouldNotContain("Go on with walk");
        (await heat.Client.GetStringAsync("/ui/simulations/walk", Cancellation)).ShouldContain("Key figures");
    }

    private Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => heat.Client.PostAsync(
        path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancellation);
}
