using System.IO.Compression;
using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>One good plan in the forms that models and servers give it: each is taken at the first request.</summary>
public sealed class ReplyVariantsTests
{
    private const string Plan = """{"actions": [{"reason": "New.", "action": "join_channel", "channel": 2, "duration_seconds": null}, {"reason": "A look.", "action": "read_messages", "channel": 2, "duration_seconds": 17}, {"reason": "A break.", "action": "idle", "channel": null, "duration_seconds": 6}]}""";

    private static readonly string Draft = Plan.Replace("17", "9");
    private static readonly string Example = $$"""{"actions":[{{string.Join(',', PromptRules.ExampleActions)}}]}""";

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
        { "double twice", JsonSerializer.Serialize(JsonSerializer.Serialize(Plan)) },
        { "no numbers elsewhere", Plan.Replace("\"channel\": null", "\"channel\": null, \"a\": NaN, \"b\": -Infinity") },
        { "back quotes", Plan.Replace("\"New.\"", "`New.`") },
        { "full-width marks", Plan.Replace("\": ", "\"：").Replace(", \"", "，\"") },
        { "invisible marks", Plan.Replace(": ", ":\u2060 ").Replace("{", "\u200d{") },
        { "action names as names", "{" + string.Join(',', Actions().Select((action, i) => $"\"action_{i}\":{action}")) + "}" },
        { "a model's channels", $"<|channel|>analysis<|message|>{Draft}<|end|><|channel|>final<|message|>{Plan}<|return|>" },
        { "bracketed thoughts", $"[THINK]{Draft}[/THINK]{Plan}" },
        { "nothing but thoughts", $"<think>{Plan}</think>" },
        { "the example first", $"As in {Example}: {Plan}" },
        { "the example last", $"{Plan}, not as in {Example}" },
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
        { "ollama lines", string.Join('\n', Chunks().Select(In("""{"message":{"role":"assistant","content":@C},"done":false}"""))) + "\n{\"done\":true,\"prompt_eval_count\":10,\"eval_count\":3}\n" },
        { "sse", Sse(In(First)) },
        { "sse reasoning", Sse(In("""{"choices":[{"index":0,"delta":{"reasoning_content":@C}}]}""")) },
        { "sse tool", Sse(In("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":@C}}]}}]}""")) },
        { "sse then whole", Sse(In(First)).Replace("[DONE]", "{\"choices\":[{\"message\":{\"content\":@P}}]}\n\ndata: [DONE]") },
        { "sse with comments", ": OPENROUTER PROCESSING\n\n" + Sse(In(First.Replace("}]}", "}],\"usage\":null}"))) },
        { "sse reasoning and text", "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Hm {\"}}]}\n\n" + Sse(In(First)) },
        { "length but whole", """{"choices":[{"finish_reason":"length","message":{"content":@P}}]}""" },
        { "refusal null", """{"choices":[{"finish_reason":"stop","message":{"refusal":null,"content":@P}}],"error":null}""" },
        { "choice text", """{"choices":[{"text":@P}]}""" },
        { "usage strings", """{"choices":[{"message":{"content":@P}}],"usage":{"prompt_tokens":"12","completion_tokens":3.0,"total_tokens":"x"}}""" },
        { "list", """[{"choices":[{"message":{"content":@P}}]}]""" },
        { "body as text", """{"statusCode":200,"body":@B}""" },
        { "a text that is the answer", "@B" },
        { "no JSON but a program's own", """{'choices':[{'message':{'content':@P},'finish_reason':None}],'created':NaN}""" },
        { "list of pieces", "[" + string.Join(',', Chunks().Select(In("""{"choices":[{"delta":{"content":@C}}]}"""))) + "]" },
        { "lines of generations", string.Join('\n', Chunks().Select(In("""{"response":@C,"done":false}"""))) },
        { "events of messages", Sse(In("""{"type":"content_block_delta","delta":{"type":"text_delta","text":@C}}""")).Replace("data: {", "event: x\ndata: {") },
        { "sse of returns", Sse(In("""{"choices":[{"delta":{"content":@C}}]}""")).Replace("\n", "\r") },
        { "sse of two choices", Sse(c => $"{In(First)(c)}\n\ndata: {In(First.Replace(":0", ":1"))(c)}") },
        { "comments and then lines of JSON", ": PROCESSING\n\n{\n \"choices\": [{\n  \"message\": {\n   \"content\": @P}}]}" },
        { "output_text", """{"output_text":@P}""" },
        { "generated_text", """[{"generated_text":@P}]""" },
        { "results", """{"results":[{"text":@P}]}""" },
        { "output in choices", """{"output":{"choices":[{"message":{"content":@P}}]}}""" },
        { "output in a message", """{"output":{"message":{"content":[{"text":@P}]}},"stopReason":"end_turn"}""" },
        { "parsed response", """{"result":{"response":@O},"success":true,"errors":[],"messages":[]}""" },
        { "JSON part", """{"choices":[{"message":{"content":[{"type":"reasoning","summary":[]},{"type":"json","json":@O}]}}]}""" },
        { "calls of actions", """{"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"join_channel","arguments":"{\"channel\":2}"}},{"function":{"name":"read_messages","arguments":{"channel":2,"duration_seconds":17}}},{"function":{"name":"idle","arguments":"{\"duration_seconds\":6}"}}]}}]}""" },
        { "reason details", """{"choices":[{"message":{"content":"","reasoning_details":[{"type":"reasoning.text","text":@P}]}}]}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task APlanIsTakenFromTheAnswer(string what, string body) =>
        await Check(what, StubReply.Raw(
            body.Replace("@B", JsonSerializer.Serialize("""{"choices":[{"message":{"content":@O}}]}""".Replace("@O", Plan)))
                .Replace("@P", JsonSerializer.Serialize(Plan)).Replace("@O", Plan),
            body.Contains("data:") ? "text/event-stream" : "application/json"));

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task APlanIsTakenFromAnAnswerThatIsCompressed(string encoding)
    {
        var whole = StubReply.Says(Plan);
        using var bytes = new MemoryStream();
        await using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(bytes, CompressionLevel.Fastest),
            "br" => new BrotliStream(bytes, CompressionLevel.Fastest),
            _ => new ZLibStream(bytes, CompressionLevel.Fastest),
        })
            await packing.WriteAsync(whole.Body, TestContext.Current.CancellationToken);

        await Check(encoding, whole with { Body = bytes.ToArray(), Encoding = encoding });
    }

    public static TheoryData<string, string> NoPlans => new()
    {
        { "I can't plan that.", $"Perhaps {Plan}" },
        { "", $"{Example} is only the example." },
        { $"<think>Perhaps {Plan}</think>Sorry, I can't plan that.", "" },
        { Plan.Replace("}]}", "}, ...]}"), "" },
        { Example, "" },
    };

    [Theory]
    [MemberData(nameof(NoPlans))]
    public async Task WhatAModelOnlyConsideredIsNotItsPlan(string said, string thought)
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = _ => Task.FromResult(StubReply.Raw(JsonSerializer.Serialize(
            new { choices = new[] { new { message = new { content = said, reasoning_content = thought } } } })));

        (await world.PlanAsync()).Origin.FallbackCode.ShouldBe("llm_bad_plan");
    }

    [Theory]
    [InlineData("<think>Perhaps @P, but", "length", "llm_reply_cut_off")]
    [InlineData("", "max_output_tokens", "llm_reply_cut_off")]
    [InlineData("", "content_filter: PROHIBITED_CONTENT", "llm_declined")]
    [InlineData("", "RECITATION", "llm_declined")]
    public async Task HowAReplyEndedSaysWhyThereIsNoPlan(string said, string finish, string code)
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = _ => Task.FromResult(StubReply.Says(said.Replace("@P", Plan), finish));

        (await world.PlanAsync()).Origin.FallbackCode.ShouldBe(code);
    }

    [Fact]
    public async Task ARequestThatIsSentBackIsNoPlan()
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = request => Task.FromResult(StubReply.Says(
            JsonElement.Parse(request.Body).GetProperty("messages")[0].GetProperty("content").GetString()));

        (await world.PlanAsync()).Origin.FallbackReason.ShouldNotBeNull().ShouldContain("the prompt's example");
    }

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
        var body = Sse(In(First));
        await Check("open", StubReply.Raw(body, "text/event-stream") with { StaysOpen = true });
    }

    private const string First = """{"choices":[{"index":0,"delta":{"content":@C}}]}""";

    private static Func<string, string> In(string piece) => c => piece.Replace("@C", JsonSerializer.Serialize(c));

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
