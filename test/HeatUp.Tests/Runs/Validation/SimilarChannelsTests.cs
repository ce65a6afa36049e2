using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs.Validation;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs.Validation;

public sealed class SimilarChannelsTests
{
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly ChannelPool pool = ChannelPool.Of(Enumerable.Range(0, 30)
        .Select(number => new Channel(ChannelName.Parse($"@channel{number:00}"), "", number < 15 ? "Science" : "News", 5, null)));

    [Fact]
    public async Task TheSandboxKnowsChannelsThatNoFileHas()
    {
        var sandbox = new SandboxTelegram(() => pool, clock, Pace.None, new Seed(7), SandboxFaults.None);

        var parts = await FetchAsync(new SimilarChannels(sandbox, pool, clock));

        var found = parts.SelectMany(part => part.Channels).ToList();
        found.ShouldNotBeEmpty();
        found.Select(channel => channel.Name).ShouldBeUnique();
        found.ShouldAllBe(channel => !pool.Contains(channel.Name) && channel.Name.Value.StartsWith("@sandbox_"));
        found.ShouldContain(channel => channel.Name.Value.StartsWith("@sandbox_science_") && channel.Category == "Science");
        (await FetchAsync(new SimilarChannels(sandbox, pool, clock))).SelectMany(part => part.Channels).ShouldBe(found);
    }

    [Fact]
    public async Task NoMoreChannelsAreAskedForThanAllowed()
    {
        var telegram = new ScriptedTelegram(clock);

        await FetchAsync(new SimilarChannels(telegram, pool, clock, questionsMax: 4));

        telegram.Asked.Count.ShouldBe(4);
    }

    [Fact]
    public async Task ARefusalFailsItsPartAndALostAccountAllAfterIt()
    {
        var telegram = new ScriptedTelegram(clock)
        {
            Similar = name => name.Value switch
            {
                "@channel01" => new([], new Outcome.Refused(new TelegramError(406, "CHANNEL_PRIVATE"))),
                "@channel03" => new([], new Outcome.AccountLost(new TelegramError(401, "Unauthorized"))),
                _ => new([new(ChatKind.Channel, ChannelName.Parse($"{name.Value}_x"), "Like it", 9, false)], null),
            },
        };

        var parts = await FetchAsync(new SimilarChannels(telegram, pool, clock));

        parts.Count.ShouldBe(4);
        parts[0].Channels.ShouldBe([new(ChannelName.Parse("@channel00_x"), "Like it", "Science", 9, "https://t.me/channel00_x")]);
        parts[1].Failure.ShouldNotBeNull().ShouldContain("406 CHANNEL_PRIVATE");
        parts[3].Failure.ShouldNotBeNull().ShouldContain("were not asked for");
    }

    [Fact]
    public async Task AShortFloodWaitIsSatOut()
    {
        var telegram = new ScriptedTelegram(clock)
        {
            Similar = _ => clock.GetUtcNow() < FakeTime.Noon.AddSeconds(70)
                ? new([], new TelegramError(429, "FLOOD_WAIT_70").ToOutcome(clock.GetUtcNow()))
                : new([], null),
        };

        (await FetchAsync(new SimilarChannels(telegram, pool, clock, 3))).ShouldBeEmpty();
        telegram.Asked.Count.ShouldBe(4);
    }

    private Task<List<SourcePart>> FetchAsync(SimilarChannels source)
    {
        return clock.RunAsync(AllAsync());

        async Task<List<SourcePart>> AllAsync()
        {
            var parts = new List<SourcePart>();
            await foreach (var part in source.FetchAsync(TestContext.Current.CancellationToken)) parts.Add(part);
            return parts;
        }
    }
}
