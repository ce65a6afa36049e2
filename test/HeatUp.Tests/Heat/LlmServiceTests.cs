using global::Heat.Configuration;
using HeatUp.Plans.Llm;
using HeatUp.Testing;
using HeatUp.Tests.Plans;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>The service with a language model: what its calls cost, and what is told of its server's trouble.</summary>
public sealed class LlmServiceTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private StubLlm llm = null!;

    public async ValueTask InitializeAsync() => llm = await StubLlm.StartAsync();

    public ValueTask DisposeAsync() => llm.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhatADayHasCostOutlastsARestartAndTheSession()
    {
        llm.Then(StubReply.Says(Replies.Good, usage: new StubUsage(17_000, 1_000, 0)));
        await using (var heat = await StartAsync())
        {
            (await heat.SitAsync("alice")).Text("planner").ShouldBe("llm");
            (await heat.Client.DeleteAsync("/sessions/alice", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        await using var next = await StartAsync();
        (await next.SitAsync("bob")).Text("planner").ShouldBe("builtin");

        llm.RequestCount.ShouldBe(1);
        (await next.GetAsync("/health")).GetProperty("dependencies").GetProperty("planner").Text("detail")
            .ShouldMatch("^llm_budget_spent: .* of the 20000 of this day \\(UTC\\) 18000 are spent.$");
    }

    [Fact]
    public async Task AnotherProcessOnTheDatabaseSpendsFromTheSameDay()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        llm.Then(StubReply.Says(Replies.Good, usage: new StubUsage(12_000, 0, 0)));
        await one.SitAsync("alice");
        llm.Then(StubReply.Says(Replies.Good, usage: new StubUsage(6_000, 0, 0)));
        await other.SitAsync("bob");

        (await other.SitAsync("carol")).Text("planner").ShouldBe("builtin");
    }

    [Fact]
    public async Task HealthSaysSinceWhenAndUntilWhenAServerIsLeftAlone()
    {
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(401, "No such key."));
        await using var heat = await StartAsync();
        await heat.SitAsync("alice");
        await heat.SitAsync("bob");

        var planner = (await heat.GetAsync("/health")).GetProperty("dependencies").GetProperty("planner");

        planner.Text("status").ShouldBe("degraded");
        planner.Text("detail").ShouldBe("llm_key_refused: The model's server refuses the API key (HTTP 401): No such key.");
        planner.GetProperty("since").GetDateTimeOffset().ShouldBe(Some.Now);
        planner.GetProperty("until").GetDateTimeOffset().ShouldBe(Some.Now + LlmBreaker.First);
        llm.RequestCount.ShouldBe(1);
    }

    private Task<HeatServer> StartAsync() => HeatServer.StartAsync(
        settings => settings with
        {
            Llm = new LlmSettings(llm.BaseUrl, null, "stub", TimeSpan.FromSeconds(60)),
            LlmDailyTokenBudget = 20_000,
        },
        // The day and the time of the trouble are the test's; what waits is short.
        new ImpatientTime(Some.Now, TimeSpan.FromSeconds(20)),
        folder);
}
