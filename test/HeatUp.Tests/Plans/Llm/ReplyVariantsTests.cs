using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>One good plan in the forms that models and servers give it: each is taken at the first request.</summary>
public sealed class ReplyVariantsTests
{
    private const string Plan = """{"actions": [{"reason": "New.", "action": "join_channel", "channel": 2, "duration_seconds": null}, {"reason": "A look.", "action": "read_messages", "channel": 2, "duration_seconds": 17}, {"reason": "A break.", "action": "idle", "channel": null, "duration_seconds": 6}]}""";

    public static TheoryData<string, string> Texts => new()
    {
        { "dict", Plan.Replace("[{", "{\"1\":{").Replace("}, {\"reason\": \"A look", "}, \"2\":{\"reason\": \"A look").Replace("}, {\"reason\": \"A break", "}, \"3\":{\"reason\": \"A break").Replace("}]}", "}}}") },
        { "double", JsonSerializer.Serialize(Plan) },
        { "smart quotes", Plan.Replace("\"New.\"", "“New.”").Replace("\"A look.\"", "“A look.”") },
        { "all smart", Plan.Replace(" \"", " “").Replace("{\"", "{“").Replace("\"", "”") },
        { "missing commas", Plan.Replace("}, {", "} {") },
        { "seconds unit", Plan.Replace("17", "\"17s\"").Replace(": 6", ": \"6 seconds\"") },
        { "both", Plan.Replace("channel\": 2", "channel\": \"2 @addmeto\"") },
        { "brackets", Plan.Replace("channel\": 2", "channel\": \"[2]\"") },
        { "json brackets", Plan.Replace("channel\": 2", "channel\": [2]") },
        { "link", Plan.Replace("channel\": 2", "channel\": \"https://t.me/addmeto\"") },
        { "www link", Plan.Replace("channel\": 2", "channel\": \"http://www.t.me/addmeto/\"") },
        { "preview", Plan.Replace("channel\": 2", "channel\": \"t.me/s/addmeto\"") },
        { "markdown", Plan.Replace("channel\": 2", "channel\": \"[@addmeto](https://t.me/addmeto)\"") },
        { "zero width", Plan.Replace("channel\": 2", "channel\": \"@add\u200bmeto\u200e\"") },
        { "line", Plan.Replace("channel\": 2", "channel\": [2,\"@addmeto\"]") },
        { "hash", Plan.Replace("channel\": 2", "channel\": \"#2\"") },
        { "word", Plan.Replace("channel\": 2", "channel\": \"channel 2\"") },
        { "parens", Plan.Replace("channel\": 2", "channel\": \"@addmeto (2)\"") },
        { "colon", Plan.Replace("channel\": 2", "channel\": \"2: @addmeto\"") },
        { "object", Plan.Replace("channel\": 2", "channel\": {\"number\":2,\"name\":\"@addmeto\"}") },
        { "float text", Plan.Replace("channel\": 2", "channel\": \"2.0\"") },
        { "many brackets", $"<think>{string.Concat(Enumerable.Repeat("[2] {x} ", 2000))}</think>{Plan}" },
        { "open string", $"<think>Draft: {{\"actions\": [{{\"action\": \"idle</think>\n{Plan}" },
        { "apostrophes", Plan.Replace('"', '\'').Replace("'A look.'", "'It's what's new.'") },
        { "inner quotes", Plan.Replace("A look.", "A \"good\" look.") },
        { "python", "plan = " + Plan.Replace("null", "None").Replace('"', '\'') },
        { "trailing", Plan.Replace("}]}", "},],}") + "\nHope this helps {smile}!" },
        { "hash comment", Plan.Replace("{\"actions\"", "{ # the plan\n\"actions\"") },
        { "good then bad", $"{Plan}\nOr maybe:\n{Plan.Replace("17", "0")}" },
        { "bad then good", $"{Plan.Replace("17", "0")}\nBetter:\n{Plan}" },
        { "good then cut", $"{Plan}\nOr maybe:\n{Plan[..100]}" },
        { "good then empty", $"{Plan}\n{{\"actions\": []}}" },
        { "yaml-ish keys", Plan.Replace("\"action\"", "action").Replace("\"reason\"", "reason") },
        { "tool xml", $"<tool_call>{{\"name\": \"plan\", \"arguments\": {Plan}}}</tool_call>" },
        { "items as strings", $"{{\"actions\": [{string.Join(',', Actions().Select(action => JsonSerializer.Serialize(action)))}]}}" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task APlanIsTakenFromTheText(string what, string text) => await Check(what, StubReply.Says(text));

    public static TheoryData<string, string> Bodies => new()
    {
        { "content object", """{"choices":[{"message":{"content":@O}}]}""" },
        { "function_call", """{"choices":[{"message":{"content":null,"function_call":{"name":"plan","arguments":@P}}}]}""" },
        { "tool_calls object", """{"choices":[{"message":{"content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"plan","arguments":@O}}]}}]}""" },
        { "bom", "\ufeff\n\n{\"choices\":[{\"message\":{\"content\":@P}}]}" },
        { "ollama lines", string.Join('\n', Chunks().Select(c => """{"message":{"role":"assistant","content":@C},"done":false}""".Replace("@C", JsonSerializer.Serialize(c)))) + "\n{\"done\":true,\"prompt_eval_count\":10,\"eval_count\":3}\n" },
        { "sse", Sse(c => """{"choices":[{"index":0,"delta":{"content":@C}}]}""".Replace("@C", JsonSerializer.Serialize(c))) },
        { "sse reasoning", Sse(c => """{"choices":[{"index":0,"delta":{"reasoning_content":@C}}]}""".Replace("@C", JsonSerializer.Serialize(c))) },
        { "sse tool", Sse(c => """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":@C}}]}}]}""".Replace("@C", JsonSerializer.Serialize(c))) },
        { "sse then whole", Sse(c => """{"choices":[{"index":0,"delta":{"content":@C}}]}""".Replace("@C", JsonSerializer.Serialize(c))).Replace("data: [DONE]", "data: {\"choices\":[{\"message\":{\"content\":@P}}]}\n\ndata: [DONE]") },
        { "sse with comments", ": OPENROUTER PROCESSING\n\n" + Sse(c => """{"choices":[{"index":0,"delta":{"content":@C},"finish_reason":null}],"usage":null}""".Replace("@C", JsonSerializer.Serialize(c))) },
        { "sse reasoning and text", "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Hm {\"}}]}\n\n" + Sse(c => """{"choices":[{"index":0,"delta":{"content":@C}}]}""".Replace("@C", JsonSerializer.Serialize(c))) },
        { "length but whole", """{"choices":[{"finish_reason":"length","message":{"content":@P}}]}""" },
        { "refusal null", """{"choices":[{"finish_reason":"stop","message":{"refusal":null,"content":@P}}],"error":null}""" },
        { "choice text", """{"choices":[{"text":@P}]}""" },
        { "usage strings", """{"choices":[{"message":{"content":@P}}],"usage":{"prompt_tokens":"12","completion_tokens":3.0,"total_tokens":"x"}}""" },
        { "list", """[{"choices":[{"message":{"content":@P}}]}]""" },
        { "reason details", """{"choices":[{"message":{"content":"","reasoning_details":[{"type":"reasoning.text","text":@P}]}}]}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task APlanIsTakenFromTheAnswer(string what, string body) =>
        await Check(what, StubReply.Raw(
            body.Replace("@P", JsonSerializer.Serialize(Plan)).Replace("@O", Plan),
            body.Contains("data:") ? "text/event-stream" : "application/json"));

    [Fact]
    public async Task APlanIsTakenFromAnAnswerThatBreaksOffAfterIt() =>
        await Check("broken off", StubReply.Says(Plan) with { IsCutOff = true });

    [Fact]
    public async Task AnAnswerThatBreaksOffBeforeThePlansEndIsAskedForAgain()
    {
        await using var world = await LlmWorld.StartAsync();
        var whole = StubReply.Says(Plan);
        world.Llm.Then(whole with { Body = whole.Body[..^150], IsCutOff = true });

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        world.Llm.RequestCount.ShouldBe(2);
    }

    [Fact]
    public async Task AStreamThatStaysOpenAfterItsLastEventIsNotWaitedFor()
    {
        var body = Sse(c => """{"choices":[{"index":0,"delta":{"content":@C}}]}""".Replace("@C", JsonSerializer.Serialize(c)));
        await Check("open", StubReply.Raw(body, "text/event-stream") with { StaysOpen = true });
    }

    private static IEnumerable<string> Actions() => JsonElement.Parse(Plan).GetProperty("actions").EnumerateArray()
        .Select(action => action.GetRawText());

    private static IEnumerable<string> Chunks() => Plan.Chunk(20).Select(c => new string(c));

    private static string Sse(Func<string, string> chunk) =>
        string.Concat(Chunks().Select(c => $"data: {chunk(c)}\n\n")) + "data: [DONE]\n\n";

    private static async Task Check(string what, StubReply reply)
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = _ => Task.FromResult(reply);
        var plan = await world.PlanAsync();
        plan.Origin.FallbackReason.ShouldBeNull(what);
        world.Llm.RequestCount.ShouldBe(1, what);
        plan.Actions.Select(Some.Text).ShouldBe(["join_channel @addmeto", "read_messages @addmeto 17", "idle 6"], what);
    }
}
