using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Heat;

/// <summary>What a killed, a stopped and a second process leave behind.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AfterAKillTheSittingGoesOnAtItsNextStepAndRepeatsNone()
    {
        string run;
        List<SseItem<string>> before;
        await using (var heat = await HeatProcess.ServeAsync(folder, ("PACE", "0.05")))
        {
            run = await StartAsync(heat);
            before = await StepsAsync(heat, run, until: 2);
            await heat.KillAsync();
        }

        await using var again = await HeatProcess.ServeAsync(folder, ("PACE", "0.05"));
        var after = await StepsAsync(again, run, until: int.MaxValue);

        var answer = await again.Client.GetFromJsonAsync<JsonElement>($"/warmups/{run}", Cancellation);
        answer.Text("status").ShouldBe("completed");
        var steps = answer.GetProperty("execution_summary").List("results");
        steps.Select(step => step.Number("step")).ShouldBe(Enumerable.Range(1, answer.List("action_plan").Count));
        after.Take(2).Select(step => step.Data).ShouldBe(
            before.Select(step => step.Data), "what was told as done stays as it was told");
        var history = await again.Client.GetFromJsonAsync<JsonElement>("/sessions/alice/history", Cancellation);
        history.List("history").Count.ShouldBe(steps.Count);
    }

    [Fact]
    public async Task AStopInterruptsAtAStepsEdgeAndTheNextStartGoesOn()
    {
        string run;
        int doneBefore;
        await using (var heat = await HeatProcess.ServeAsync(folder, ("PACE", "1")))
        {
            run = await StartAsync(heat);
            var (code, log) = await heat.TerminateAsync();
            code.ShouldBe(0);
            log.ShouldContain("goes on after its restart");
        }
        await using (var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation))
        {
            RunId.TryParse(run, out var id).ShouldBeTrue();
            var left = (await store.FindRunAsync(id, Cancellation)).ShouldNotBeNull();
            left.End.ShouldBeNull("it is to go on");
            doneBefore = left.Steps.Count;
        }

        await using var again = await HeatProcess.ServeAsync(folder, ("PACE", "0"));
        await StepsAsync(again, run, until: int.MaxValue);

        var answer = await again.Client.GetFromJsonAsync<JsonElement>($"/warmups/{run}", Cancellation);
        answer.Text("status").ShouldBe("completed");
        answer.GetProperty("execution_summary").List("results").Count.ShouldBeGreaterThan(doneBefore);
    }

    [Fact]
    public async Task TheCommandLineFinishesWhatItsKilledPredecessorBegan()
    {
        await using (var heat = await HeatProcess.ServeAsync(folder, ("PACE", "1")))
        {
            await StartAsync(heat);
            await heat.KillAsync();
        }

        var ended = await HeatProcess.RunAsync(folder, ["warmup", "alice", "--pace", "0"]);

        ended.Error.ShouldContain("Sitting 1 was interrupted after step");
        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("sitting 1");
        ended.Out.ShouldContain("completed");
    }

    [Fact]
    public async Task TwoProcessesOnOneDatabaseGiveASessionOneSitting()
    {
        await using var heat = await HeatProcess.ServeAsync(folder, ("PACE", "1"));
        var run = await StartAsync(heat);

        var ended = await HeatProcess.RunAsync(folder, ["warmup", "alice", "--pace", "0"]);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain(run);
    }

    [Fact]
    public async Task ATakenPortIsOneClearLine()
    {
        await using var heat = await HeatProcess.ServeAsync(folder);

        var taken = heat.Client.BaseAddress!.OriginalString.TrimEnd('/');
        var ended = await HeatProcess.RunAsync(folder, ["serve", "--urls", taken]);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("in use");
        ended.Error.ShouldContain("--urls");
        ended.Error.ShouldNotContain("   at ");
    }

    private static async Task<string> StartAsync(HeatProcess heat)
    {
        using var answer = await heat.Client.PostAsync("/warmup/alice", null, Cancellation);
        return (await answer.JsonAsync()).Text("run_id");
    }

    /// <summary>The run's steps as they are told, until one or the end.</summary>
    private static async Task<List<SseItem<string>>> StepsAsync(HeatProcess heat, string run, int until)
    {
        var steps = new List<SseItem<string>>();
        // A run that isn't taken over yet has no more to tell: whoever wants its end comes back, as browsers do.
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/warmups/{run}/events");
            request.Headers.Add("Last-Event-ID", $"{steps.Count}");
            using var answer = await heat.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
            await foreach (var one in SseParser.Create(stream).EnumerateAsync(Cancellation))
            {
                if (one.EventType == "step") steps.Add(one);
                if (steps.Count == until || one.EventType == "end") return steps;
            }
        }
    }
}
