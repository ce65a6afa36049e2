using System.Text.Json.Nodes;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// kill -9 at an edge of a step, with the server as the witness: nothing is joined twice, and nothing is joined and not
/// remembered.
/// </summary>
public abstract class KilledSittings : LoopbackTest
{
    /// <summary>The process is killed while the server holds a method back, and the sitting goes on in another.</summary>
    /// <param name="method">The method.</param>
    /// <param name="hold"><c>before</c> the server does it, or <c>after</c>, so that only the server knows of it.</param>
    protected async Task KillAsync(string method, string hold)
    {
        await BeginAsync();
        await Telegram.DoAsync(new JsonObject { ["do"] = "fault", ["method"] = method, ["hold"] = hold, ["times"] = 1 });
        await using (var killed = Start("warmup", "alice"))
        {
            await Telegram.UntilAsync(method, isAnswered: hold == "after");
            await killed.KillAsync();
        }
        await Telegram.DoAsync(new JsonObject { ["do"] = "clear" });
        await ShouldGoOnAsync();
    }

    /// <summary>The process is killed as soon as a method was answered.</summary>
    protected async Task KillAfterAsync(string method)
    {
        await BeginAsync();
        await using (var killed = Start("warmup", "alice"))
        {
            await Telegram.UntilAsync(method, isAnswered: true);
            await killed.KillAsync();
        }
        await ShouldGoOnAsync();
    }

    private async Task BeginAsync()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
    }

    private async Task ShouldGoOnAsync()
    {
        await DoneAsync("warmup", "alice");

        (await HistoryAsync("alice")).ShouldBe(["join_channel", "read_messages", "idle"]);
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(20);
        // What was held and never done may be asked for once more; what was done may not.
        (await Telegram.SeenAsync()).Count(call => call is { Method: "channels.joinChannel", Answer: "ok" }).ShouldBe(1);
    }
}

/// <summary>At the edges of a join.</summary>
public sealed class KilledWhileJoiningTests : KilledSittings
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public Task NothingIsJoinedTwiceOrForgotten(string hold) => KillAsync("channels.joinChannel", hold);

    [Fact]
    public Task AJoinThatWasAnsweredAMomentAgoIsRemembered() => KillAfterAsync("channels.joinChannel");
}

/// <summary>At the edges of a reading.</summary>
public sealed class KilledWhileReadingTests : KilledSittings
{
    [Fact]
    public Task AReadingThatHadNotBegunIsDoneByTheNext() => KillAsync("messages.getHistory", "before");

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public Task AMarkThatWasOnItsWayIsSetOnce(string hold) => KillAsync("channels.readHistory", hold);
}
