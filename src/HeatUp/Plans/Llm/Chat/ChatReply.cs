using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// What planning needs of a chat completion: the text, how it ended, the tokens. It comes whole or in pieces (a
/// stream); everything else in it may be missing, null or of any type.
/// </summary>
internal sealed partial class ChatReply
{
    private static readonly string[] ThoughtNames = ["reasoning_content", "reasoning", "thinking", "reasoning_text"];

    private static readonly string[] PartNames = ["text", "thinking", "refusal", "json", "summary"];

    private static readonly string[] FinishNames =
        ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"];

    /// <summary>OpenAI's word for a reply that was declined.</summary>
    private const string Declined = "content_filter";

    /// <summary>Parts of the words for a reply that reached its limit.</summary>
    private static readonly string[] CutOffWords = ["length", "max_tokens", "max_output"];

    /// <summary>The same for one that was declined.</summary>
    private static readonly string[] DeclinedWords =
    [
        Declined, "content-filter", "refusal", "safety", "prohibited", "blocklist", "sensitive", "recitation",
        "spii",
    ];

    /// <summary>Under what gateways and other interfaces put an answer, or its text.</summary>
    private static readonly string[] WrapperNames =
    [
        "data", "result", "results", "response", "body", "completion", "output", "output_text", "generated_text",
        "generation", "text",
    ];

    private const int WrappersMax = 3;

    private readonly StringBuilder content = new();
    private readonly StringBuilder call = new();
    private readonly StringBuilder thoughts = new();
    private readonly StringBuilder refusal = new();
    private string? finish;
    private long? speaker;
    private int messages;
    private JsonElement? error;
    private UsageDetails? usage;

    /// <summary>Reads the body of an answer that came with the status of success.</summary>
    /// <exception cref="ChatRefusal">It is an error all the same.</exception>
    /// <exception cref="ChatUnreadable">It is neither.</exception>
    public static ChatResponse Read(string body)
    {
        var reply = new ChatReply();
        foreach (var piece in ChatStream.PiecesOf(body) ?? throw Unreadable(body)) reply.Add(piece);
        return reply.Response(body);
    }

    private void Add(JsonElement piece, int depth = 0)
    {
        if (depth > WrappersMax) return;
        // A list of answers or of pieces, as a gateway of Google's sends it.
        foreach (var one in ChatJson.Items(piece)) Add(one, depth + 1);
        if (ChatJson.Text(piece) is { } text) AddText(text, depth);
        if (piece.ValueKind != JsonValueKind.Object || AddAnswer(piece) || AddWrapped(piece, depth)) return;
        // A stream's error need not be called one.
        if (ChatJson.Text(ChatJson.Field(piece, "message")) is not null) error ??= piece;
    }

    /// <summary>An answer may be a text itself; else the text is what the model said.</summary>
    private void AddText(string text, int depth)
    {
        var known = messages;
        if (text.TrimStart() is ['{' or '[', ..])
            foreach (var piece in ChatStream.PiecesOf(text) ?? [])
                Add(piece, depth + 1);
        if (messages == known && depth > 0 && !string.IsNullOrWhiteSpace(text)) Say(text);
    }

    /// <summary>Whether a piece says something in one of the forms of an answer.</summary>
    private bool AddAnswer(JsonElement piece)
    {
        usage = ChatUsage.Of(piece) ?? usage;
        if (ChatJson.Field(piece, "error") is { } fault) error = fault;
        var known = messages;
        EndsAs(piece);
        foreach (var (place, choice) in ChatJson.Items(ChatJson.Field(piece, "choices")).Index())
        {
            var index = ChatJson.Count(ChatJson.Field(choice, "index")) ?? place;
            // Another is listened to only if the first says nothing.
            if (content.Length + call.Length > 0 && speaker is { } first && first != index) continue;
            speaker = index;
            AddChoice(choice);
        }
        if (messages == known) AddForeign(piece);
        return messages > known;
    }

    private void AddForeign(JsonElement piece)
    {
        // OpenAI's other interface, to which some gateways translate.
        foreach (var item in ChatJson.Items(ChatJson.Field(piece, "output"))) AddMessage(item);
        // Ollama's own answer, and what some gateways leave of a completion.
        if (ChatJson.Field(piece, "message") is { ValueKind: JsonValueKind.Object } message) AddMessage(message);
        // Google's and Anthropic's own answers, which some gateways hand on.
        foreach (var candidate in ChatJson.Items(ChatJson.Field(piece, "candidates")))
        {
            EndsAs(candidate);
            AddMessage(candidate);
        }
        if (ChatJson.Field(piece, "content") is { ValueKind: JsonValueKind.Array }) AddMessage(piece);
        if (ChatJson.Field(piece, "delta") is { ValueKind: JsonValueKind.Object } delta && IsPart(delta))
        {
            messages++;
            AddPart(delta);
        }
    }

    private bool AddWrapped(JsonElement piece, int depth)
    {
        foreach (var name in WrapperNames)
        {
            if (ChatJson.Field(piece, name) is not { } inner) continue;
            var known = messages;
            Add(inner, depth + 1);
            // A gateway has parsed the model's JSON already.
            if (messages == known && ReplyJson.HasPlan(inner.GetRawText())) Say(inner.GetRawText());
            if (messages > known) return true;
        }
        return false;
    }

    private void EndsAs(JsonElement piece)
    {
        foreach (var name in FinishNames) finish = ChatJson.Text(ChatJson.Field(piece, name)) ?? finish;
        finish = ChatJson.Text(ChatJson.Field(piece, "incomplete_details", "reason")) ?? finish;
        if (ChatJson.Field(piece, "promptFeedback", "blockReason") is null) return;
        // Google declines a prompt without any message; that it does is the reply.
        finish = Declined;
        messages++;
    }

    private void AddChoice(JsonElement choice)
    {
        usage = ChatUsage.Of(choice) ?? usage;
        EndsAs(choice);
        if (ChatJson.Field(choice, "error") is { } fault) error = fault;
        if ((ChatJson.Field(choice, "delta") ?? ChatJson.Field(choice, "message")) is { } message) AddMessage(message);
        else if (ChatJson.Text(ChatJson.Field(choice, "text") ?? ChatJson.Field(choice, "content")) is { } text)
            Say(text);
    }

    private void Say(string text)
    {
        messages++;
        content.Append(text);
    }

    private void AddMessage(JsonElement message)
    {
        if (ChatJson.Text(message) is { } text) Say(text);
        messages++;
        var said = ChatJson.Field(message, "content");
        AddContent(ChatJson.Field(said, "parts") ?? said ?? ChatJson.Field(message, "parsed"));
        refusal.Append(ChatJson.Text(ChatJson.Field(message, "refusal")));
        foreach (var name in ThoughtNames)
            if (ChatJson.Text(ChatJson.Field(message, name)) is { } thought)
            {
                thoughts.Append(thought);
                break;
            }
        foreach (var thought in ChatJson.Items(ChatJson.Field(message, "reasoning_details")))
            thoughts.Append(ChatJson.Text(ChatJson.Field(thought, "text")));
        foreach (var tool in ChatJson.Items(ChatJson.Field(message, "tool_calls")))
            AddCall(ChatJson.Field(tool, "function"));
        AddCall(ChatJson.Field(message, "function_call"));
    }

    private void AddContent(JsonElement? said)
    {
        switch (said)
        {
            case { ValueKind: JsonValueKind.String }: content.Append(ChatJson.Text(said)); break;
            case { ValueKind: JsonValueKind.Array } parts when parts.EnumerateArray().Any(IsPart):
                foreach (var part in parts.EnumerateArray()) AddPart(part);
                break;
            // A gateway has parsed the model's JSON already.
            case { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json:
                content.Append(json.GetRawText());
                break;
        }
    }

    private static bool IsPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.String
        || PartNames.Any(name => ChatJson.Field(part, name) is not null);

    private void AddPart(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String) content.Append(ChatJson.Text(part));
        var text = ChatJson.Field(part, "text");
        var type = ChatJson.Text(ChatJson.Field(part, "type")) ?? "text";
        var isThought = type.Contains("think", StringComparison.Ordinal)
            || type.Contains("reason", StringComparison.Ordinal);
        (isThought ? thoughts : content).Append(ChatJson.Text(text) ?? ChatJson.Text(ChatJson.Field(text, "value")));
        foreach (var thought in ChatJson.Items(ChatJson.Field(part, "thinking")))
            thoughts.Append(ChatJson.Text(ChatJson.Field(thought, "text")));
        thoughts.Append(ChatJson.Text(ChatJson.Field(part, "thinking")));
        refusal.Append(ChatJson.Text(ChatJson.Field(part, "refusal")));
        if (ChatJson.Field(part, "json") is { } json) content.Append(json.GetRawText());
    }

    private void AddCall(JsonElement? function)
    {
        var arguments = ChatJson.Field(function, "arguments");
        var text = arguments is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json
            ? json.GetRawText()
            : ChatJson.Text(arguments);
        // The name may be half of what is meant. In a stream it comes before the rest.
        var isWhole = ChatJson.Text(ChatJson.Field(function, "name")) is not null && ChatJson.Values(text ?? "") is [_];
        call.Append(isWhole ? function!.Value.GetRawText() : text);
    }

    private ChatResponse Response(string body)
    {
        var text = TextOf();
        if (error is { } fault && Says(fault)) throw RefusalOf(fault, body, text);
        if (messages == 0) throw ErrorOrUnreadable(body);
        var message = new ChatMessage(ChatRole.Assistant, text);
        if (refusal.Length > 0 && text.Length == 0) message.Contents.Add(new ErrorContent(refusal.ToString()));
        return new ChatResponse(message) { FinishReason = FinishOf(finish), Usage = usage };
    }

    /// <summary>
    /// The first that holds a plan of what was said and handed to a tool; else the first of them. What was thought
    /// counts if nothing else came of it.
    /// </summary>
    private string TextOf()
    {
        var (thought, said) = Apart(content.ToString());
        string[] texts = [said, call.ToString()];
        var text = texts.FirstOrDefault(ReplyJson.HasPlan)
            ?? texts.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        if (text.Length > 0 || refusal.Length > 0 || FinishOf(finish) is { } end && end != ChatFinishReason.Stop)
            return text;
        return ReplyJson.HasPlan(thoughts.ToString()) ? thoughts.ToString() : thought;
    }

    /// <summary>The thoughts that some servers leave at the beginning of a text, and the rest.</summary>
    private static (string Thought, string Said) Apart(string text)
    {
        var end = ThoughtsEnd().Match(text);
        if (end.Success) return (text[..end.Index], text[(end.Index + end.Length)..]);
        return ThoughtsStart().IsMatch(text) ? (text, "") : ("", text);
    }

    private static bool Says(JsonElement fault) => fault.ValueKind is not (JsonValueKind.False or JsonValueKind.True)
        && ServerWords.Of(fault).Length > 0;

    private static ChatRefusal RefusalOf(JsonElement fault, string body, string text)
    {
        var code = ChatJson.Count(ChatJson.Field(fault, "code")) ?? ChatJson.Count(ChatJson.Field(fault, "status"));
        return new ChatRefusal(code is >= 400 and < 600 ? (int)code : 0, ServerWords.Of(fault), body)
        {
            CameAsSuccess = true,
            Salvaged = text.Length > 0 ? text : null,
        };
    }

    /// <summary>An error that is not called one, such as <c>{"detail": …}</c>, if the body has words at all.</summary>
    private static Exception ErrorOrUnreadable(string body) =>
        ChatStream.PiecesOf(body) is [var json] && ServerWords.SaidBy(json).Length > 0
            ? RefusalOf(json, body, "")
            : Unreadable(body);

    private static ChatUnreadable Unreadable(string body) =>
        new(string.IsNullOrWhiteSpace(body) ? "It is empty." : ServerWords.Of(body));

    private static ChatFinishReason? FinishOf(string? word) => word?.ToLowerInvariant() switch
    {
        null => null,
        var lower when CutOffWords.Any(lower.Contains) => ChatFinishReason.Length,
        var lower when DeclinedWords.Any(lower.Contains) => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };

    [GeneratedRegex(@"^\s*(?:<(?:think\w*|thoughts?|reason\w*)>|\[THINK\])", RegexOptions.IgnoreCase)]
    private static partial Regex ThoughtsStart();

    [GeneratedRegex(
        @"</(?:think\w*|thoughts?|reason\w*)>|\[/THINK\]|<\|end_of_thought\|>|<\|channel\|>final|assistantfinal",
        RegexOptions.IgnoreCase | RegexOptions.RightToLeft)]
    private static partial Regex ThoughtsEnd();
}
