using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Tests.Runs;

/// <summary>What every Telegram keeps, as far as can be seen through <see cref="ITelegram"/>.</summary>
public abstract class TelegramContract
{
    protected static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly CancellationToken Cancelled = new(canceled: true);

    /// <summary>The Telegram under test.</summary>
    protected abstract ITelegram Telegram { get; }

    /// <summary>A public channel that is there, with posts in the last days.</summary>
    protected abstract ChannelName Existing { get; }

    /// <summary>A good name that no channel has.</summary>
    protected abstract ChannelName Missing { get; }

    /// <summary>The time that <see cref="Telegram"/> sees.</summary>
    protected abstract DateTimeOffset Now { get; }

    /// <summary>Lets as much time pass as the call needs.</summary>
    protected abstract Task<T> RunAsync<T>(ValueTask<T> call);

    /// <summary>Lets this much time pass.</summary>
    protected abstract void Pass(TimeSpan time);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AJoinIsDoneAndDoneAgain()
    {
        await using var session = await OnlineAsync();

        (await RunAsync(session.JoinAsync(Existing, Cancellation))).ShouldBe(Outcome.Done.Plain);
        (await RunAsync(session.JoinAsync(Existing, Cancellation))).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task AMemberJoinsAtOnceUnderAnyCaseOfTheName()
    {
        await using var session = await OnlineAsync(new Membership(Existing, Now.AddDays(-3), null));

        var upper = ChannelName.Parse(Existing.Value.ToUpperInvariant());
        var join = session.JoinAsync(upper, Cancellation);

        join.IsCompleted.ShouldBeTrue();
        (await join).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task ANameThatNoChannelHasIsRefused()
    {
        await using var session = await OnlineAsync();

        foreach (var outcome in new[]
        {
            await RunAsync(session.JoinAsync(Missing, Cancellation)),
            await RunAsync(session.ReadAsync(Missing, FiveSeconds, Cancellation)),
        })
            outcome.ShouldBe(new Outcome.Refused(new TelegramError(400, "USERNAME_NOT_OCCUPIED")));
    }

    [Fact]
    public async Task AReadingTakesItsTime()
    {
        await using var session = await OnlineAsync();
        var before = Now;

        await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation));

        (Now - before).TotalSeconds.ShouldBe(5, 0.5);
    }

    [Fact]
    public async Task AChannelCanBeReadUnjoinedAndThenNothingIsMarked()
    {
        await using var session = await OnlineAsync();

        (await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation))).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task UnreadPostsAreMarkedReadOnce()
    {
        await using var session = await OnlineAsync(new Membership(Existing, Now.AddDays(-9), Now.AddDays(-3)));

        var first = await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation));
        var second = await RunAsync(session.ReadAsync(Existing, TimeSpan.FromSeconds(3), Cancellation));

        first.ShouldBeOfType<Outcome.Done>().PostsRead.ShouldBeGreaterThan(0);
        second.ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task ACancelledReadingEndsAtOnceAndMarksNothing()
    {
        await using var session = await OnlineAsync(new Membership(Existing, Now.AddDays(-9), Now.AddDays(-3)));
        using var cancel = new CancellationTokenSource();

        var reading = session.ReadAsync(Existing, FiveSeconds, cancel.Token);
        Pass(TimeSpan.FromSeconds(2));
        await cancel.CancelAsync();

        (await reading).ShouldBe(Outcome.Cancelled.Instance);
        var again = await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation));
        again.ShouldBeOfType<Outcome.Done>().PostsRead.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AJoinThatIsOnItsWayIsNotCalledBack()
    {
        await using var session = await OnlineAsync();
        using var cancel = new CancellationTokenSource();

        var join = session.JoinAsync(Existing, cancel.Token);
        await cancel.CancelAsync();

        join.IsCompleted.ShouldBeFalse();
        (await RunAsync(join)).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task WhatIsCancelledBeforehandDoesNotHappen()
    {
        await using var session = await OnlineAsync();

        (await session.JoinAsync(Existing, Cancelled)).ShouldBe(Outcome.Cancelled.Instance);
        (await session.ReadAsync(Existing, FiveSeconds, Cancelled)).ShouldBe(Outcome.Cancelled.Instance);
        (await Telegram.ConnectAsync(Alice, [], default, Cancelled)).ShouldBe(new Connection(null, Outcome.Cancelled.Instance));
    }

    [Fact]
    public async Task AfterItsDisposalASessionIsOfNoUseAndCanComeOnlineAgain()
    {
        var session = await OnlineAsync();
        await session.DisposeAsync();
        await session.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(session.JoinAsync(Existing, Cancellation).AsTask());
        await using var again = await OnlineAsync();
        (await RunAsync(again.JoinAsync(Existing, Cancellation))).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public void ThereIsNothingThatItCouldWrite() =>
        typeof(ITelegramSession).GetMethods().Select(method => method.Name)
            .ShouldBe([nameof(ITelegramSession.JoinAsync), nameof(ITelegramSession.ReadAsync)]);

    [Fact]
    public void WhatNoSessionAsksChangesNothing() =>
        typeof(ITelegram).GetMethods().Where(method => !method.IsSpecialName).Select(method => method.Name).Order()
            .ShouldBe([nameof(ITelegram.ConnectAsync), nameof(ITelegram.LookUpAsync), nameof(ITelegram.SimilarAsync)]);

    [Fact]
    public async Task ALookUpTellsWhatANameLeadsTo()
    {
        var upper = ChannelName.Parse(Existing.Value.ToUpperInvariant());

        foreach (var name in new[] { Existing, upper })
        {
            var answer = await RunAsync(Telegram.LookUpAsync(name, Cancellation));

            answer.Failure.ShouldBeNull();
            var found = answer.Found.ShouldNotBeNull();
            (found.Kind, found.Name, found.IsRestricted).ShouldBe((ChatKind.Channel, Existing, false));
            found.Title.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task ALookUpOfANameThatNobodyHasSaysSo() =>
        (await RunAsync(Telegram.LookUpAsync(Missing, Cancellation)))
            .ShouldBe(new LookUp(null, new Outcome.Refused(new TelegramError(400, "USERNAME_NOT_OCCUPIED"))));

    [Fact]
    public async Task SimilarChannelsAreOthersWithNames()
    {
        var answer = await RunAsync(Telegram.SimilarAsync(Existing, Cancellation));

        answer.Failure.ShouldBeNull();
        answer.Channels.ShouldNotBeEmpty();
        answer.Channels.ShouldAllBe(chat => chat.Kind == ChatKind.Channel && chat.Name != null && chat.Name != Existing);
        answer.Channels.Select(chat => chat.Name).ShouldBeUnique();
    }

    [Fact]
    public async Task ACancelledLookUpIsNoAnswer()
    {
        (await Telegram.LookUpAsync(Existing, Cancelled)).ShouldBe(new LookUp(null, Outcome.Cancelled.Instance));
        (await Telegram.SimilarAsync(Existing, Cancelled)).Failure.ShouldBe(Outcome.Cancelled.Instance);
    }

    private async Task<ITelegramSession> OnlineAsync(params Membership[] remembered) =>
        (await RunAsync(Telegram.ConnectAsync(Alice, remembered, default, Cancellation))).Session.ShouldNotBeNull();
}
