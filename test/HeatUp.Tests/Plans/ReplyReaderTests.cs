using CsCheck;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Replies;

namespace HeatUp.Tests.Plans;

public sealed class ReplyReaderTests
{
    private const string Good =
        """{"actions":["""
        + """{"reason":"New.","action":"join_channel","channel":2,"duration_seconds":null},"""
        + """{"reason":"A look.","action":"read_messages","channel":2,"duration_seconds":17},"""
        + """{"reason":"A break.","action":"idle","channel":null,"duration_seconds":6}]}""";

    private static readonly string[] GoodActions = ["join_channel @telegram", "read_messages @telegram 17", "idle 6"];

    private static readonly ChannelPool Pool = ChannelPool.VerifiedOnly;

    [Fact]
    public void AReplyOfTheSchemaIsRead()
    {
        var reply = ReplyReader.Read(Good, Pool);

        reply.Defects.ShouldBeEmpty();
        reply.Actions.Select(action => Some.Text(action!)).ShouldBe(GoodActions);
        reply.Actions.Select(action => action!.Reason).ShouldBe(["New.", "A look.", "A break."]);
    }

    public static TheoryData<string, string> Wrappings => new()
    {
        { "a fence", $"```json\n{Good}\n```" },
        { "prose around", $"Sure! Here is {{the}} plan [as asked]:\n{Good}\nHave fun :-]" },
        { "a byte order mark", $"\uFEFF{Good}" },
        { "a bare array", Good["""{"actions":""".Length..^1] },
        { "another name", Good.Replace("actions", "Action-Plan") },
        { "a wrapper", $$"""{"result":{"status":"ok","plan":{{Good}}},"comment":"done"}""" },
        { "an array around", $"[{Good}]" },
        { "a trailing comma", Good.Replace("}]}", "},],}") },
        { "comments", Good.Replace("\"actions\":", "/* the plan */ \"actions\":") },
        {
            "a draft before",
            $$"""<think>{"actions":[{"action":"idle","duration_seconds":1}]} is too short</think>{{Good}}"""
        },
        { "other JSON before and after", $$"""[1] {"note":"see"} {{Good}} {"cost":3} [2]""" },
        { "a cut-off remark after", $"{Good} and also {{\"actions\":[" },
        { "one object a line", Good["""{"actions":[""".Length..^2].Replace("},{", "}\n{") },
        { "escaped letters", Good.Replace("idle", "\\u0069dle") },
    };

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void ThePlanIsFoundIn(string what, string text)
    {
        var reply = ReplyReader.Read(text, Pool);

        reply.Defects.ShouldBeEmpty(what);
        reply.Actions.Select(action => Some.Text(action!)).ShouldBe(GoodActions, what);
    }

    [Theory]
    [InlineData("""{"duration_seconds":8,"action":"idle"}""", "idle 8")]
    [InlineData("""{"action":"idle","duration_seconds":"8"}""", "idle 8")]
    [InlineData("""{"action":"idle","duration_seconds":" 7.5 "}""", "idle 8")]
    [InlineData("""{"action":"idle","duration_seconds":8.4}""", "idle 8")]
    [InlineData("""{"action":"idle","duration_seconds":0.8e1,"mood":{"is":["fine"]}}""", "idle 8")]
    [InlineData("""{"Action":"IDLE","DurationSeconds":8,"reason":null}""", "idle 8")]
    [InlineData("""{"type":"take_break","seconds":8}""", "idle 8")]
    [InlineData("""{"idle":{"duration_seconds":8}}""", "idle 8")]
    [InlineData("""{"reason":"Tea.","action":{"type":"idle","duration_seconds":8}}""", "idle 8")]
    [InlineData("""{"read_messages":{"channel":1,"seconds":8},"reason":"A look."}""", "read_messages @durov 8")]
    [InlineData("""{"action":"pause","duration_seconds":null,"duration":8}""", "idle 8")]
    [InlineData("""{"name":"idle","arguments":{"duration_seconds":8}}""", "idle 8")]
    [InlineData("""{"type":"function","function":{"name":"idle","arguments":"{\"seconds\":8}"}}""", "idle 8")]
    [InlineData("""{"action":"take_a_break","params":{"duration":"8 sec."}}""", "idle 8")]
    [InlineData("""{"action":"idle","duration":"about 8 seconds"}""", "idle 8")]
    [InlineData("""{"action":"idle","duration":"PT8S"}""", "idle 8")]
    [InlineData("""{"action":"idle","duration":"0:08"}""", "idle 8")]
    [InlineData("""{"action":"idle","duration_ms":8000}""", "idle 8")]
    [InlineData("""{"action":"idle","duration":{"value":8,"unit":"s"}}""", "idle 8")]
    [InlineData("""{"action":"idle","duration":5,"unit":"minutes"}""", "idle 300")]
    [InlineData("""{"action":"idle","duration":"1-2 min","duration_seconds":8}""", "idle 8")]
    [InlineData("""{"action":"subscribe_to_channel","channel_id":1}""", "join_channel @durov")]
    [InlineData("""{"tool":"follow","channel":1,"channel_name":"@durov"}""", "join_channel @durov")]
    [InlineData("""{"action":"join","channel":"tg://resolve?domain=durov"}""", "join_channel @durov")]
    [InlineData("""{"action":"join","channel":"https://t.me/durov/123"}""", "join_channel @durov")]
    [InlineData("""{"action":"join","channel":"the channel#1"}""", "join_channel @durov")]
    [InlineData("""{"action":"read_recent_posts","channel":1,"duration":"8000 ms"}""", "read_messages @durov 8")]
    [InlineData("""{"action":"join","channel":"1"}""", "join_channel @durov")]
    [InlineData("""{"action":"Join Channel","channel":1.0,"duration_seconds":99}""", "join_channel @durov")]
    [InlineData("""{"action":"subscribe","channel_username":"DUROV"}""", "join_channel @durov")]
    [InlineData("""{"action":"join_channel","channel":"https://t.me/Durov"}""", "join_channel @durov")]
    [InlineData("""{"action":"join_channel","channel":"@stranger"}""", "join_channel @stranger")]
    [InlineData("""{"action":"read","username":" @telegram ","seconds":"30"}""", "read_messages @telegram 30")]
    [InlineData("""{"action":"idle","duration_seconds":0}""", "idle 0")]
    [InlineData("""{"action":"idle","duration_seconds":-5}""", "idle -5")]
    [InlineData("""{"action":"idle","duration_seconds":1e9}""", "idle 1000000000")]
    [InlineData("""{"action":"idle","duration_seconds":1e300}""", "idle 1000000000")]
    public void AnActionIsReadFrom(string json, string action) => Some.Text(Second(json, out _)!).ShouldBe(action);

    [Theory]
    [InlineData("""{}""", "Action 2 has no action.")]
    [InlineData("""7""", "Action 2 has no action.")]
    [InlineData("""{"action":null}""", "Action 2 has no action.")]
    [InlineData("""{"action":"like_post","channel":1}""", "Action 2 has the unknown action \"like_post\".")]
    [InlineData("""{"action":["idle"],"duration_seconds":8}""", "Action 2 has the unknown action [\"idle\"].")]
    [InlineData("""{"action":"idle"}""", "Action 2 has no duration_seconds.")]
    [InlineData("""{"action":"idle","duration_seconds":null}""", "Action 2 has no duration_seconds.")]
    [InlineData("""{"action":"idle","duration_seconds":"soon"}""",
        "Action 2 has the duration_seconds \"soon\", which is not a number.")]
    [InlineData("""{"action":"idle","duration_seconds":"NaN"}""",
        "Action 2 has the duration_seconds \"NaN\", which is not a number.")]
    [InlineData("""{"action":"idle","duration_seconds":true}""",
        "Action 2 has the duration_seconds true, which is not a number.")]
    [InlineData("""{"action":"idle","duration_seconds":1e999}""",
        "Action 2 has the duration_seconds 1e999, which is not a number.")]
    [InlineData("""{"action":"idle","duration":"1-2 min"}""",
        "Action 2 has the duration_seconds \"1-2 min\", which is not a number.")]
    [InlineData("""{"action":"idle","duration":{"from":5,"to":10}}""",
        "Action 2 has the duration_seconds {\"from\":5,\"to\":10}, which is not a number.")]
    [InlineData("""{"action":"idle","duration":8,"units":"messages"}""",
        "Action 2 has the duration_seconds 8, which is not a number.")]
    [InlineData("""{"action":"read_messages","channel":1,"wait_seconds":8}""", "Action 2 has no duration_seconds.")]
    [InlineData("""{"action":"like_post","type":"idle","seconds":8}""", "Action 2 has the unknown action \"like_post\".")]
    [InlineData("""{"join_channel":{"channel":1},"idle":{"seconds":8}}""", "Action 2 has no action.")]
    [InlineData("""{"action":"join","channel":1,"username":"@telegram"}""", "Action 2 names two channels.")]
    [InlineData("""{"action":"read_messages","channel":1}""", "Action 2 has no duration_seconds.")]
    [InlineData("""{"action":"join_channel"}""", "Action 2 has no channel.")]
    [InlineData("""{"action":"join_channel","channel":""}""",
        "Action 2 has the channel \"\", which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":0}""",
        "Action 2 has the channel 0, which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":3}""",
        "Action 2 has the channel 3, which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":1.5}""",
        "Action 2 has the channel 1.5, which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":-1e300}""",
        "Action 2 has the channel -1e300, which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":[1,2]}""",
        "Action 2 has the channel [1,2], which is none of the numbers 1 to 2.")]
    [InlineData("""{"action":"join_channel","channel":"https://t.me/+AbCdEf123"}""",
        "Action 2 has the channel \"https://t.me/+AbCdEf123\", which is none of the numbers 1 to 2.")]
    public void AnActionIsADefectIn(string json, string defect)
    {
        Second(json, out var defects).ShouldBeNull();
        defects.ShouldBe([defect]);
    }

    [Theory]
    [InlineData(null, "The reply is empty.")]
    [InlineData("", "The reply is empty.")]
    [InlineData(" \n", "The reply is empty.")]
    [InlineData("I would rather not.", "The reply holds no plan.")]
    [InlineData("7", "The reply holds no plan.")]
    [InlineData("[]", "The reply holds no plan.")]
    [InlineData("""["join @durov","read"]""", "The reply holds no plan.")]
    [InlineData("""{"answer":42}""", "The reply holds no plan.")]
    [InlineData("""{"actions":[]}""", "The plan has 0 actions; it must have 3 to 7.")]
    [InlineData("""{"actions":"[{}]"}""", "The plan has 1 action; it must have 3 to 7.")]
    [InlineData("""{"action":"idle","duration_seconds":5}""", "The plan has 1 action; it must have 3 to 7.")]
    [InlineData("""{"actions":[{"action":"idle","duration_seconds":<5>},{"action":"idle","duration_seconds":5}]}""",
        "The reply's JSON is broken.")]
    [InlineData("""{"actions":[{"action":"idle","duration_seconds":5},{"action":"id""", "The reply's JSON is cut off.")]
    [InlineData("""{"actions":[{"action":"idle","duration_seconds":5}""", "The reply's JSON is cut off.")]
    [InlineData("""{"actions":[{"action":"\ud800"}]}""", "The reply's JSON is broken.")]
    public void AReplyIsUselessIf(string? text, string defect)
    {
        var reply = ReplyReader.Read(text, Pool);

        reply.Actions.ShouldBeEmpty();
        reply.Defects.ShouldBe([defect]);
    }

    [Fact]
    public void WhereverAGoodReplyIsCutItIsADefectAndNeverAGuess()
    {
        for (var length = 0; length < Good.Length; length++)
            ReplyReader.Read(Good[..length], Pool).Defects.ShouldNotBeEmpty($"{length} of {Good.Length}");
    }

    [Fact]
    public void FiftyActionsAreCountedAndNotRead() =>
        ReplyReader.Read($$"""{"actions":[{{string.Join(',', Enumerable.Repeat("{}", 50))}}]}""", Pool)
            .Defects.ShouldBe(["The plan has 50 actions; it must have 3 to 7."]);

    [Fact]
    public void AnEndlessReplyIsNotRead() =>
        ReplyReader.Read(new string('[', ReplyReader.LengthMax + 1), Pool)
            .Defects.ShouldBe(["The reply has 65537 characters; it may have 65536."]);

    [Fact]
    public void AReasonIsCleanedAndCut()
    {
        var said = $"A\\u0000 \\u202eb\\n\\n{new string('x', 10_000)}";
        var reason = Second($$"""{"action":"idle","duration_seconds":5,"reason":"{{said}}"}""", out _)!.Reason;

        reason.ShouldStartWith("A b xxx");
        reason.Length.ShouldBe(PlannedAction.ReasonLengthMax);
    }

    [Fact]
    public void NoTextMakesItThrow() =>
        Gen.OneOf(
            Gen.String,
            Gen.String["{}[]\",:\\u019dabcNull- \n"],
            Gen.Select(Gen.Int, Gen.String, (where, what) => Mutated(Good, where, what)))
            .Sample(text =>
            {
                var reply = ReplyReader.Read(text, Pool);
                return reply.Defects.Count > 0 || reply.Actions.All(action => action is not null);
            }, iter: 20_000);

    [Fact]
    public void DeepAndBracketRichTextsAreReadInAMoment()
    {
        ReplyReader.Read(new string('[', ReplyReader.LengthMax), Pool).Defects.ShouldNotBeEmpty();
        foreach (var opening in new[] { "[\"a\",", "{\"actions\":" })
        {
            var deep = string.Concat(Enumerable.Repeat(opening, ReplyReader.LengthMax / opening.Length));
            ReplyReader.Read(deep, Pool).Defects.ShouldNotBeEmpty();
        }
    }

    private static string Mutated(string good, int where, string what)
    {
        var at = (int)((uint)where % good.Length);
        return (where & 3) switch
        {
            0 => good.Insert(at, what),
            1 => good.Remove(at, Math.Min(what.Length, good.Length - at)),
            2 => good[at..] + what + good[..at],
            _ => good.Replace(good[at].ToString(), what),
        };
    }

    private static PlannedAction? Second(string json, out IReadOnlyList<string> defects)
    {
        const string aBreak = """{"action":"idle","duration_seconds":5}""";
        var reply = ReplyReader.Read($$"""{"actions":[{{aBreak}},{{json}},{{aBreak}}]}""", Pool);
        defects = reply.Defects;
        return reply.Actions[1];
    }
}
