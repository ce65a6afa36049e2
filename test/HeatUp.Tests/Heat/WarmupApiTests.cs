using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

public sealed class WarmupApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWarmupAnswersAtOnceWithItsPlanAndRunsInTheBackground()
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.PostAsync("/warmup/alice");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var body = await answer.JsonAsync();
        body.Text("session_id").ShouldBe("alice");
        body.Text("status").ShouldBe("started");
        body.Text("planner").ShouldBe("builtin");
        body.Text("message").ShouldNotBeEmpty();
        body.List("action_plan").Count.ShouldBeInRange(3, 7);
        answer.Headers.Location!.OriginalString.ShouldBe($"/warmups/{body.Text("run_id")}");
        var events = await EventsAsync(heat, body.Text("run_id"));
        events[^1].EventType.ShouldBe("end");
        (await heat.GetAsync($"/warmups/{body.Text("run_id")}")).Text("status").ShouldBe("completed");
    }

    [Fact]
    public async Task AWarmupThatIsWaitedForAnswersWhatCameOfIt()
    {
        await using var heat = await HeatServer.StartAsync();

        var body = await heat.SitAsync("alice");

        body.Text("status").ShouldBe("completed");
        var summary = body.GetProperty("execution_summary");
        summary.Number("total_actions").ShouldBe(body.List("action_plan").Count);
        summary.Number("successful_actions").ShouldBe(summary.Number("total_actions"));
        summary.Number("failed_actions").ShouldBe(0);
        summary.List("errors").ShouldBeEmpty();
        summary.List("joined_channels").Select(channel => channel.GetString()).ShouldBe(
            body.List("action_plan").Where(action => action.Text("action") == "join_channel")
                .Select(action => action.Text("channel_username")));
        summary.List("results").Select(step => step.Text("outcome")).ShouldAllBe(outcome => outcome == "done");
    }

    [Fact]
    public async Task AWatcherToWhomNothingHappensHearsThatTheStreamIsAlive()
    {
        var clock = new FakeTimeProvider();
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real }, clock);
        using var started = await heat.PostAsync("/warmup/alice");
        using var answer = await heat.Client.GetAsync(
            $"{started.Headers.Location}/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        async Task UntilAsync(string line)
        {
            while (await lines.ReadLineAsync(Cancellation) is var read && read != line) read.ShouldNotBeNull();
        }

        await UntilAsync("event: plan");
        for (var times = 0; times < 2; times++)
        {
            clock.Advance(global::Heat.Api.EventStream.KeepAliveEvery);
            await UntilAsync(": keep-alive");
        }

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    [Fact]
    public async Task AnAccountThatWasLostIsAnsweredWithTheReasonEachTime()
    {
        SandboxFaults.TryParse("revoked:1", out var faults, out _).ShouldBeTrue();
        await using var heat = await HeatServer.StartAsync(settings => settings with { SandboxFaults = faults! });

        for (var times = 0; times < 2; times++)
        {
            using var answer = await heat.PostAsync("/warmup-sync/alice");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var body = await answer.JsonAsync();
            body.Text("status").ShouldBe("failed");
            body.GetRawText().ShouldContain("The account can't go on");
        }
    }

    [Fact]
    public async Task WhatWasAnsweredAsDoneIsInTheHistory()
    {
        await using var heat = await HeatServer.StartAsync();

        var body = await heat.SitAsync("alice");

        var history = (await heat.GetAsync("/sessions/alice/history")).List("history");
        history.Reverse().Select(row => row.GetProperty("action_data").GetRawText()).ShouldBe(
            body.List("action_plan").Select(action => action.GetRawText()));
    }

    [Fact]
    public async Task TheSecondSittingKnowsTheFirst()
    {
        await using var heat = await HeatServer.StartAsync();
        var first = await heat.SitAsync("alice");
        var joined = first.GetProperty("execution_summary").List("joined_channels")
            .Select(channel => channel.GetString()).ToList();

        for (var sitting = 2; sitting <= 6; sitting++)
        {
            var next = await heat.SitAsync("alice");
            var joins = next.List("action_plan").Where(action => action.Text("action") == "join_channel")
                .Select(action => action.Text("channel_username")).ToList();
            joins.ShouldAllBe(channel => !joined.Contains(channel));
            joined.AddRange(joins);
            (await heat.GetAsync($"/warmups/{next.Text("run_id")}")).Number("sitting").ShouldBe(sitting);
        }
    }

    [Fact]
    public async Task ASecondSittingOfASessionIsRefusedWithTheRunningRun()
    {
        await using var heat = await HeatServer.StartAtRealPaceAsync();
        var running = await (await heat.PostAsync("/warmup/alice")).JsonAsync();

        using var second = await heat.PostAsync("/warmup/alice");

        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await second.JsonAsync();
        problem.Problem().ShouldBe("sitting-already-running");
        problem.Text("run_id").ShouldBe(running.Text("run_id"));
    }

    [Fact]
    public async Task OfManyRequestsAtTheSameInstantOneBegins()
    {
        await using var heat = await HeatServer.StartAtRealPaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => heat.PostAsync("/warmup/alice")));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(19);
        var runs = await Task.WhenAll(answers.Select(async answer => (await answer.JsonAsync()).Text("run_id")));
        runs.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task AFullHouseAsksToComeBackLater()
    {
        await using var heat = await HeatServer.StartAsync(
            settings => settings with { Pace = Pace.Real, MaxConcurrentSittings = 1 }, new FakeTimeProvider());
        using var first = await heat.PostAsync("/warmup/alice");

        using var second = await heat.PostAsync("/warmup/bob");

        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        second.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await second.JsonAsync()).Problem().ShouldBe("too-many-sittings");
    }

    [Fact]
    public async Task CancellingKeepsWhatWasDone()
    {
        await using var heat = await HeatServer.StartAtRealPaceAsync();
        var run = (await (await heat.PostAsync("/warmup/alice")).JsonAsync()).Text("run_id");

        var cancelling = heat.Client.DeleteAsync($"/warmups/{run}", Cancellation);
        await heat.PassTimeUntil(cancelling);

        using var cancelled = await cancelling;
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await cancelled.JsonAsync()).Text("status").ShouldBe("cancelled");
        var stored = await heat.GetAsync($"/warmups/{run}");
        stored.Text("status").ShouldBe("cancelled");
        var remembered = (await heat.GetAsync("/sessions/alice/history")).List("history").Count;
        stored.GetProperty("execution_summary").Number("successful_actions").ShouldBe(remembered);
        (await heat.PostAsync("/warmup/alice")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task ARunThatIsOverCannotBeCancelled()
    {
        await using var heat = await HeatServer.StartAsync();
        var run = (await heat.SitAsync("alice")).Text("run_id");

        using var answer = await heat.Client.DeleteAsync($"/warmups/{run}", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.JsonAsync()).Problem().ShouldBe("run-already-ended");
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("nonsense")]
    [InlineData("%2e%2e%2f")]
    public async Task AnUnknownRunIsNotFound(string run)
    {
        await using var heat = await HeatServer.StartAsync();

        foreach (var path in new[] { $"/warmups/{run}", $"/warmups/{run}/events" })
        {
            using var answer = await heat.Client.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.JsonAsync()).Problem().ShouldBe("run-not-found");
        }
    }

    [Fact]
    public async Task EventsTellThePlanEachStepAndTheEnd()
    {
        await using var heat = await HeatServer.StartAsync();
        var body = await heat.SitAsync("alice");

        var events = await EventsAsync(heat, body.Text("run_id"));

        var steps = body.List("action_plan").Count;
        events.Select(one => one.EventType).ShouldBe(["plan", .. Enumerable.Repeat("step", steps), "end"]);
        events.Select(one => one.EventId).ShouldBe(
            ["0", .. Enumerable.Range(1, steps).Select(step => $"{step}"), "end"]);
    }

    [Fact]
    public async Task AWatcherThatComesBackMissesNothingAndSeesNothingTwice()
    {
        await using var heat = await HeatServer.StartAsync();
        var body = await heat.SitAsync("alice");

        var events = await EventsAsync(heat, body.Text("run_id"), lastEventId: "2");

        var steps = body.List("action_plan").Count;
        events.Select(one => one.EventId).ShouldBe(
            [.. Enumerable.Range(3, steps - 2).Select(step => $"{step}"), "end"]);
    }

    [Fact]
    public async Task AWatcherThatHasSeenTheEndIsToldNotToComeBack()
    {
        await using var heat = await HeatServer.StartAsync();
        var body = await heat.SitAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/warmups/{body.Text("run_id")}/events");
        request.Headers.Add("Last-Event-ID", "end");

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task AWatcherSeesAStepBeginWhileItRuns()
    {
        var clock = new FakeTimeProvider();
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real }, clock);
        var run = (await (await heat.PostAsync("/warmup/alice")).JsonAsync()).Text("run_id");
        using var stream = await heat.Client.GetStreamAsync($"/warmups/{run}/events", Cancellation);

        var seen = new List<string>();
        await foreach (var one in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            seen.Add(one.EventType);
            if (one.EventType == "step_started") break;
        }

        seen.ShouldContain("plan");
        seen[^1].ShouldBe("step_started");
    }

    [Fact]
    public async Task TheEndThatAWatcherSeesLiveIsTheOneThatIsRemembered()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real }, new FakeTimeProvider());
        var run = (await (await heat.PostAsync("/warmup/alice")).JsonAsync()).Text("run_id");
        var watching = EventsAsync(heat, run);

        await heat.PassTimeUntil(watching);

        var live = (await watching)[^1];
        live.Data.ShouldBe((await EventsAsync(heat, run))[^1].Data);
        JsonDocument.Parse(live.Data).RootElement.Text("ended_at").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("no json", "invalid-body")]
    [InlineData("[1, 2]", "invalid-body")]
    [InlineData("{\"a\":", "invalid-body")]
    [InlineData("{\"\\ud800\":1}", "invalid-body")]
    [InlineData("{\"a\":\"\\ud800\"}", "invalid-body")]
    [InlineData("{\"\\x\":1}", "invalid-body")]
    [InlineData("{\"telegram_api_base_url\":\"http://127.0.0.1:1\"}", "invalid-body")]
    public async Task ABodyThatAsksForWhatThereIsNotIsRefused(string body, string problem)
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.PostAsync("/warmup/alice", Json(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Problem().ShouldBe(problem);
        var summary = (await heat.GetAsync("/sessions/alice/history")).GetProperty("summary");
        summary.GetProperty("is_new").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("  { } ")]
    public async Task AnEmptyBodyIsFine(string body)
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.PostAsync("/warmup/alice", Json(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task ABodyOverTheLimitIsTooLarge()
    {
        await using var heat = await HeatServer.StartAsync();
        var body = "{\"a\":\"" + new string('x', 70_000) + "\"}";

        using var answer = await heat.PostAsync("/warmup/alice", new StringContent(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.JsonAsync()).Problem().ShouldBe("body-too-large");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<List<SseItem<string>>> EventsAsync(
        HeatServer heat, string run, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/warmups/{run}/events");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await heat.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        var events = new List<SseItem<string>>();
        await foreach (var one in SseParser.Create(stream).EnumerateAsync(Cancellation)) events.Add(one);
        return events;
    }
}
