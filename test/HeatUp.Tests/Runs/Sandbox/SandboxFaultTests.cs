using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs.Sandbox;

public sealed class SandboxFaultTests
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly ChannelName Durov = ChannelName.Parse("@durov");
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly ChannelPool pool = ChannelPool.Of(Enumerable.Range(0, 1000)
        .Select(number => new Channel(ChannelName.Parse($"@channel{number:000}"), "", "News", null, null)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("private:1", "406 CHANNEL_PRIVATE", "406 CHANNEL_PRIVATE")]
    [InlineData("not_occupied:1", "400 USERNAME_NOT_OCCUPIED", "400 USERNAME_NOT_OCCUPIED")]
    [InlineData("join_request:1", "400 INVITE_REQUEST_SENT", null)]
    [InlineData("channels_too_much:1", "400 CHANNELS_TOO_MUCH", null)]
    [InlineData("offline:0", null, null)]
    public async Task ARefusalIsWordedAsTheRealOne(string faults, string? join, string? read)
    {
        var session = await OnlineAsync(Sandbox(faults, Pace.None));

        (await session.JoinAsync(Durov, Cancellation)).Error?.ToString().ShouldBe(join);
        (await session.ReadAsync(Durov, default, Cancellation)).Error?.ToString().ShouldBe(join is null ? null : read);
    }

    [Theory]
    [InlineData("private:1")]
    [InlineData("not_occupied:1")]
    public async Task AMemberIsLetInWhereOthersAreNot(string faults)
    {
        var joinedBefore = new Membership(Durov, clock.GetUtcNow().AddDays(-3), null);
        var session = await OnlineAsync(Sandbox(faults, Pace.None), joinedBefore);

        (await session.JoinAsync(Durov, Cancellation)).ShouldBe(Outcome.Done.Plain);
        (await session.ReadAsync(Durov, default, Cancellation))
            .ShouldBeOfType<Outcome.Done>().PostsRead.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("not_occupied:1", null, "400 USERNAME_NOT_OCCUPIED")]
    [InlineData("vanished:1", null, "400 USERNAME_NOT_OCCUPIED")]
    [InlineData("private:1", null, "406 CHANNEL_PRIVATE")]
    [InlineData("renamed:1", "Channel @durov_renamed", null)]
    [InlineData("restricted:1", "Channel @durov restricted", null)]
    [InlineData("flood_wait:0", "Channel @durov", null)]
    public async Task ALookUpMeetsTheChannelsFaults(string faults, string? found, string? error)
    {
        var answer = await Sandbox(faults, Pace.None).LookUpAsync(Durov, Cancellation);

        answer.Failure?.Error?.ToString().ShouldBe(error);
        (answer.Found is { } chat ? $"{chat.Kind} {chat.Name}{(chat.IsRestricted ? " restricted" : "")}" : null).ShouldBe(found);
    }

    [Fact]
    public async Task ACallCanFailWithoutASession()
    {
        (await Sandbox("offline:1", Pace.None).LookUpAsync(Durov, Cancellation)).Failure!.Error!.Kind.ShouldBe(TelegramErrorKind.Offline);
        (await Sandbox("banned:1", Pace.None).SimilarAsync(Durov, Cancellation)).Failure.ShouldBeOfType<Outcome.AccountLost>();
    }

    [Fact]
    public async Task WhatIsNoChannelIsSomethingElseAndCannotBeJoined()
    {
        var sandbox = Sandbox("not_a_channel:1", Pace.None);
        var kinds = new HashSet<ChatKind>();
        foreach (var channel in pool.All.Take(50))
            kinds.Add((await sandbox.LookUpAsync(channel.Name, Cancellation)).Found!.Kind);

        kinds.ShouldBe([ChatKind.Group, ChatKind.Bot, ChatKind.Person], ignoreOrder: true);
        var session = await OnlineAsync(sandbox);
        (await session.JoinAsync(Durov, Cancellation)).Error!.Kind.ShouldBe(TelegramErrorKind.NotJoinable);
    }

    [Fact]
    public async Task WhatVanishesComesBack()
    {
        var sandbox = Sandbox("vanished:0.3", Pace.None);
        var there = new List<bool>();
        for (var fortnight = 0; fortnight < 60; fortnight++, clock.Advance(SandboxFigures.StateFor))
        {
            var found = (await sandbox.LookUpAsync(Durov, Cancellation)).Found is not null;
            var session = await OnlineAsync(sandbox);
            ((await session.ReadAsync(Durov, default, Cancellation)) is Outcome.Done).ShouldBe(found);
            there.Add(found);
        }

        there.Count(found => !found).ShouldBeInRange(8, 30);
        there.Zip(there.Skip(1)).Count(pair => pair is { First: false, Second: true }).ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task ACountIsTheListedOneUnlessTheSandboxIsToDrawIt()
    {
        (await Sandbox("recounted:0", Pace.None).LookUpAsync(Durov, Cancellation)).Found!.Members.ShouldBeNull();
        (await Sandbox("recounted:1", Pace.None).LookUpAsync(Durov, Cancellation)).Found!.Members.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AChannelIsPrivateForEverybodyOrNobody()
    {
        var sandbox = Sandbox("private:0.3", Pace.None);
        var outcomes = new List<string>();
        foreach (var name in new[] { "alice", "bob" })
        {
            var session = await OnlineAsync(sandbox, SessionId.Parse(name));
            foreach (var channel in pool.All.Take(400))
                outcomes.Add((await session.JoinAsync(channel.Name, Cancellation)).Word);
        }

        outcomes[..400].ShouldBe(outcomes[400..]);
        outcomes[..400].Count(word => word == "refused").ShouldBeInRange(90, 150);
    }

    [Theory]
    [InlineData("revoked:1", "401 SESSION_REVOKED", "401 Unauthorized")]
    [InlineData("banned:1", "401 USER_DEACTIVATED_BAN", "401 Unauthorized")]
    [InlineData("frozen:1", "406 FROZEN_METHOD_INVALID", "406 FROZEN_METHOD_INVALID")]
    [InlineData("peer_flood:1", "400 PEER_FLOOD", "400 PEER_FLOOD")]
    public async Task ALostAccountStaysLost(string faults, string first, string later)
    {
        var sandbox = Sandbox(faults, Pace.None);
        var session = await OnlineAsync(sandbox);

        var lost = await session.JoinAsync(Durov, Cancellation);
        var afterwards = await session.ReadAsync(Durov, default, Cancellation);
        var (again, failure) = await sandbox.ConnectAsync(Alice, [], default, Cancellation);
        var next = failure ?? await again!.JoinAsync(Durov, Cancellation);

        lost.ShouldBeOfType<Outcome.AccountLost>().Error.ToString().ShouldBe(first);
        afterwards.ShouldBeOfType<Outcome.AccountLost>().Error.ToString().ShouldBe(later);
        next.ShouldBeOfType<Outcome.AccountLost>().Error.ToString().ShouldBe(later);
    }

    [Fact]
    public async Task FloodWaitsUpToAMinuteAreSilentAndLongerOnesErrors()
    {
        var sandbox = Sandbox("flood_wait:1", Pace.Real);
        var (silent, errors) = (0, 0);
        foreach (var number in Enumerable.Range(0, 60))
        {
            var session = await OnlineAsync(sandbox, SessionId.Parse($"s{number}"));
            var before = clock.GetUtcNow();
            var outcome = await clock.RunAsync(session.JoinAsync(Durov, Cancellation));
            var took = clock.GetUtcNow() - before;
            if (outcome is Outcome.MustWait wait)
            {
                errors++;
                took.ShouldBeLessThan(TimeSpan.FromSeconds(1));
                wait.Why.Code.ShouldBe(429);
                wait.Why.RetryAfter.ShouldBeInRange(TimeSpan.FromSeconds(61), TimeSpan.FromDays(1));
            }
            else
            {
                silent++;
                outcome.ShouldBe(Outcome.Done.Plain);
                took.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(61));
            }
        }
        silent.ShouldBeInRange(6, 25);
        errors.ShouldBe(60 - silent);
    }

    [Fact]
    public async Task ACancelledJoinSitsOutItsSilentFloodWait()
    {
        var sandbox = Sandbox("flood_wait:1", Pace.Real);
        var times = new List<double>();
        for (var number = 0; number < 30; number++)
        {
            using var cancel = new CancellationTokenSource();
            var session = await OnlineAsync(sandbox, SessionId.Parse($"s{number}"));
            var before = clock.GetUtcNow();
            var join = session.JoinAsync(Durov, cancel.Token);
            await cancel.CancelAsync();
            if (await clock.RunAsync(join) is Outcome.Done) times.Add((clock.GetUtcNow() - before).TotalSeconds);
        }

        times.Count.ShouldBeGreaterThan(2);
        times.ShouldAllBe(time => time >= 5);
    }

    [Fact]
    public async Task WithoutANetworkTheAnswerIsNoneAfterTheDeadline()
    {
        var sandbox = Sandbox("offline:1", Pace.Real);
        var before = clock.GetUtcNow();

        var (session, failure) = await clock.RunAsync(sandbox.ConnectAsync(Alice, [], default, Cancellation));

        session.ShouldBeNull();
        failure.ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
        (clock.GetUtcNow() - before).TotalSeconds.ShouldBe(RunLimits.AnswerWithin.TotalSeconds, 0.2);
    }

    [Fact]
    public async Task ACallThatMeetsNoNetworkCanBeCalledBack()
    {
        // Half of the calls, so that the session comes online and then meets it.
        var sandbox = Sandbox("offline:0.5", Pace.Real);
        using var cancel = new CancellationTokenSource();
        var connecting = Enumerable.Range(0, 40)
            .Select(number => sandbox.ConnectAsync(SessionId.Parse($"s{number}"), [], default, cancel.Token))
            .Where(connection => connection.IsCompleted).Select(connection => connection.AsTask());
        var sessions = (await Task.WhenAll(connecting)).Select(connection => connection.Session!);

        var joins = sessions.Select(session => session.JoinAsync(Durov, cancel.Token).AsTask()).ToList();
        clock.Pass(TimeSpan.FromSeconds(5));
        var waiting = joins.Where(join => !join.IsCompleted).ToList();
        await cancel.CancelAsync();

        waiting.Count.ShouldBeInRange(3, 20);
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome == Outcome.Cancelled.Instance);
    }

    [Fact]
    public async Task FaultsByCallComeAsOftenAsAskedFor()
    {
        var sandbox = Sandbox("flood_wait:0.2", Pace.None);
        var waits = 0;
        foreach (var name in Enumerable.Range(0, 100))
        {
            var session = await OnlineAsync(sandbox, SessionId.Parse($"s{name}"));
            foreach (var channel in pool.All.Take(20))
                if (await session.JoinAsync(channel.Name, Cancellation) is Outcome.MustWait)
                    waits++;
        }

        // A quarter of the waits is short, and silent at no pace.
        waits.ShouldBeInRange(250, 350);
    }

    [Fact]
    public async Task ANewSittingDrawsAnew()
    {
        var sandbox = Sandbox("flood_wait:0.5", Pace.None);
        var sittings = new List<string>();
        for (var sitting = 0; sitting < 50; sitting++)
        {
            var session = await OnlineAsync(sandbox);
            var words = new List<string>();
            foreach (var channel in pool.All.Take(6))
                words.Add((await session.JoinAsync(channel.Name, Cancellation)).Word);
            sittings.Add(string.Join(' ', words));
            clock.Advance(TimeSpan.FromHours(5));
        }

        sittings.Distinct().Count().ShouldBeGreaterThan(20);
    }

    private SandboxTelegram Sandbox(string faults, Pace pace)
    {
        SandboxFaults.TryParse(faults, out var read, out _).ShouldBeTrue();
        return new SandboxTelegram(() => pool, clock, pace, new Seed(7), read!);
    }

    private static Task<ITelegramSession> OnlineAsync(SandboxTelegram sandbox, params Membership[] remembered) =>
        OnlineAsync(sandbox, Alice, remembered);

    private static async Task<ITelegramSession> OnlineAsync(
        SandboxTelegram sandbox, SessionId session, params Membership[] remembered) =>
        (await sandbox.ConnectAsync(session, remembered, default, Cancellation)).Session.ShouldNotBeNull();
}
