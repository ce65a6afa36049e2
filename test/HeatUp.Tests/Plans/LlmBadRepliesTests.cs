using HeatUp.Plans;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans;

/// <summary>
/// Whatever a model or its server says, the session gets a good plan, and its origin says what was wrong.
/// </summary>
public sealed class LlmBadRepliesTests
{
    public static TheoryData<string, string, string> BadTexts => new()
    {
        { "", "llm_bad_plan", "The reply is empty." },
        { "Sorry, I can't plan today.", "llm_bad_plan", "The reply holds no plan." },
        { Replies.Good[..150], "llm_bad_plan", "cut off" },
        { Breaks(50), "llm_bad_plan", "50 actions" },
        {
            Replies.Good.Replace("@telegram", "@unknown_channel"),
            "llm_bad_plan", "@unknown_channel, which is not in the pool"
        },
        { Replies.Good.Replace("\"@telegram\"", "99"), "llm_bad_plan", "99, which is none of the numbers" },
        { Replies.Good.Replace("@telegram", "@durov"), "llm_bad_plan", "@durov, which is joined already" },
        { Replies.Good.Replace("17", "0"), "llm_bad_plan", "takes 0 seconds" },
        { Replies.Good.Replace("17", "-5"), "llm_bad_plan", "takes -5 seconds" },
        { Replies.Good.Replace("17", "1e9"), "llm_bad_plan", "takes 1000000000 seconds" },
        { Replies.Good.Replace("17", "null"), "llm_bad_plan", "no duration_seconds" },
        { Replies.Good.Replace("17", "NaN"), "llm_bad_plan", "no duration_seconds" },
        { Replies.Good.Replace("join_channel", "send_message"), "llm_bad_plan", "unknown action" },
    };

    [Theory]
    [MemberData(nameof(BadTexts))]
    public async Task ABadTextIsReplacedAndSaidToBeBad(string text, string code, string detail)
    {
        var origin = await OriginWhenAlways(StubReply.Says(text), requests: 2);

        origin.FallbackCode.ShouldBe(code);
        origin.FallbackReason.ShouldNotBeNull().ShouldContain(detail);
    }

    public static TheoryData<string, StubReply, string, int> BadAnswers => new()
    {
        { "HTML", StubReply.Raw("<html><body>Welcome to the café</body></html>"), "llm_unreadable_answer", 1 },
        { "nothing", StubReply.Raw("", "application/json"), "llm_unreadable_answer", 1 },
        { "other JSON", StubReply.Raw("""{"hello":"world"}""", "application/json"), "llm_unreadable_answer", 1 },
        { "a list", StubReply.Raw("[]", "application/json"), "llm_unreadable_answer", 1 },
        {
            "no choices",
            StubReply.Raw("""{"id":"x","object":"chat.completion","choices":[]}""", "application/json"),
            "llm_unreadable_answer", 1
        },
        { "HTML and 500", StubReply.Raw("<html>Oops</html>", status: 500), "llm_server_error", 3 },
        { "an elsewhere", StubReply.Raw("", status: 302), "llm_request_refused", 1 },
        { "401", StubReply.Fails(401), "llm_key_refused", 1 },
        { "403", StubReply.Fails(403), "llm_request_refused", 1 },
        { "403 for the key", StubReply.Fails(403, "Invalid API key"), "llm_key_refused", 1 },
        { "400 for the filter", StubReply.Raw("""{"error":{"code":"content_filter"}}""", status: 400), "llm_declined", 1 },
        { "no such model", StubReply.Fails(404, "The model 'stub' does not exist"), "llm_request_refused", 1 },
        { "429", StubReply.Fails(429), "llm_busy", 3 },
        { "500", StubReply.Fails(500), "llm_server_error", 3 },
        { "null content", StubReply.Says(null), "llm_bad_plan", 2 },
        { "a refusal", StubReply.Says(null, refusal: "I can't help with that."), "llm_declined", 1 },
        { "a filter", StubReply.Says("", "content_filter"), "llm_declined", 1 },
        { "the token limit", StubReply.Says(Replies.Good[..150], "length"), "llm_reply_cut_off", 1 },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task ABadAnswerIsReplacedAndSaidToBeBad(string what, StubReply answer, string code, int requests) =>
        (await OriginWhenAlways(answer, requests)).FallbackCode.ShouldBe(code, what);

    [Fact]
    public async Task ANumberAsATextIsGoodEnough()
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Then(StubReply.Says(Replies.Good.Replace("17", "\"8\"")));

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
    }

    [Fact]
    public async Task AFallbackReasonIsCleanAndShortWhateverTheServerSays()
    {
        var loud = StubReply.Fails(418, $"\u001b[31m\u202e{new string('x', 100_000)}\n");
        var origin = await OriginWhenAlways(loud, requests: 1);

        origin.FallbackReason.ShouldNotBeNull().Length.ShouldBeLessThan(PlanOrigin.FallbackReasonLengthMax);
        origin.FallbackReason.ShouldNotContain("\u001b");
        origin.FallbackReason.ShouldNotContain("\n");
    }

    private static async Task<PlanOrigin> OriginWhenAlways(StubReply reply, int requests)
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = _ => Task.FromResult(reply);
        var request = Some.Returning(null, "@durov");

        var plan = await world.PlanAsync(request);

        PlanCheck.DefectsOf(plan.Actions, request).ShouldBeEmpty();
        plan.Origin.Planner.ShouldBe(PlannerKind.Builtin);
        world.Llm.RequestCount.ShouldBe(requests);
        world.Log.LatestRecord.Message.ShouldContain(plan.Origin.FallbackReason!);
        return plan.Origin;
    }

    private static string Breaks(int count)
    {
        var breaks = Enumerable.Repeat("""{"action":"idle","duration_seconds":5}""", count);
        return $$"""{"actions":[{{string.Join(',', breaks)}}]}""";
    }
}
