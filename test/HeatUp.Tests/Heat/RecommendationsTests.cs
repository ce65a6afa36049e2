using System.Net;
using System.Text.Json;
using HeatUp.Channels.Recommendations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class RecommendationsTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ANewSessionGetsTheBestKnownWithReasonsAndANote()
    {
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.GetAsync("/sessions/nobody/recommendations?count=3");

        answer.Text("session_id").ShouldBe("nobody");
        answer.Number("count").ShouldBe(3);
        answer.List("recommendations").ShouldAllBe(one => one.Text("channel_username").StartsWith('@')
            && one.Text("reason").EndsWith('.'));
        answer.Text("note").ShouldContain("No history was weighed yet");
        (await heat.GetAsync("/sessions/nobody/recommendations")).Number("count").ShouldBe(10);
    }

    [Fact]
    public async Task WhatASessionFollowsIsNotRecommendedToIt()
    {
        await using var heat = await HeatServer.StartAsync();
        for (var i = 0; i < 4; i++) await heat.SitAsync("alice");
        var joined = (await heat.GetAsync("/sessions/alice/history")).GetProperty("summary").List("joined_channels")
            .Select(name => name.GetString()!).ToList();

        var answer = await heat.GetAsync("/sessions/alice/recommendations?count=100");

        joined.ShouldNotBeEmpty();
        answer.List("recommendations").Select(one => one.Text("channel_username")).Intersect(joined).ShouldBeEmpty();
    }

    [Fact]
    public async Task TheServiceLearnsFromItsHistoryAtTheStart()
    {
        await using (var heat = await HeatServer.StartAsync(folder: folder))
            foreach (var session in new[] { "alice", "bob", "carol" })
                await heat.SitAsync(session);

        await using var again = await HeatServer.StartAsync(folder: folder);
        while (again.Part<Recommender>().Model.IsEmpty) await Task.Yield();

        var answer = await again.GetAsync("/sessions/dave/recommendations");
        answer.GetProperty("model").Number("sessions").ShouldBe(3);
        answer.TryGetProperty("note", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("count=0")]
    [InlineData("count=101")]
    [InlineData("count=-1")]
    [InlineData("count=ten")]
    [InlineData("count=")]
    public async Task AWrongCountIsRefused(string query)
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.Client.GetAsync($"/sessions/alice/recommendations?{query}", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Problem().ShouldBe("invalid-count");
    }

    [Fact]
    public async Task TheCommandRecommendsAndExplains()
    {
        await RunAsync("warmup", "alice", "--pace", "0");

        var shown = await RunAsync("recommend", "alice", "--count", "3");
        var answered = await RunAsync("recommend", "alice", "--count", "3", "--json");

        shown.Code.ShouldBe(0, shown.Error);
        shown.Error.ShouldContain("Learned from 1 session and ");
        JsonDocument.Parse(answered.Out).RootElement.List("recommendations").Count.ShouldBe(3);
        (await RunAsync("recommend", "alice", "--count", "0")).Code.ShouldBe(2);
        (await RunAsync("recommend", "nobody")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task EvaluatingAFileAnswersInJson()
    {
        var lines = from user in Enumerable.Range(1, 20)
                    from item in Enumerable.Range(1, 10)
                    select $"{user}\t{user % 4 * 10 + item}\t5\t{(item + user) % 10}";
        var file = folder.File("ratings.inter");
        await File.WriteAllLinesAsync(file, ["user_id:token\titem_id:token\trating:float\ttimestamp:float", .. lines],
            Cancellation);

        var ended = await RunAsync("channels", "evaluate", "--interactions", file, "--lambda", "5");

        ended.Code.ShouldBe(0, ended.Error);
        var json = JsonDocument.Parse(ended.Out).RootElement;
        json.Number("users").ShouldBe(20);
        json.Number("test").ShouldBe(40);
        json.List("models").Select(model => model.Text("model")).ShouldBe(["popularity", "item_knn", "ease"]);
        json.List("models")[2].GetProperty("recall@20").GetDouble().ShouldBe(1);
        json.List("models")[2].GetProperty("ndcg@100").GetDouble().ShouldBe(1);
    }

    [Theory]
    [InlineData("", "no rating")]
    [InlineData("1\t1\t5\t1\n", "2 or more users")]
    [InlineData("1\t1\t5\n", "Line 1")]
    public async Task ABadFileIsRefusedInOneLine(string text, string said)
    {
        await File.WriteAllTextAsync(folder.File("bad.inter"), text, Cancellation);

        var ended = await RunAsync("channels", "evaluate", "--interactions", folder.File("bad.inter"));

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain(said);
        ended.Error.TrimEnd().ShouldNotContain('\n');
        (await RunAsync("channels", "evaluate", "--interactions", folder.File("not.there"))).Code.ShouldBe(1);
        (await RunAsync("channels", "evaluate", "--interactions", "x", "--lambda", "0")).Code.ShouldBe(2);
    }

    private Task<HeatProcess.Ended> RunAsync(params string[] args) => HeatProcess.RunAsync(folder, args);
}
