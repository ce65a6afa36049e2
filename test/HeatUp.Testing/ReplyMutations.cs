using System.Text;
using System.Text.Json;
using HeatUp;

namespace HeatUp.Testing;

/// <summary>Replies of a language model gone wrong, from a seed: most are near a plan.</summary>
internal static class ReplyMutations
{
    private const int MutationsMax = 6;

    private const string Actions =
        """
        [{"reason": "New.", "action": "join_channel", "channel": 2, "duration_seconds": null},
        {"reason": "A look.", "action": "read_messages", "channel": 2, "duration_seconds": 17},
        {"reason": "A break.", "action": "idle", "channel": null, "duration_seconds": 6},
        {"reason": "Back.", "action": "read_messages", "channel": "@durov", "duration_seconds": "9"}]
        """;

    private static readonly string[] Bases =
    [
        $$$"""{"actions": {{{Actions}}}}""",
        Actions,
        $$$"""Here it is: ```json {"sitting_plan": {"actions": {{{Actions}}}}} ``` [2] {x}""",
        $$$"""<think>{"actions": [ ... ]}</think> {"actions": {{{Actions}}}}""",
        $$$"""{'actions': {{{Actions.Replace('"', '\'').Replace("null", "None")}}}}""",
        $$$"""{"actions": {{{JsonSerializer.Serialize(Actions)}}}}""",
        JsonSerializer.Serialize($"{{\"actions\": {Actions}}}"),
        $$$"""{"type": "object", "properties": {"actions": {{{Actions}}}}}""",
        Actions.Replace("},\n", "}\n").Trim('[', ']'),
        Actions.Replace("\"action\":", "\"name\":").Replace("\"channel\"", "\"arguments\": {\"channel\"")
            .Replace("_seconds\": 17", "_ms\": \"17000\"").Replace("},", "}},").Replace("\"9\"}", "\"9 s\"}}")
            .Replace(": 6}", ": \"PT6S\"}"),
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\\u", "\\ud800", "null", "None", "True", "//", "/*", "#", "\n",
        "\u200b", "\ud800", "\0", "-", "1e9", "1e999", "0", "16", "31", "99", "-5", "2.5", "NaN", "@durov", "@stranger",
        "\"2 @telegram\"", "\"1 @telegram\"", "[2]", "[1,2]", "https://t.me/durov", "join_channel", "read_messages",
        "idle", "send_message", "\"action\":", "\"channel\":", "\"actions\":", "<think>", "</think>", "```", "“", "”", "é",
        "{\"action\":\"idle\",\"duration_seconds\":5},", "\"duration\":", "\"5 min\"", "{\"unit\":",
        "\"action\":\"read\",\"duration\":\"0:17\",", "assistantfinal",
        "[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
    ];

    private static readonly string[] Shapes =
    [
        """{"choices":[{"message":{"role":"assistant","content":$}}],"usage":{"prompt_tokens":20,"total_tokens":30}}""",
        """{"choices":[{"message":{"content":null,"reasoning_content":$},"finish_reason":"stop"}]}""",
        """{"choices":[{"message":{"content":"","tool_calls":[{"function":{"arguments":$}}]}}]}""",
        """{"choices":[{"message":{"content":[{"type":"text","text":$}]},"finish_reason":"length"}],"usage":null}""",
        """{"message":{"content":$},"prompt_eval_count":1e3,"eval_count":"7"}""",
        "data: {\"choices\":[{\"delta\":{\"content\":$}}]}\n\ndata: {\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n",
        """{"error":{"message":$,"code":429},"choices":[]}""",
        """[{"error":$}]""",
        """{"detail":[{"loc":["body",1],"msg":$}]}""",
        """{"result":{"response":$},"success":true,"errors":[]}""",
        """[{"choices":[{"index":1,"delta":{"content":$}}]},{"output":[{"content":[{"json":$}]}]}]""",
    ];

    /// <summary>What a model might say.</summary>
    public static string Text(ref Rng rng) => Mutated(Bases[rng.Next(Bases.Length)], ref rng);

    /// <summary>What its server might send.</summary>
    public static string Body(ref Rng rng)
    {
        var body = Shapes[rng.Next(Shapes.Length)].Replace("$", JsonSerializer.Serialize(Text(ref rng)));
        return rng.Chance(0.5) ? body : Mutated(body, ref rng);
    }

    private static string Mutated(string text, ref Rng rng)
    {
        var mutated = new StringBuilder(text);
        for (var left = rng.Next(MutationsMax + 1); left > 0; left--) Mutate(mutated, ref rng);
        return mutated.ToString();
    }

    private static void Mutate(StringBuilder text, ref Rng rng)
    {
        if (text.Length == 0) text.Append(Pieces[rng.Next(Pieces.Length)]);
        var at = rng.Next(text.Length);
        var length = Math.Min(1 + rng.Next(rng.Chance(0.9) ? 4 : 200), text.Length - at);
        switch (rng.Next(7))
        {
            case 0: text.Remove(at, length); break;
            case 1: text.Insert(at, Pieces[rng.Next(Pieces.Length)]); break;
            case 2: text.Remove(at, length).Insert(at, Pieces[rng.Next(Pieces.Length)]); break;
            case 3: text.Insert(rng.Next(text.Length), text.ToString(at, length)); break;
            case 4: text.Replace(text[at].ToString(), Pieces[rng.Next(Pieces.Length)]); break;
            case 5: text[at] = (char)rng.Next(char.MaxValue + 1); break;
            default: ReplaceNumber(text, at, ref rng); break;
        }
        if (rng.Chance(0.02)) text.Length = rng.Next(text.Length + 1);
    }

    private static void ReplaceNumber(StringBuilder text, int from, ref Rng rng)
    {
        for (var at = from; at < text.Length; at++)
            if (char.IsAsciiDigit(text[at]))
            {
                text.Remove(at, 1).Insert(at, rng.Between(-2, 40));
                return;
            }
    }
}
