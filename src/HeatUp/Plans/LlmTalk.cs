using HeatUp.Channels;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans;

/// <summary>
/// The conversation about one plan: the prompt, the reply, at most one repair. Keeps what it cost, whatever came of it.
/// </summary>
internal sealed class LlmTalk(LlmServer server, TokenBudget budget, PlanRequest request, Persona persona, Seed chance)
{
    // Cautious: English has about four characters a token, other scripts fewer.
    private const int CharactersPerToken = 3;
    private const int OutputTokensExpected = 500;
    private const int DefectsShownMax = 3;
    private const int DetailLengthMax = PlanOrigin.FallbackReasonLengthMax - 50;
    private const int ReplyQuotedLengthMax = 8 * 1024;

    private readonly List<ChatMessage> messages =
    [
        new(ChatRole.System, Prompt.SystemMessage(request.Pool)),
        new(ChatRole.User, Prompt.SessionMessage(request, persona)),
    ];

    /// <summary>What the calls cost so far.</summary>
    public TokenUsage Tokens { get; private set; }

    /// <summary>A plan, or why there is none.</summary>
    public async ValueTask<(Plan? Plan, LlmFailure? Failure)> RunAsync(CancellationToken cancellation)
    {
        var (plan, failure, defects) = await AskAsync(chance.Fork("first"), cancellation);
        if (defects.Count == 0) return (plan, failure);
        messages.Add(new(ChatRole.User, Prompt.RepairMessage(defects)));
        (plan, failure, defects) = await AskAsync(chance.Fork("repair"), cancellation);
        return (plan, defects.Count == 0 ? failure : BadPlan(defects));
    }

    private async ValueTask<(Plan? Plan, LlmFailure? Failure, IReadOnlyList<string> Defects)> AskAsync(
        Seed chance, CancellationToken cancellation)
    {
        var (response, failure) = await CallAsync(chance, cancellation);
        if (response is null) return (null, failure, []);
        var plan = PlanOf(ReplyReader.Read(response.Text, request.Pool), out var defects);
        if (plan is not null) return (plan, null, []);
        if (FailureOf(response) is { } unfit) return (null, unfit, []);
        if (response.Text.Length > 0) messages.Add(new(ChatRole.Assistant, Quoted(response.Text)));
        return (null, null, defects);
    }

    private Plan? PlanOf(Reply reply, out IReadOnlyList<string> defects)
    {
        var origin = new PlanOrigin(PlannerKind.Llm, null, Tokens);
        if (reply.Defects.Count == 0)
            return PlanCheck.Check([.. reply.Actions.OfType<PlannedAction>()], request, origin, out defects);
        // What could be read is checked too, so that the repair is told of everything at once.
        defects = reply.Actions.Count == 0
            ? reply.Defects
            : [.. reply.Defects, .. PlanCheck.DefectsOf(reply.Actions, request)];
        return null;
    }

    private async ValueTask<LlmAnswer> CallAsync(Seed chance, CancellationToken cancellation)
    {
        var input = messages.Sum(message => (long)message.Text.Length) / CharactersPerToken;
        var reserved = input + OutputTokensExpected;
        if (!budget.TryReserve(reserved)) return new LlmAnswer(null, Spent(reserved));
        // What ends without an answer may have been paid for all the same.
        var spent = input;
        try
        {
            var answer = await server.AskAsync(messages, chance, cancellation);
            var usage = UsageOf(answer.Response);
            Tokens += usage;
            if (usage.Total > 0) spent = usage.Total;
            else if (answer.Response is not null) spent = reserved;
            else if (answer.Failure?.Code != FallbackCode.Timeout) spent = 0;
            return answer;
        }
        finally
        {
            budget.Settle(reserved, spent);
        }
    }

    private static TokenUsage UsageOf(ChatResponse? response) => response?.Usage is { } usage
        ? new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0)
        : default;

    /// <summary>What the server said of a useless reply that makes a repair pointless.</summary>
    private static LlmFailure? FailureOf(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.Length)
            return new(FallbackCode.CutOff, "The model's reply reached its limit of tokens before its end.");
        var declined = response.FinishReason == ChatFinishReason.ContentFilter
            || response.Messages.Any(message => message.Contents.OfType<ErrorContent>().Any());
        return declined ? new(FallbackCode.Declined, "The model declined to plan.") : null;
    }

    private LlmFailure Spent(long needed) => new(FallbackCode.BudgetSpent,
        $"A call may take {needed} tokens; of the {budget.PerDay} of this day (UTC) {budget.SpentToday} are spent.");

    private static LlmFailure BadPlan(IReadOnlyList<string> defects)
    {
        var named = string.Join(' ', defects.Take(DefectsShownMax));
        return new(FallbackCode.BadPlan, ForeignText.Clean(
            $"The model's plan breaks rules, also after one repair. {named}", DetailLengthMax));
    }

    private static string Quoted(string text) =>
        text.Length <= ReplyQuotedLengthMax ? text : text[..ReplyQuotedLengthMax];
}
