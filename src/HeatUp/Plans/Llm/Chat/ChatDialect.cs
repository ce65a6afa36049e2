using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>How a server of chat completions is talked to, as far as servers differ about it.</summary>
/// <param name="Form">What the reply is asked to be.</param>
/// <param name="Limit">What bounds the reply's tokens.</param>
/// <param name="HasSystemRole">Whether there are system messages; if not, a user says it.</param>
/// <param name="Streams">Whether the reply is asked for as a stream.</param>
internal readonly record struct ChatDialect(
    ReplyForm Form, TokenLimitName Limit, bool HasSystemRole, bool Streams = false)
{
    /// <summary>The parameter's name before reasoning models came.</summary>
    public const string OldLimitName = "max_tokens";

    /// <summary>What is tried first.</summary>
    public static ChatDialect Best { get; } = new(ReplyForm.Schema, TokenLimitName.MaxCompletionTokens, true);

    private static readonly ChatResponseFormat PlanFormat =
        ChatResponseFormat.ForJsonSchema(PromptRules.Schema, "sitting_plan");

    /// <summary>The messages as this dialect says them: none of a role that it lacks, none twice in a row.</summary>
    public IEnumerable<ChatMessage> Say(IReadOnlyList<ChatMessage> messages)
    {
        var said = new List<ChatMessage>(messages.Count);
        foreach (var message in messages)
        {
            var role = message.Role == ChatRole.System && !HasSystemRole ? ChatRole.User : message.Role;
            if (said.Count > 0 && said[^1].Role == role) said[^1] = new(role, $"{said[^1].Text}\n\n{message.Text}");
            else said.Add(role == message.Role ? message : new(role, message.Text));
        }
        return said;
    }

    /// <summary>The parameters as this dialect names them.</summary>
    public ChatOptions Options(int outputTokensMax) => new()
    {
        MaxOutputTokens = Limit == TokenLimitName.MaxCompletionTokens ? outputTokensMax : null,
        AdditionalProperties = Others(outputTokensMax),
        ResponseFormat = Form switch
        {
            ReplyForm.Schema => PlanFormat,
            ReplyForm.Json => ChatResponseFormat.Json,
            _ => null,
        },
    };

    private AdditionalPropertiesDictionary? Others(int outputTokensMax)
    {
        if (Limit != TokenLimitName.MaxTokens && !Streams) return null;
        var others = new AdditionalPropertiesDictionary();
        if (Streams) others["stream"] = true;
        if (Limit == TokenLimitName.MaxTokens) others[OldLimitName] = outputTokensMax;
        return others;
    }

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var form = Form switch
        {
            ReplyForm.Schema => "json_schema",
            ReplyForm.Json => "json_object",
            _ => "plain text",
        };
        var limit = Limit switch
        {
            TokenLimitName.MaxCompletionTokens => "max_completion_tokens",
            TokenLimitName.MaxTokens => OldLimitName,
            _ => "no limit of tokens",
        };
        var system = HasSystemRole ? "system messages" : "no system messages";
        return $"{form}, {limit}, {system}{(Streams ? ", streams only" : "")}";
    }
}

/// <summary>What a reply is asked to be, the least first.</summary>
internal enum ReplyForm
{
    /// <summary>Anything.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>JSON of the plan's schema.</summary>
    Schema,
}

/// <summary>The parameter that bounds a reply's tokens.</summary>
internal enum TokenLimitName
{
    /// <summary>None is sent.</summary>
    None,

    /// <summary>The name that most servers know.</summary>
    MaxTokens,

    /// <summary>The name that reasoning models need.</summary>
    MaxCompletionTokens,
}
