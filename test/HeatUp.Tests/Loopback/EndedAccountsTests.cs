namespace HeatUp.Tests.Loopback;

/// <summary>What ends an account or holds it back is kept, shown with what to do, and refuses the next sitting.</summary>
public sealed class EndedAccountsTests : LoopbackTest
{
    private const string LogIn = "heat account login alice";
    private const string Resume = "heat account resume alice";

    [Theory]
    [InlineData(401, "AUTH_KEY_UNREGISTERED", "logged out", LogIn)]
    [InlineData(401, "SESSION_REVOKED", "logged out", LogIn)]
    [InlineData(401, "SESSION_EXPIRED", "logged out", LogIn)]
    [InlineData(406, "AUTH_KEY_DUPLICATED", "two places", LogIn)]
    [InlineData(401, "USER_DEACTIVATED", "deleted at Telegram", "heat account logout alice")]
    [InlineData(401, "USER_DEACTIVATED_BAN", "banned", "Only Telegram can undo that")]
    [InlineData(400, "USER_DEACTIVATED_BAN", "banned", "Only Telegram can undo that")]
    [InlineData(420, "FROZEN_METHOD_INVALID", "stopped", Resume)]
    [InlineData(400, "FROZEN_PARTICIPANT_MISSING", "stopped", Resume)]
    [InlineData(400, "PEER_FLOOD", "stopped", Resume)]
    public async Task WhatAJoinMeetsHoldsForTheNextSitting(int code, string text, string state, string remedy)
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await Telegram.FailAsync("channels.joinChannel", code, text, times: 1);

        var first = await HeatAsync("warmup", "alice");
        first.Code.ShouldBe(1, first.Out);
        first.Out.ShouldContain(text);

        var listed = string.Join(' ', (await DoneAsync("account", "list")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        listed.ShouldContain(state);
        listed.ShouldContain(remedy);
        listed.ShouldNotContain("ready");
        var before = (await Telegram.SeenAsync()).Count;
        var next = await HeatAsync("warmup", "alice");
        next.Code.ShouldBe(1, next.Out);
        (next.Out + next.Error).ShouldContain(remedy);
        (await Telegram.SeenAsync()).Count.ShouldBe(before, "nothing is asked for");
        (await HistoryAsync("alice")).ShouldBeEmpty("nothing was done");
    }

    [Fact]
    public async Task AnAccountThatIsFrozenInASittingIsAskedNothingMore()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await using var sitting = Start("warmup", "alice");
        await Telegram.UntilAsync("channels.joinChannel", isAnswered: true);

        await Telegram.FreezeAsync(Phone);

        (await sitting.EndedAsync()).Code.ShouldBe(1);
        (await DoneAsync("account", "list")).ShouldContain("stopped");
        (await Telegram.CountAsync("messages.getHistory")).ShouldBe(0);
        (await HistoryAsync("alice")).ShouldBe(["join_channel"]);
    }
}
