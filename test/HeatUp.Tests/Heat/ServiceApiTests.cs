using System.Net;
using System.Net.Http.Headers;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class ServiceApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheRootNamesTheService()
    {
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.GetAsync("/");

        answer.Text("service").ShouldBe("Heat Up");
        answer.Text("status").ShouldBe("running");
        answer.Text("version").ShouldMatch(@"^\d+\.\d+\.\d+");
    }

    [Fact]
    public async Task ABrowserIsSentToThePage()
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var browser = new HttpClient { BaseAddress = heat.Client.BaseAddress };
        (await browser.GetStringAsync(answer.Headers.Location, Cancellation)).ShouldContain("<title>Heat Up</title>");
    }

    [Fact]
    public async Task HealthTellsOfEachDependency()
    {
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.GetAsync("/health");

        answer.Text("status").ShouldBe("ok");
        foreach (var name in new[] { "store", "planner", "telegram" })
            answer.GetProperty("dependencies").GetProperty(name).Text("status").ShouldBe("ok");
    }

    [Fact]
    public async Task ThePoolIsListedWithoutDuplicates()
    {
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.GetAsync("/channels");

        var names = answer.List("channels").Select(channel => channel.Text("username").ToLowerInvariant()).ToList();
        names.ShouldContain("@durov");
        names.ShouldContain("@telegram");
        names.ShouldBeUnique();
        names.Count.ShouldBeGreaterThanOrEqualTo(60);
        answer.List("categories").Count.ShouldBe(10);
        answer.List("warnings").ShouldBeEmpty();
    }

    [Fact]
    public async Task WithATokenEveryRequestMustCarryIt()
    {
        await using var heat = await HeatServer.StartAsync(
            settings => settings with { ApiToken = TestSecret.Of("s3cret") });

        foreach (var path in new[] { "/", "/health", "/sessions", "/docs", "/openapi/v1.json", "/nowhere" })
        {
            using var refused = await heat.Client.GetAsync(path, Cancellation);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        }
        heat.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        (await heat.Client.GetAsync("/health", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        heat.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", "s3cret");
        (await heat.Client.GetAsync("/health", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/warmup/alice", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("PUT", "/sessions", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task WhatThereIsNotIsAProblemToo(string method, string path, HttpStatusCode status, string problem)
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.JsonAsync()).Problem().ShouldBe(problem);
    }

    [Fact]
    public async Task APageOfAnotherSiteMayNotAct()
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/warmup/alice");
        request.Headers.Add("Origin", "https://evil.example");

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await heat.GetAsync("/sessions")).Number("count").ShouldBe(0);
    }

    [Fact]
    public async Task TheDescriptionIsAsApproved()
    {
        await using var heat = await HeatServer.StartAsync();

        var description = await heat.GetAsync("/openapi/v1.json");

        Approved.Match("openapi.json", description.GetRawText());
    }
}
