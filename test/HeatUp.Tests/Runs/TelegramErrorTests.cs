using HeatUp.Runs;
using HeatUp.Tests.Support;
using Kind = HeatUp.Runs.TelegramErrorKind;

namespace HeatUp.Tests.Runs;

public sealed class TelegramErrorTests
{
    [Theory]
    [InlineData(400, "USERNAME_NOT_OCCUPIED", Kind.NotOccupied, "refused")]
    [InlineData(400, "USERNAME_INVALID", Kind.NotOccupied, "refused")]
    [InlineData(200, "Username is invalid", Kind.NotOccupied, "refused")]
    [InlineData(400, "Chat not found", Kind.ChatUnknown, "refused")]
    [InlineData(400, "Can't access the chat", Kind.ChatUnknown, "refused")]
    [InlineData(500, "Requested data is inaccessible", Kind.RetryLater, "refused")]
    [InlineData(500, "Request aborted", Kind.RetryLater, "refused")]
    [InlineData(-503, "Timeout", Kind.RetryLater, "refused")]
    [InlineData(400, "Can't return to kicked from chat", Kind.Private, "refused")]
    [InlineData(406, "CHANNEL_PRIVATE", Kind.Private, "refused")]
    [InlineData(400, "CHANNEL_PRIVATE", Kind.Private, "refused")]
    [InlineData(400, "CHANNELS_TOO_MUCH", Kind.AccountFull, "refused")]
    [InlineData(400, "USER_CHANNELS_TOO_MUCH", Kind.AccountFull, "refused")]
    [InlineData(400, "CHANNEL_INVALID", Kind.NotJoinable, "refused")]
    [InlineData(406, "INVITE_HASH_EXPIRED", Kind.NotJoinable, "refused")]
    [InlineData(400, "INVITE_REQUEST_DECLINED", Kind.NotJoinable, "refused")]
    [InlineData(400, "INVITE_REQUEST_SENT", Kind.JoinRequested, "refused")]
    [InlineData(400, "USER_ALREADY_PARTICIPANT", Kind.AlreadyMember, "done")]
    [InlineData(406, "FROZEN_METHOD_INVALID", Kind.Frozen, "account_lost")]
    [InlineData(400, "FROZEN_PARTICIPANT_MISSING", Kind.Frozen, "account_lost")]
    [InlineData(400, "PEER_FLOOD", Kind.PeerFlood, "account_lost")]
    [InlineData(401, "Unauthorized", Kind.AccountLost, "account_lost")]
    [InlineData(401, "USER_DEACTIVATED_BAN", Kind.AccountLost, "account_lost")]
    [InlineData(401, "SESSION_REVOKED", Kind.AccountLost, "account_lost")]
    [InlineData(401, "AUTH_KEY_UNREGISTERED", Kind.AccountLost, "account_lost")]
    [InlineData(406, "AUTH_KEY_DUPLICATED", Kind.AccountLost, "account_lost")]
    [InlineData(401, "Wrong database encryption key", Kind.Unknown, "refused")]
    [InlineData(429, "Too Many Requests: retry after 32", Kind.FloodWait, "must_wait")]
    [InlineData(420, "FLOOD_WAIT_7", Kind.FloodWait, "must_wait")]
    [InlineData(420, "FLOOD_PREMIUM_WAIT_7", Kind.FloodWait, "must_wait")]
    [InlineData(429, "Too Many Requests", Kind.FloodWait, "must_wait")]
    [InlineData(400, "NEVER_HEARD_OF", Kind.Unknown, "refused")]
    [InlineData(400, "", Kind.Unknown, "refused")]
    public void AnErrorIsUnderstoodOnce(int code, string message, Kind kind, string outcome)
    {
        var error = new TelegramError(code, message);

        error.Kind.ShouldBe(kind);
        error.ToOutcome(FakeTime.Noon).Word.ShouldBe(outcome);
        error.ToString().ShouldBe($"{code} {message}");
    }

    [Theory]
    [InlineData(429, "Too Many Requests: retry after 61", 61)]
    [InlineData(420, "FLOOD_WAIT_3600", 3600)]
    [InlineData(429, "Too Many Requests: retry after 1209600", 1209600)]
    [InlineData(429, "Too Many Requests: retry after 0", 0)]
    public void AWaitEndsWhenItsSecondsAreOver(int code, string message, int seconds)
    {
        var error = new TelegramError(code, message);

        error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
        error.ToOutcome(FakeTime.Noon).ShouldBe(new Outcome.MustWait(FakeTime.Noon.AddSeconds(seconds), error));
    }

    [Theory]
    [InlineData("Too Many Requests")]
    [InlineData("Too Many Requests: retry after a while")]
    [InlineData("Too Many Requests: retry after 99999999999999999999")]
    [InlineData("Too Many Requests: retry after -5")]
    public void AWaitThatCannotBeReadEndsTheSitting(string message)
    {
        var error = new TelegramError(429, message);

        error.RetryAfter.ShouldBeGreaterThan(RunLimits.MustWaitMax);
        RunEnd.After(error.ToOutcome(FakeTime.Noon))!.Code.ShouldBe(EndCode.MustWait);
    }

    [Fact]
    public void OurOwnErrorsAreUnderstoodLikeTelegrams()
    {
        TelegramError.NoAnswer.Kind.ShouldBe(Kind.Offline);
        TelegramError.JoinRequested.Kind.ShouldBe(Kind.JoinRequested);
        new TelegramError(TelegramError.NoAnswer.Code, TelegramError.NoAnswer.Message).ShouldBe(TelegramError.NoAnswer);
    }
}
