using System.Text.Json.Nodes;
using HeatUp.Runs;

namespace HeatUp.Tests.Loopback;

/// <summary>Connections that are cut, answers that come late, servers that are restarted.</summary>
public abstract class RoughNetwork : LoopbackTest
{
    protected async Task BeginAsync()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
    }

    protected async Task ShouldBeWholeAsync()
    {
        (await HistoryAsync("alice")).ShouldBe(["join_channel", "read_messages", "idle"]);
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(20);
        (await Telegram.SeenAsync()).Count(call => call is { Method: "channels.joinChannel", Answer: "ok" }).ShouldBe(1);
    }

    private protected async Task FaultAsync(string method, JsonObject fault)
    {
        (fault["do"], fault["method"], fault["times"]) = ("fault", method, 1);
        await Telegram.DoAsync(fault);
    }
}

/// <summary>Connections and answers.</summary>
public sealed class CutConnectionsTests : RoughNetwork
{
    [Fact]
    public async Task AConnectionThatIsCutInMidJoinLosesAndDoublesNothing()
    {
        await BeginAsync();
        await FaultAsync("channels.joinChannel", new() { ["cuts"] = true });

        await DoneAsync("warmup", "alice");

        await ShouldBeWholeAsync();
    }

    [Fact]
    public async Task AnswersThatComeLateAndSaltsThatChangeAreBorne()
    {
        await BeginAsync();
        await Telegram.DoAsync(new JsonObject { ["do"] = "change_salts" });
        foreach (var method in (string[])["contacts.resolveUsername", "channels.joinChannel", "messages.getHistory"])
            await FaultAsync(method, new() { ["delay_ms"] = 1500 });

        await DoneAsync("warmup", "alice");

        await ShouldBeWholeAsync();
    }
}

/// <summary>An answer for which nobody waits any more.</summary>
public sealed class LateAnswersTests : RoughNetwork
{
    [Fact]
    public async Task AWaitThatIsSaidAfterTheDeadlineHoldsAllTheSame()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Idle(15), Idle());
        var late = RunLimits.AnswerWithin + TimeSpan.FromSeconds(2);
        await FaultAsync("channels.joinChannel", new()
        {
            ["delay_ms"] = (int)late.TotalMilliseconds, ["code"] = 420, ["text"] = "FLOOD_WAIT_3600",
        });

        var sitting = await HeatAsync("warmup", "alice");

        sitting.Out.ShouldContain(TelegramError.NoAnswer.Message);
        var until = (DateTimeOffset)(await JsonAsync("account", "list"))["accounts"]![0]!["wait_until"]!;
        var asked = (await Telegram.SeenAsync()).Single(call => call.Method == "channels.joinChannel").At;
        until.ShouldBe(asked + late + TimeSpan.FromHours(1), TimeSpan.FromSeconds(5));
        var next = await HeatAsync("warmup", "alice");
        next.Code.ShouldBe(1, next.Out);
        next.Error.ShouldContain($"{until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        (await Telegram.FollowedAsync(Phone)).ShouldBeEmpty();
    }
}

/// <summary>A server that goes down in mid-sitting and comes back, with the keys of its clients or without.</summary>
public abstract class RestartedServer(bool forgetsKeys) : RoughNetwork
{
    [Fact]
    public async Task ItIsFoundAgain()
    {
        await BeginAsync();
        await using var sitting = Start("warmup", "alice");
        await Telegram.UntilAsync("channels.joinChannel", isAnswered: true);

        await Telegram.DoAsync(new JsonObject { ["do"] = "stop" });
        await Telegram.DoAsync(new JsonObject { ["do"] = "start", ["forgets_keys"] = forgetsKeys });

        (await sitting.EndedAsync()).Code.ShouldBe(0);
        await ShouldBeWholeAsync();
    }
}

/// <summary>With them.</summary>
public sealed class RestartedServerTests() : RestartedServer(forgetsKeys: false);

/// <summary>Without them.</summary>
public sealed class ForgetfulServerTests() : RestartedServer(forgetsKeys: true);
