using System.Text.Json;
using HeatUp.Plans.Llm;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>What a reply took, as providers name it.</summary>
public sealed class ChatUsageTests
{
    [Theory]
    [InlineData("""{"usage":{"inputTokens":20,"outputTokens":5,"totalTokens":25}}""", 20, 5, 0)]
    [InlineData("""{"usage":{"promptTokens":20,"completionTokens":5}}""", 20, 5, 0)]
    [InlineData("""{"usage":{"tokens":{"input_tokens":20,"output_tokens":5},"billed_units":{"input_tokens":1}}}""", 20, 5, 0)]
    [InlineData("""{"usageMetadata":{"promptTokenCount":20,"candidatesTokenCount":5,"cachedContentTokenCount":7}}""", 20, 5, 7)]
    [InlineData("""{"prompt_token_count":20,"generation_token_count":5}""", 20, 5, 0)]
    [InlineData("""{"usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":10}}""", 20, 5, 10)]
    [InlineData("""{"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":25}}""", 20, 5, 0)]
    [InlineData("""{"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":3}}""", 20, 5, 0)]
    [InlineData("""{"usage":{"prompt_tokens":2000000000,"completion_tokens":5}}""", 0, 5, 0)]
    [InlineData("""{"usage":{"prompt_tokens":1e300,"completion_tokens":-5,"total_tokens":25}}""", 0, 25, 0)]
    public void CountsAreReadUnderEveryName(string answer, long input, long output, long cached)
    {
        var usage = ChatUsage.Of(JsonElement.Parse(answer)).ShouldNotBeNull();

        (usage.InputTokenCount, usage.OutputTokenCount, usage.CachedInputTokenCount).ShouldBe((input, output, cached));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"usage":"20"}""")]
    [InlineData("""{"usage":[{"prompt_tokens":20}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":"NaN","completion_tokens":null}}""")]
    public void WhatIsNoCountIsNotThere(string answer) => ChatUsage.Of(JsonElement.Parse(answer)).ShouldBeNull();
}
