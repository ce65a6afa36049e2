using System.Text.Json;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>Reads what a reply took in tokens, under all the names that providers have for it.</summary>
internal static class ChatUsage
{
    // Without case and separators, which differ by provider.
    private static readonly string[] InputNames =
        ["prompttokens", "inputtokens", "promptevalcount", "prompttokencount"];
    private static readonly string[] OutputNames =
        ["completiontokens", "outputtokens", "evalcount", "candidatestokencount", "generationtokencount"];
    private static readonly string[] TotalNames = ["totaltokens", "totaltokencount"];

    private static readonly string[] CachedNames =
    [
        "promptcachehittokens", CacheRead, "cachedtokens", "cachereadtokens", "numcachedtokens",
        "cachedcontenttokencount",
    ];

    private const string CacheRead = "cachereadinputtokens";

    private static readonly string[] DetailNames = ["prompt_tokens_details", "input_tokens_details"];

    /// <summary>The counts of an answer or of a piece of one; null if it has none.</summary>
    public static UsageDetails? Of(JsonElement answer)
    {
        var usage = ChatJson.Field(answer, "usage") ?? ChatJson.Field(answer, "x_groq", "usage")
            ?? ChatJson.Field(answer, "usageMetadata") ?? answer;
        var counts = CountsIn(ChatJson.Field(usage, "tokens") ?? usage);
        var input = First(counts, InputNames);
        var output = First(counts, OutputNames);
        var total = First(counts, TotalNames);
        if (input is null && output is null && total is null) return null;
        var cached = DetailNames.Select(name => ChatJson.Count(ChatJson.Field(usage, name, "cached_tokens")))
            .FirstOrDefault(count => count is not null) ?? First(counts, CachedNames) ?? 0;
        // Anthropic counts what it had cached beside the input, everybody else within.
        if (counts.ContainsKey(CacheRead) && !counts.ContainsKey(InputNames[0]))
            input = (input ?? 0) + cached + counts.GetValueOrDefault("cachecreationinputtokens");
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

    private static Dictionary<string, long> CountsIn(JsonElement usage)
    {
        var counts = new Dictionary<string, long>();
        foreach (var (name, value) in ChatJson.Fields(usage))
            if (ChatJson.Count(value) is { } count)
                counts.TryAdd(name, count);
        return counts;
    }

    private static long? First(Dictionary<string, long> counts, string[] names) =>
        Array.Find(names, counts.ContainsKey) is { } name ? counts[name] : null;
}
