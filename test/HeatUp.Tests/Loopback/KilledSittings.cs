namespace HeatUp.Tests.Loopback;

/// <summary>
/// kill -9 at an edge of a step, with the server as the witness: nothing is joined twice, and nothing is joined and not
/// remembered.
/// </summary>
public abstract class KilledSittings : LoopbackTest
{
    /// <summary>Who joins has all but the newest ten posts read.</summary>
    protected const int ReadByJoin = 10;

    protected const int ReadByAll = 20;

    /// <summary>The process is killed while the server holds a method back, and the sitting goes on in another.</summary>
    /// <param name="method">The method.</param>
    /// <param name="hold"><c>before</c> the server does it, or <c>after</c>, so that only the server knows of it.</param>
    /// <param name="isJoined">Whether the server has the account in the channel then.</param>
    /// <param name="read">Up to which post it is read then.</param>
    /// <param name="marked">Up to which post it is read at least in the end.</param>
    protected async Task KillAsync(string method, string hold, bool isJoined, int read, int marked = ReadByAll)
    {
        await BeginAsync();
        await Telegram.HoldAsync(method, hold);
        await using (var killed = Start("warmup", "alice"))
        {
            await Telegram.UntilAsync(method, isAnswered: hold == "after");
            await killed.KillAsync();
        }
        await Telegram.DropAsync();
        (await Telegram.FollowedAsync(Phone)).ShouldBe(isJoined ? ["durov"] : []);
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(read);
        await ShouldGoOnAsync(marked);
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

    /// <summary>The process is killed as soon as it shows that it does nothing.</summary>
    protected async Task KillWhileItShowsAsync(string text)
    {
        await BeginAsync(Join("durov"), Idle(), Read("durov"));
        await using (var killed = OnTerminal("warmup", "alice"))
        {
            await killed.UntilAsync(text);
            await killed.KillAsync();
        }
        await ShouldGoOnAsync(ReadByAll, "join_channel", "idle", "read_messages");
    }

    private Task BeginAsync() => BeginAsync(Join("durov"), Read("durov"), Idle());

    private async Task BeginAsync(params string[] plan)
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(plan);
    }

    private Task ShouldGoOnAsync(int marked = ReadByAll) => ShouldGoOnAsync(marked, "join_channel", "read_messages", "idle");

    private async Task ShouldGoOnAsync(int marked, params string[] history)
    {
        await DoneAsync("warmup", "alice");

        (await HistoryAsync("alice")).ShouldBe(history);
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBeInRange(marked, ReadByAll);
        (await Telegram.SeenAsync()).Count(call => call is { Method: "channels.joinChannel", Answer: "ok" }).ShouldBe(1);
    }
}

/// <summary>At the edges of a join.</summary>
public sealed class KilledWhileJoiningTests : KilledSittings
{
    [Theory]
    [InlineData("contacts.resolveUsername", "after", false)]
    [InlineData("channels.joinChannel", "before", false)]
    [InlineData("channels.joinChannel", "after", true)]
    public Task NothingIsJoinedTwiceOrForgotten(string method, string hold, bool isJoined) =>
        KillAsync(method, hold, isJoined, isJoined ? ReadByJoin : 0);

    [Fact]
    public Task AJoinThatWasAnsweredAMomentAgoIsRemembered() => KillAfterAsync("channels.joinChannel");
}

/// <summary>At the edges of a reading.</summary>
public sealed class KilledWhileReadingTests : KilledSittings
{
    [Theory]
    [InlineData("messages.getHistory", "before", ReadByJoin)]
    [InlineData("messages.getHistory", "after", ReadByJoin)]
    [InlineData("channels.readHistory", "after", ReadByAll)]
    public Task AReadingThatWasCutShortIsDoneByTheNext(string method, string hold, int read) =>
        KillAsync(method, hold, isJoined: true, read);

    /// <summary>TDLib may have noted it as set already: then it doesn't set it again for whoever reads again.</summary>
    [Fact]
    public Task AMarkThatNeverArrivedCostsNoMoreThanItself() =>
        KillAsync("channels.readHistory", "before", isJoined: true, ReadByJoin, marked: ReadByJoin);
}

/// <summary>While nothing is asked of Telegram.</summary>
public sealed class KilledInAPauseTests : KilledSittings
{
    [Fact]
    public Task APauseBetweenTwoActionsIsGoneOnFrom() => KillWhileItShowsAsync("waiting …");

    [Fact]
    public Task ABreakThatWasCutShortIsTakenAnew() => KillWhileItShowsAsync("2  idle");
}
