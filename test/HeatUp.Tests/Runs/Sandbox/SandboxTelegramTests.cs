using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs.Sandbox;

public sealed class SandboxTelegramTests : TelegramContract
{
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private ChannelPool pool = ChannelPool.Of(
        Enumerable.Range(0, 600).Select(number => Listed($"@channel{number:000}", null)));

    protected override ITelegram Telegram => Sandbox();

    // Posts about eight times a day under seed 7.
    protected override ChannelName Existing => ChannelName.Parse("@durov");

    protected override ChannelName Missing => ChannelName.Parse("@nobody_has_this");

    protected override DateTimeOffset Now => clock.GetUtcNow();

    [Fact]
    public async Task AfterARestartASessionIsMemberAndHasReadWhatItsHistorySays()
    {
        var sandbox = Sandbox();
        var joined = await OnlineAsync(sandbox, new Membership(Existing, Now.AddDays(-2), null));
        var read = await OnlineAsync(sandbox, new Membership(Existing, Now.AddDays(-2), Now.AddDays(-1)));
        var today = DateOnly.FromDateTime(Now.Date);
        var posts = new[] { -2, -1, 0 }.SelectMany(day => sandbox.PostsOn(Existing, today.AddDays(day)))
            .Where(post => post <= Now).ToList();

        joined.Unread(Existing).ShouldBe(posts.Count(post => post > Now.AddDays(-2)));
        read.Unread(Existing).ShouldBe(posts.Count(post => post > Now.AddDays(-1)));
        joined.Unread(Existing).ShouldBeGreaterThan(read.Unread(Existing));
        read.Unread(Existing).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task NothingOfASessionIsKeptWhenItGoes()
    {
        var sandbox = Sandbox(pace: 0);
        await using (var first = await OnlineAsync(sandbox)) await first.JoinAsync(Existing, Cancellation);
        clock.Advance(TimeSpan.FromDays(3));

        var second = await OnlineAsync(sandbox);

        (await second.ReadAsync(Existing, default, Cancellation)).ShouldBe(Outcome.Done.Plain);
        second.Unread(Existing).ShouldBe(0);
    }

    [Fact]
    public async Task UnreadPostsComeWithTimeAndGoWithReading()
    {
        var session = await OnlineAsync(Sandbox());
        await RunAsync(session.JoinAsync(Existing, Cancellation));
        session.Unread(Existing).ShouldBe(0);

        clock.Advance(TimeSpan.FromDays(5));
        session.Unread(Existing).ShouldBeGreaterThan(10);
        session.Unread(Existing, most: 3).ShouldBe(3);

        await RunAsync(session.ReadAsync(Existing, TimeSpan.FromSeconds(4), Cancellation));
        session.Unread(Existing).ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(1, 8, 4)]
    [InlineData(1, 30, 15)]
    [InlineData(2, 8, 2)]
    [InlineData(0, 0, 15)]
    public async Task AReaderGetsThroughAsManyPostsAsTheTimeAllows(double pace, int seconds, int posts)
    {
        var session = await OnlineAsync(Sandbox(pace: pace), new Membership(Existing, Now.AddDays(-30), null));

        (await RunAsync(session.ReadAsync(Existing, TimeSpan.FromSeconds(seconds), Cancellation)))
            .ShouldBe(new Outcome.Done(posts));
    }

    [Fact]
    public async Task JoiningAddsASubscriberOnce()
    {
        pool = ChannelPool.Of([Listed("@listed", 1000), Listed("@unlisted", null)]);
        var sandbox = Sandbox(pace: 0);
        var (listed, unlisted) = (ChannelName.Parse("@listed"), ChannelName.Parse("@unlisted"));
        var drawn = sandbox.Subscribers(unlisted);
        foreach (var name in new[] { "alice", "bob" })
        {
            var session = await OnlineAsync(sandbox, SessionId.Parse(name));
            await session.JoinAsync(listed, Cancellation);
            await session.JoinAsync(listed, Cancellation);
            await session.JoinAsync(unlisted, Cancellation);
        }

        sandbox.Subscribers(listed).ShouldBe(1002);
        sandbox.Subscribers(unlisted).ShouldBe(drawn + 2);
        Sandbox().Subscribers(unlisted).ShouldBe(drawn);
        sandbox.Subscribers(Missing).ShouldBeNull();
    }

    [Fact]
    public async Task AnAccountIsInFiveHundredChannelsAtMost()
    {
        var joined = pool.All.Take(499).Select(channel => new Membership(channel.Name, Now, null));
        var session = await OnlineAsync(Sandbox(pace: 0), [.. joined]);

        (await session.JoinAsync(pool.All[499].Name, Cancellation)).ShouldBe(Outcome.Done.Plain);
        (await session.JoinAsync(pool.All[500].Name, Cancellation)).ShouldBe(Refused(400, "CHANNELS_TOO_MUCH"));
        (await session.JoinAsync(pool.All[3].Name, Cancellation)).ShouldBe(Outcome.Done.Plain);
        (await session.ReadAsync(pool.All[500].Name, default, Cancellation)).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task AChannelThatLeftThePoolIsThereForItsMembersOnly()
    {
        var sandbox = Sandbox(pace: 0);
        var name = pool.All[0].Name;
        var member = await OnlineAsync(sandbox, new Membership(name, Now, null));
        var stranger = await OnlineAsync(sandbox);
        pool = ChannelPool.VerifiedOnly;

        (await member.ReadAsync(name, default, Cancellation)).ShouldBe(Outcome.Done.Plain);
        (await stranger.JoinAsync(name, Cancellation)).ShouldBe(Refused(400, "USERNAME_NOT_OCCUPIED"));
    }

    [Fact]
    public async Task AnAnswerTakesALittleTime()
    {
        var session = await OnlineAsync(Sandbox());
        var before = Now;
        await RunAsync(session.JoinAsync(Existing, Cancellation));

        var latency = Now - before;
        latency.ShouldBeInRange(
            SandboxFigures.LatencyMin, SandboxFigures.LatencyMax + TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task ASessionsAnswersDoNotDependOnWhatOthersDo()
    {
        var alone = await TranscriptAsync("alice");
        var among = await TranscriptAsync("bob", "alice", "carol");

        among["alice"].ShouldBe(alone["alice"]);
        among["bob"].ShouldNotBe(among["carol"]);
        alone["alice"].Distinct().Count().ShouldBeGreaterThan(3);
    }

    protected override Task<T> RunAsync<T>(ValueTask<T> call) => clock.RunAsync(call);

    protected override void Pass(TimeSpan time) => clock.Pass(time);

    private static Channel Listed(string name, long? subscribers) =>
        new(ChannelName.Parse(name), "", "News", subscribers, null);

    private static Outcome.Refused Refused(int code, string message) => new(new TelegramError(code, message));

    private SandboxTelegram Sandbox(double pace = 1, string faults = "") => new(
        () => pool, clock, new Pace(pace), new Seed(7),
        SandboxFaults.TryParse(faults, out var read, out _) ? read : SandboxFaults.None);

    private static Task<SandboxSession> OnlineAsync(SandboxTelegram sandbox, params Membership[] remembered) =>
        OnlineAsync(sandbox, Alice, remembered);

    private static async Task<SandboxSession> OnlineAsync(
        SandboxTelegram sandbox, SessionId session, params Membership[] remembered) =>
        (await sandbox.ConnectAsync(session, remembered, default, Cancellation)).Session.ShouldBeOfType<SandboxSession>();

    /// <summary>What each of these sessions hears, when they take turns.</summary>
    private async Task<Dictionary<string, List<string>>> TranscriptAsync(params string[] names)
    {
        var sandbox = Sandbox(
            pace: 0, "flood_wait:0.2,private:0.1,join_request:0.1,not_occupied:0.1,offline:0.1,frozen:0.01");
        var sessions = new Dictionary<string, SandboxSession>();
        foreach (var name in names) sessions[name] = await OnlineAsync(sandbox, SessionId.Parse(name));
        var heard = names.ToDictionary(name => name, _ => new List<string>());
        foreach (var channel in pool.All.Take(60))
            foreach (var name in names)
                heard[name].Add((await sessions[name].JoinAsync(channel.Name, Cancellation)).ToString());
        return heard;
    }
}
