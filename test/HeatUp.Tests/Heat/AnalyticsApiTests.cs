using System.Net;
using System.Net.Http.Headers;
using HeatUp.Runs;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What the history says, over HTTP; and the page's stream of what goes on.</summary>
public sealed class AnalyticsApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnalyticsTellWhatSessionsDidOfAllOfOneAndOfAChannel()
    {
        await using var heat = await HeatServer.StartAsync();
        var sitting = await heat.SitAsync("alice");
        await heat.SitAsync("bob");
        var channel = sitting.List("action_plan").First(action => action.TryGetProperty("channel_username", out _))
            .Text("channel_username");

        var all = await heat.GetAsync("/analytics?days=7&zone=Europe/Berlin");
        var alice = await heat.GetAsync("/analytics/sessions/alice");
        var ofChannel = await heat.GetAsync($"/analytics/channels/{channel}");

        (all.Number("sittings"), all.Number("sessions"), all.Text("zone")).ShouldBe((2, 2, "Europe/Berlin"));
        all.List("days").Count.ShouldBe(7);
        (alice.Number("sittings"), alice.List("days").Count).ShouldBe((1, 30));
        alice.Number("done").ShouldBe(sitting.GetProperty("execution_summary").Number("successful_actions"));
        ofChannel.List("channels").ShouldHaveSingleItem().Text("channel").ShouldBe(channel);
    }

    [Theory]
    [InlineData("", "text/csv", "day,sittings,done,failed,joins,reads\n")]
    [InlineData("?table=plan_lengths&format=csv", "application/json", "name,done,tried,share,low,high\n")]
    [InlineData("?table=refusals&format=csv", "text/html", "outcome,reason,action,count\n")]
    public async Task ATableComesAsCsvWhereThatIsWanted(string query, string accept, string head)
    {
        await using var heat = await HeatServer.StartAsync();
        await heat.SitAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/analytics{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldStartWith(head);
    }

    [Theory]
    [InlineData("/analytics?days=0", "invalid-days")]
    [InlineData("/analytics?zone=Mars/Base", "invalid-zone")]
    [InlineData("/analytics?table=all&format=csv", "invalid-table")]
    [InlineData("/analytics?format=xml", "invalid-format")]
    [InlineData("/analytics/channels/x", "invalid-channel")]
    [InlineData("/analytics/sessions/a%20b", "invalid-session-id")]
    public async Task AQuestionThatIsNoneIsRefusedWithWhatIsAllowed(string path, string problem)
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.Client.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Problem().ShouldBe(problem);
    }

    [Fact]
    public async Task ManyWhoLookAtWhatGoesOnAreToldTheSameAndHearWhenItChanges()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real });
        var viewers = new List<StreamReader>();
        for (var number = 0; number < 3; number++)
            viewers.Add(new(await heat.Client.GetStreamAsync("/ui/live", Cancellation)));
        foreach (var viewer in viewers) (await EventAsync(viewer)).ShouldContain("No sitting goes on");

        (await heat.PostAsync("/warmup/alice")).EnsureSuccessStatusCode();

        foreach (var viewer in viewers) (await EventAsync(viewer)).ShouldContain("Cancel the sitting of alice");
        // The stop ends the streams: it need not wait for those who look.
        await heat.StopAsync();
        foreach (var viewer in viewers)
        {
            while (await viewer.ReadLineAsync(Cancellation) is not null) { }
            viewer.Dispose();
        }
    }

    private static async Task<string> EventAsync(StreamReader stream)
    {
        var text = "";
        while (await stream.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.Length == 0 && text.Length > 0) return text;
            if (line.StartsWith("data:", StringComparison.Ordinal)) text += line;
        }
        return text;
    }
}
