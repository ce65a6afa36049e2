using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
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
        (await browser.GetStringAsync(answer.Headers.Location, Cancellation)).ShouldContain("<title>Now – Heat Up</title>");
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

        foreach (var path in new[] { "/", "/health", "/sessions", "/channels", "/warmup/alice", "/nowhere" })
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

    [Fact]
    public async Task ThePageAsksForTheTokenAndTheApiStaysClosed()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { ApiToken = TestSecret.Of("s3cret") });

        var page = await heat.Client.GetStringAsync("/docs/", Cancellation);
        var description = await heat.GetAsync("/openapi/v1.json");

        page.ShouldContain("<title>Heat Up</title>");
        page.ShouldContain("\"preferredSecurityScheme\"");
        page.ShouldNotContain("s3cret");
        var script = Regex.Match(page, "<script src=\"([^\"]+)\"").Groups[1].Value;
        (await heat.Client.GetAsync(new Uri(new Uri(heat.Client.BaseAddress!, "/docs/"), script), Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.OK);
        description.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").Text("scheme").ShouldBe("bearer");
        description.List("security").Single().TryGetProperty("token", out _).ShouldBeTrue();
        using var browser = new HttpRequestMessage(HttpMethod.Get, "/");
        browser.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        (await heat.Client.SendAsync(browser, Cancellation)).Headers.Location!.OriginalString.ShouldBe("/ui");
        using var act = await heat.PostAsync("/warmup/alice");
        act.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
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

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:8080", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:99", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.rebound.example:8080", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.168.0.7", HttpStatusCode.MisdirectedRequest)]
    public async Task WithoutATokenANameThatOnlyLeadsHereIsNotAnswered(string host, HttpStatusCode status)
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/channels") { Headers = { Host = host } };

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(status);
        if (status == HttpStatusCode.OK) return;
        var problem = await answer.JsonAsync();
        problem.Problem().ShouldBe("wrong-host");
        problem.Text("detail").ShouldContain($"not to '{host.Split(':')[0]}'");
    }

    [Fact]
    public async Task WhoeverHasTheTokenMayUseAnyName()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { ApiToken = TestSecret.Of("s3cret") });
        heat.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/channels") { Headers = { Host = "heat.example" } };

        (await heat.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
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
