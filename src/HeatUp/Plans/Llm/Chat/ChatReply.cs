using System.Text;
using System.Text.Json;
using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// What planning needs of a chat completion: the text, how it ended, the tokens. It comes whole or in pieces (a
/// stream); everything else in it may be missing, null or of any type.
/// </summary>
internal sealed class ChatReply
{
    private static readonly string[] ThoughtNames = ["reasoning_content", "reasoning", "thinking", "reasoning_text"];

    private static readonly string[] CutOffWords = ["length", "max_tokens", "model_length", "max_output_tokens"];

    private static readonly string[] DeclinedWords =
        ["content_filter", "content-filter", "refusal", "safety", "prohibited_content", "blocklist", "sensitive"];

    /// <summary>Under what gateways put an answer, or its text.</summary>
    private static readonly string[] WrapperNames = ["data", "result", "response", "body", "completion"];

    private const int WrappersMax = 2;

    private static readonly string[] ErrorNames = ["message", "detail", "msg", "errors"];

    private readonly StringBuilder content = new();
    private readonly StringBuilder call = new();
    private readonly StringBuilder thoughts = new();
    private readonly StringBuilder refusal = new();
    private string? finish;
    private bool hasMessage;
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
        // A list of one answer, as a gateway of Google's sends it.
        if (piece is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1) piece = list[0];
        usage = ChatUsage.Of(piece) ?? usage;
        if (ChatJson.Field(piece, "error") is { } fault) error = fault;
        var choices = ChatJson.Items(ChatJson.Field(piece, "choices")).ToList();
        foreach (var choice in choices)
        {
            AddChoice(choice);
            // The second is asked only if the first says nothing.
            if (content.Length + call.Length > 0) break;
        }
        if (choices.Count > 0) return;
        // OpenAI's other interface, to which some gateways translate.
        foreach (var item in ChatJson.Items(ChatJson.Field(piece, "output"))) AddMessage(item);
        // Ollama's own answer, and what some gateways leave of a completion.
        if (ChatJson.Field(piece, "message") is { ValueKind: JsonValueKind.Object } message)
        {
            AddMessage(message);
            finish = ChatJson.Text(ChatJson.Field(piece, "done_reason")) ?? finish;
        }
        // Google's and Anthropic's own answers, which some gateways hand on.
        foreach (var candidate in ChatJson.Items(ChatJson.Field(piece, "candidates")))
        {
            finish = ChatJson.Text(ChatJson.Field(candidate, "finishReason")) ?? finish;
            AddMessage(candidate);
        }
        if (ChatJson.Field(piece, "content") is { ValueKind: JsonValueKind.Array })
        {
            AddMessage(piece);
            finish = ChatJson.Text(ChatJson.Field(piece, "stop_reason")) ?? finish;
        }
        if (hasMessage || depth == WrappersMax) return;
        foreach (var name in WrapperNames)
        {
            if (ChatJson.Field(piece, name) is not { } inner) continue;
            if (inner.ValueKind == JsonValueKind.Object) Add(inner, depth + 1);
            else if (ChatJson.Text(inner) is { } text) Say(text);
            if (hasMessage) return;
        }
    }

    private void AddChoice(JsonElement choice)
    {
        finish = ChatJson.Text(ChatJson.Field(choice, "finish_reason")) ?? finish;
        if (ChatJson.Field(choice, "error") is { } fault) error = fault;
        if ((ChatJson.Field(choice, "delta") ?? ChatJson.Field(choice, "message")) is { } message) AddMessage(message);
        else if (ChatJson.Text(ChatJson.Field(choice, "text")) is { } text) Say(text);
    }

    private void Say(string text)
    {
        hasMessage = true;
        content.Append(text);
    }

    private void AddMessage(JsonElement message)
    {
        if (ChatJson.Text(message) is { } text) Say(text);
        hasMessage = true;
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
            AddCall(ChatJson.Field(tool, "function", "arguments"));
        AddCall(ChatJson.Field(message, "function_call", "arguments"));
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
        || ChatJson.Field(part, "text") is not null || ChatJson.Field(part, "thinking") is not null;

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
    }

    private void AddCall(JsonElement? arguments) => call.Append(
        arguments is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json
            ? json.GetRawText()
            : ChatJson.Text(arguments));

    private ChatResponse Response(string body)
    {
        var text = TextOf();
        if (error is { } fault && Says(fault)) throw RefusalOf(fault, body, text);
        if (!hasMessage) throw ErrorOrUnreadable(body);
        var message = new ChatMessage(ChatRole.Assistant, text);
        if (refusal.Length > 0 && text.Length == 0) message.Contents.Add(new ErrorContent(refusal.ToString()));
        return new ChatResponse(message) { FinishReason = FinishOf(finish), Usage = usage };
    }

    /// <summary>
    /// The first that holds a plan of what was said, handed to a tool, or thought; else what was said or handed over.
    /// </summary>
    private string TextOf()
    {
        var said = content.ToString();
        if (call.Length == 0 && thoughts.Length == 0) return said;
        string[] texts = [said, call.ToString(), thoughts.ToString()];
        return texts.FirstOrDefault(ReplyJson.HasPlan)
            ?? texts.Take(2).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
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
    private static Exception ErrorOrUnreadable(string body)
    {
        if (ChatJson.Values(body) is not [var json]) return Unreadable(body);
        var hasWords = ErrorNames.Any(name => ChatJson.Field(json, name) is { } words && Says(words));
        return hasWords ? RefusalOf(json, body, "") : Unreadable(body);
    }

    private static ChatUnreadable Unreadable(string body) => new(ServerWords.Of(body));

    private static ChatFinishReason? FinishOf(string? word) => word?.ToLowerInvariant() switch
    {
        null => null,
        var lower when CutOffWords.Contains(lower) => ChatFinishReason.Length,
        var lower when DeclinedWords.Contains(lower) => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };
}
