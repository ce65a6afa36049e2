using System.Text.Json.Nodes;

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
