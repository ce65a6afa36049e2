using HeatUp.Runs;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>A client over a boundary that the test speaks for, on a clock that it holds.</summary>
public sealed class TdClientTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly ScriptedTdJson json = new();
    private readonly FakeLogger log = new();
    private readonly List<LateAnswer> late = [];
    private readonly TdClient client;

    public TdClientTests()
    {
        client = new TdClient(json, clock, log);
        client.Late += late.Add;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        json.OnSend = _ => json.Enter("Closed");
        if (json.Knows(1)) await client.DisposeAsync();
    }

    [Fact]
    public async Task AnAnswerFindsItsRequestInAnyOrder()
    {
        var chat = client.SendAsync(new OpenChat(1), Deadline, Cancellation);
        var me = client.SendAsync(new GetMe(), Deadline, Cancellation);

        json.Answer(1, """{"@type":"user","id":777123,"first_name":"Owner","nobody_knows_this":{"a":[1]}""");
        me.IsCompleted.ShouldBeTrue();
        chat.IsCompleted.ShouldBeFalse();
        json.Answer(0, """{"@type":"ok" """);

        (await me).Reply.ShouldBe(new User(777123, "Owner"));
        (await chat).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task AnAnswerFromWithinTheSendingIsHeard()
    {
        json.OnSend = _ => json.Answer(0, """{"@type":"error","code":429,"message":"Too Many Requests: retry after 183" """);

        var answer = client.SendAsync(new JoinChat(1), Deadline, Cancellation);

        answer.IsCompleted.ShouldBeTrue();
        (await answer).Error.ShouldNotBeNull().RetryAfter.ShouldBe(TimeSpan.FromSeconds(183));
    }

    [Fact]
    public async Task WhatIsNotAnsweredInTimeIsNoAnswerAndWhatComesThenIsLate()
    {
        var answer = client.SendAsync(new JoinChat(-100123), RunLimits.AnswerWithin, Cancellation);
        clock.Advance(RunLimits.AnswerWithin - TimeSpan.FromSeconds(1));
        answer.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await answer).Error.ShouldBe(TelegramError.NoAnswer);
        late.ShouldBeEmpty();

        clock.Advance(TimeSpan.FromSeconds(30));
        json.Answer(0, """{"@type":"chatJoinResultSuccess","chat_id":-100123""");
        json.Answer(0, """{"@type":"chatJoinResultSuccess","chat_id":-100123""");

        late.ShouldBe([new LateAnswer(new JoinChat(-100123), new ChatJoinResult.Success(), null, TimeSpan.FromSeconds(120))]);
        log.Collector.GetSnapshot().Select(record => record.Message).ShouldBe([
            "TDLib did not answer joinChat within 90 s", "TDLib answered joinChat late, after 120 s: Success"]);
    }

    [Fact]
    public async Task ACancelledWaitingDoesNotTakeBackWhatWasSent()
    {
        using var cancel = new CancellationTokenSource();
        var answer = client.SendAsync(new JoinChat(1), Deadline, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(answer.AsTask());

        json.Answer(0, """{"@type":"error","code":400,"message":"CHANNEL_PRIVATE" """);

        late.Single().Error.ShouldBe(new TelegramError(400, "CHANNEL_PRIVATE"));
    }

    [Fact]
    public async Task WhatIsCancelledBeforehandIsNotSent()
    {
        await Should.ThrowAsync<OperationCanceledException>(
            client.SendAsync(new JoinChat(1), Deadline, new CancellationToken(canceled: true)).AsTask());

        json.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"@type":"chat","id":"no number" """, "TDLib's answer can't be read: chat")]
    [InlineData("""{"@type":"chat","id":1""", "TDLib's answer can't be read: chat")]
    [InlineData("""{"@type":"ok" """, "TDLib answered with another class: Ok")]
    [InlineData("""{"@type":"chatOfTomorrow","id":1""", "TDLib answered with another class: TdObject")]
    public async Task AnAnswerThatIsNotUnderstoodIsAnError(string answer, string said)
    {
        var chat = client.SendAsync(new GetChat(1), Deadline, Cancellation);

        json.Answer(0, answer);

        (await chat).Error.ShouldBe(new TelegramError(500, said));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"@type\":\"updateUser\"")]
    [InlineData("{\"@type\":\"updateAuthorizationState\"}")]
    [InlineData("{\"@type\":\"updateFreezeState\",\"is_frozen\":7}")]
    public void AnEventThatCannotBeReadIsLoggedWithoutItsValuesAndTheNextIsHeard(string received)
    {
        json.Say(received);
        json.Enter("WaitPhoneNumber");

        client.State.ShouldBeOfType<AuthorizationState.WaitPhoneNumber>();
        log.Collector.GetSnapshot().Single().Level.ShouldBe(LogLevel.Warning);
    }

    [Fact]
    public async Task UpdatesComeInOrderAndBeforeTheAnswerThatFollowsThem()
    {
        using var watch = client.Watch();
        var login = client.SendAsync(new CheckAuthenticationCode("12345"), Deadline, Cancellation);
        json.Enter("WaitRegistration");
        json.Say("""{"@type":"updateOfTomorrow","x":1}""");
        json.Say("""{"@type":"updateConnectionState","state":{"@type":"connectionStateReady"},"@client_id":1}""");
        json.Say("""{"@type":"updateFreezeState","is_frozen":true,"freezing_date":1,"deletion_date":2,"appeal_link":"x"}""");
        login.IsCompleted.ShouldBeFalse();
        json.Answer(0, """{"@type":"ok" """);
        await login;

        var seen = new List<TdUpdate>();
        while (watch.Updates.TryRead(out var update)) seen.Add(update);
        seen.ShouldBe([
            new TdUpdate.OfAuthorization(new AuthorizationState.WaitRegistration()),
            new TdUpdate.OfConnection(new TdClass("connectionStateReady")),
            new TdUpdate.OfFreeze(true)]);
    }

    [Fact]
    public async Task AStateIsAwaitedUntilItComesOrTheDeadline()
    {
        static bool IsReady(AuthorizationState state) => state is AuthorizationState.Ready;
        var never = client.StateAsync(IsReady, Deadline, Cancellation);
        clock.Advance(Deadline);
        (await never).ShouldBeNull();

        var ready = client.StateAsync(IsReady, Deadline, Cancellation);
        json.Enter("WaitPhoneNumber");
        ready.IsCompleted.ShouldBeFalse();
        json.Enter("Ready");
        (await ready).ShouldBeOfType<AuthorizationState.Ready>();
        (await client.StateAsync(IsReady, Deadline, Cancellation)).ShouldNotBeNull("it is there already");
    }

    [Fact]
    public void AStateThatOnlyAnotherVersionKnowsIsSeenAsSuch()
    {
        json.Enter("WaitFingerprint");

        client.State.ShouldBe(new AuthorizationState());
    }

    [Fact]
    public async Task ClosingWaitsForTheEndAndAnswersWhatIsOnItsWay()
    {
        var pending = client.SendAsync(new GetMe(), Deadline, Cancellation);
        using var watch = client.Watch();
        var closing = client.CloseAsync();
        json.Answer(1, """{"@type":"ok" """);
        json.Enter("Closing");
        closing.IsCompleted.ShouldBeFalse();
        json.Enter("Closed");

        (await closing).ShouldBeTrue();
        (await pending).Error.ShouldBe(new TelegramError(500, "Request aborted"));
        (await client.SendAsync(new GetMe(), Deadline, Cancellation)).Error.ShouldBe(new TelegramError(500, "Request aborted"));
        (await client.CloseAsync()).ShouldBeTrue();
        json.Sent.Count.ShouldBe(2);
        json.Knows(1).ShouldBeFalse();
        while (watch.Updates.TryRead(out _)) { }
        watch.Updates.Completion.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task AClosingThatHangsIsGivenUpAndSaid()
    {
        (await clock.RunAsync(client.CloseAsync())).ShouldBeFalse();

        log.LatestRecord.Message.ShouldBe("TDLib's client did not close within 15 s");
    }

    [Fact]
    public async Task SecretsAreHiddenBeforeTheyAreSent()
    {
        var hidden = "";
        json.OnSend = _ => hidden = json.Redaction.Redact("with xyzzy9");

        var answer = client.SendAsync(new CheckAuthenticationPassword("xyzzy9"), Deadline, Cancellation);

        hidden.ShouldBe("with ***");
        json.Answer(0, """{"@type":"ok" """);
        await answer;
    }
}
