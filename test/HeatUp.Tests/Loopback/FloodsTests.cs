using System.Diagnostics;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>Waits that Telegram asks for: TDLib sits the short ones out, the long ones end the sitting.</summary>
public sealed class FloodsTests : LoopbackTest
{
    [Fact]
    public async Task ShortWaitsAreSatOutAndTheSittingGoesOn()
    {
        await BeginAsync();
        await Telegram.FailAsync("channels.joinChannel", 420, "FLOOD_WAIT_4", times: 1);
        await Telegram.FailAsync("channels.joinChannel", 420, "FLOOD_PREMIUM_WAIT_2", times: 1);

        await DoneAsync("warmup", "alice");

        var joins = (await Telegram.SeenAsync()).Where(call => call.Method == "channels.joinChannel").ToList();
        joins.Select(join => join.Answer).ShouldBe(["420 FLOOD_WAIT_4", "420 FLOOD_PREMIUM_WAIT_2", "ok"]);
        (joins[1].At - joins[0].At).ShouldBeGreaterThan(TimeSpan.FromSeconds(3.5));
        (joins[2].At - joins[1].At).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.5));
        (await HistoryAsync("alice")).ShouldBe(["join_channel", "idle", "idle"]);
    }

    [Fact]
    public async Task ALongWaitEndsTheSittingAndTheNextOneWaitsToTheSecond()
    {
        // The shortest that TDLib hands on.
        const int seconds = 61;
        await BeginAsync();
        await Telegram.FailAsync("channels.joinChannel", 420, $"FLOOD_WAIT_{seconds}", times: 1);

        var first = await HeatAsync("warmup", "alice");
        first.Code.ShouldBe(1, first.Out);
        var ended = TimeProvider.System.GetUtcNow();

        var join = (await Telegram.SeenAsync()).Single(call => call.Method == "channels.joinChannel");
        var account = (await JsonAsync("account", "list"))["accounts"]![0]!;
        var until = (DateTimeOffset)account["wait_until"]!;
        // From when heat heard it, which is after the server said it and before the sitting ended.
        (until - TimeSpan.FromSeconds(seconds)).ShouldBeInRange(join.At, ended);
        var before = (await Telegram.SeenAsync()).Count;
        var next = await HeatAsync("warmup", "alice");
        next.Code.ShouldBe(1, next.Out);
        (next.Out + next.Error).ShouldContain($"{until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        (await Telegram.SeenAsync()).Count.ShouldBe(before, "nothing is asked for meanwhile");

        var second = new DateTimeOffset(until.Ticks - until.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var early = await HeatProcess.RunAsync(AtClock(second, stands: true, "warmup", "alice"));
        early.Code.ShouldBe(1, early.Out);
        early.Error.ShouldContain($"{until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        (await Telegram.SeenAsync()).Count.ShouldBe(before, "nothing is asked for in the last second");

        // Where its clock is ahead of the server's, TDLib takes half a minute to connect.
        await using var late = HeatProcess.Start(AtClock(second.AddSeconds(1), stands: false, "warmup", "alice"));
        await Telegram.UntilAsync("channels.joinChannel", count: 2, isAnswered: true);
        await late.TerminateAsync("INT");
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
    }

    /// <summary>A command whose clock stands at a time, or begins there.</summary>
    private ProcessStartInfo AtClock(DateTimeOffset time, bool stands, params string[] arguments) =>
        Telegram.Reached(HeatProcess.StartInfo(Folder, arguments, [.. Settings, .. FakeClock.At(time, stands, OwnNetwork.Variable)]));

    private async Task BeginAsync()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Idle(), Idle());
    }
}
