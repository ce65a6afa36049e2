using System.Text.Json.Nodes;

namespace HeatUp.Tests.Loopback;

/// <summary>From the login to the second sitting, with nothing of heat or TDLib replaced but one key.</summary>
public sealed class FirstSittingsTests : LoopbackTest
{
    [Fact]
    public async Task AfterAWrongAndARightCodeTwoSittingsBuildOnEachOther()
    {
        await using (var terminal = OnTerminal("account", "login", "alice"))
        {
            await terminal.AnswerAsync("Phone number", Phone);
            await terminal.AnswerAsync("Code (", "54321");
            await terminal.UntilAsync("That is not the code.");
            await terminal.AnswerAsync("Code (", "12345");
            var (code, shown) = await terminal.EndedAsync();
            code.ShouldBe(0, shown);
            shown.ShouldContain("alice is logged in as Alice.");
            shown.ShouldNotContain("12345");
        }
        await DoneAsync("account", "allow", "alice", "@durov");

        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await DoneAsync("warmup", "alice");
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(20);

        await PlanAsync(Read("durov"), Idle(), Read("durov"));
        await DoneAsync("warmup", "alice");

        var seen = await Telegram.SeenAsync();
        seen.Count(call => call.Method == "channels.joinChannel").ShouldBe(1);
        // Nothing new was there to be read in the second sitting.
        seen.Count(call => call.Method == "channels.readHistory").ShouldBe(1);
        (await HistoryAsync("alice")).ShouldBe(
            ["join_channel", "read_messages", "idle", "read_messages", "idle", "read_messages"]);
        var rows = (await JsonAsync("history", "alice"))["history"]!.AsArray().Reverse().ToList();
        rows.Select(row => (string?)row!["action_data"]!["channel_username"]).OfType<string>().ShouldAllBe(name => name == "@durov");
        // Each is remembered when the server had done it, and before what it did next.
        var (join, read, mark) = (seen.Single(call => call.Method == "channels.joinChannel"),
            seen.First(call => call.Method == "messages.getHistory"), seen.Single(call => call.Method == "channels.readHistory"));
        TimeOf(rows[0]!).ShouldBeInRange(join.At, read.At);
        TimeOf(rows[1]!).ShouldBeGreaterThan(mark.At);
    }

    private static DateTimeOffset TimeOf(JsonNode row) => (DateTimeOffset)row["timestamp"]!;
}
