using System.Net;
using System.Text.Json;
using global::Heat.Background;
using HeatUp.Channels;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs.Validation;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

/// <summary>Checking the channels, as the service's user meets it.</summary>
public sealed class ValidationApiTests
{
    [Fact]
    public async Task ACheckGoesOnInTheBackgroundAndTakesOutWhatIsInvalid()
    {
        await using var heat = await StartAsync("private:0.08");
        (await heat.GetAsync("/channels/validation")).Text("status").ShouldBe("none");
        var before = await heat.GetAsync("/channels");
        (before.Number("invalid"), before.GetProperty("last_validated_at").ValueKind).ShouldBe((0, JsonValueKind.Null));

        using var answer = await heat.PostAsync("/channels/validate");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.Headers.Location!.ToString().ShouldBe("/channels/validation");
        var done = await DoneAsync(heat);
        done.Text("status").ShouldBe("completed");
        done.Number("checked").ShouldBe(done.Number("total"));
        var invalid = done.List("invalid");
        invalid.Count.ShouldBeInRange(1, 12);
        invalid.ShouldAllBe(channel => channel.Text("reason") == "private");
        heat.Part<ChannelPoolFile>().Entries.Count(entry => !entry.IsUsable).ShouldBe(0, "the file is looked at once a second");
        ChannelFile.Read(heat.Folder.File("channels_data.json")).Entries.Count(entry => !entry.IsUsable).ShouldBe(invalid.Count);
    }

    [Fact]
    public async Task ACheckThatGoesOnIsInTheWayOfAnother()
    {
        await using var heat = await StartAsync("");
        var elsewhere = new ChannelValidation(
            heat.Folder.File("channels_data.json"), new ScriptedTelegram(TimeProvider.System), TimeProvider.System);
        using (elsewhere.TryBegin(new()).ShouldNotBeNull())
        {
            using var refused = await heat.PostAsync("/channels/validate");
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await refused.JsonAsync()).Problem().ShouldBe("validation-already-running");
        }
        using var accepted = await heat.PostAsync("/channels/validate");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await DoneAsync(heat);
    }

    [Fact]
    public async Task AFieldThatNobodyReadsIsRefused()
    {
        await using var heat = await StartAsync("");

        using var answer = await heat.PostAsync("/channels/validate", new StringContent("{\"limit\": 5}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task TooManyFaultsAreNotBelieved()
    {
        await using var heat = await StartAsync("not_occupied:1");
        using var answer = await heat.PostAsync("/channels/validate");

        var done = await DoneAsync(heat);

        (done.Text("status"), done.Text("reason_code")).ShouldBe(("stopped", "too_many"));
        done.List("invalid").ShouldBeEmpty();
        ChannelFile.Read(heat.Folder.File("channels_data.json")).Entries.ShouldAllBe(entry => entry.IsUsable);
    }

    [Fact]
    public async Task AChannelThatRefusesASittingIsCheckedWithinMinutes()
    {
        var clock = new FakeTimeProvider(FakeTime.Noon);
        await using var heat = await StartAsync("not_occupied:1", clock);
        await heat.SitAsync("alice");
        heat.Part<ValidationDesk>().HasReports.ShouldBeTrue();

        await PassTimeUntil(heat, clock, () => heat.Part<ChannelPoolFile>().Entries.Any(entry => !entry.IsUsable));

        (clock.GetUtcNow() - FakeTime.Noon).ShouldBeLessThan(TimeSpan.FromHours(1), "before the hour's own check");
        heat.Part<ChannelPoolFile>().Entries.Count(entry => entry.Check is not null).ShouldBeLessThan(8, "only those that were met");
        (await heat.GetAsync("/channels")).Number("invalid").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task EachHourSomeOfTheChannelsAreCheckedSoThatAllAreInAWeek()
    {
        var clock = new FakeTimeProvider(FakeTime.Noon);
        await using var heat = await StartAsync("", clock);

        await PassTimeUntil(heat, clock, () => heat.Part<ChannelPoolFile>().Entries.Count(entry => entry.Check is not null) == 3);

        (clock.GetUtcNow() - FakeTime.Noon).ShouldBeGreaterThan(TimeSpan.FromHours(2.9));
        heat.Part<ChannelPoolFile>().Entries.Count(entry => entry.Check is null).ShouldBeGreaterThan(55);
    }

    private static Task<HeatServer> StartAsync(string faults, TimeProvider? clock = null)
    {
        SandboxFaults.TryParse(faults, out var read, out _).ShouldBeTrue();
        return HeatServer.StartAsync(settings => settings with { SandboxFaults = read! }, clock);
    }

    private static async Task<JsonElement> DoneAsync(HeatServer heat)
    {
        while (true)
        {
            var state = await heat.GetAsync("/channels/validation");
            if (state.Text("status") != "running") return state;
        }
    }

    /// <summary>Between two ticks a request is answered, so that background work has its turn too.</summary>
    private static async Task PassTimeUntil(HeatServer heat, FakeTimeProvider clock, Func<bool> isDone)
    {
        for (var ticks = 0; !isDone() && ticks < 5000; ticks++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await heat.GetAsync("/");
        }
    }
}
