using System.Text.Json;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>Reads what a reply took in tokens, under all the names that providers have for it.</summary>
internal static class ChatUsage
{
    private static readonly string[] InputNames =
        ["prompt_tokens", "input_tokens", "prompt_eval_count", "promptTokenCount"];
    private static readonly string[] OutputNames =
        ["completion_tokens", "output_tokens", "eval_count", "candidatesTokenCount"];

    private static readonly string[] CachedNames =
    [
        "prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens", "cache_read_tokens", "num_cached_tokens",
        "cachedContentTokenCount",
    ];

    private static readonly string[] DetailNames = ["prompt_tokens_details", "input_tokens_details"];

    /// <summary>The counts of an answer or of a piece of one; null if it has none.</summary>
    public static UsageDetails? Of(JsonElement answer)
    {
        var usage = ChatJson.Field(answer, "usage") ?? ChatJson.Field(answer, "x_groq", "usage")
            ?? ChatJson.Field(answer, "usageMetadata") ?? answer;
        var input = First(usage, InputNames);
        var output = First(usage, OutputNames);
        var total = First(usage, ["total_tokens", "totalTokenCount"]);
        if (input is null && output is null && total is null) return null;
        var cached = DetailNames.Select(name => ChatJson.Count(ChatJson.Field(usage, name, "cached_tokens")))
            .FirstOrDefault(count => count is not null) ?? First(usage, CachedNames) ?? 0;
        // Anthropic counts what it had cached beside the input, everybody else within.
        var isAnthropics = ChatJson.Field(usage, "prompt_tokens") is null
            && ChatJson.Field(usage, "cache_read_input_tokens") is not null;
        if (isAnthropics)
            input = (input ?? 0) + cached + (First(usage, ["cache_creation_input_tokens"]) ?? 0);
        // What a model thinks is paid for as output, but not everybody counts it there.
        var counted = Math.Max(output ?? 0, (total ?? 0) - (input ?? 0));
        if (input is null && output is { } known && total > known) (input, counted) = (total - known, known);
        return new UsageDetails
        {
            InputTokenCount = input ?? 0,
            OutputTokenCount = counted,
            CachedInputTokenCount = Math.Min(cached, input ?? 0),
        };
    }

    /// <summary>The counts of an answer that is no reply, such as an error; zero if it has none.</summary>
    public static TokenUsage TokensIn(string body) =>
        ChatJson.Values(body) is [var json, ..] && Of(json) is { } usage
            ? new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0)
            : default;

    private static long? First(JsonElement usage, string[] names) =>
        names.Select(name => ChatJson.Count(ChatJson.Field(usage, name))).FirstOrDefault(count => count is not null);
}
