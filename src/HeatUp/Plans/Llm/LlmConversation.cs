using HeatUp.Channels;
using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// The conversation about one plan: the prompt, the reply, at most one repair. Keeps what it cost, whatever came of it.
/// </summary>
internal sealed class LlmConversation(
    ILlmExchange exchange, TokenBudget budget, PlanRequest request, Persona persona, Seed chance)
{
    private const int DefectsShownMax = 3;
    private const int DetailLengthMax = PlanOrigin.FallbackReasonLengthMax - 50;
    private const int ReplyQuotedLengthMax = 8 * 1024;

    private readonly List<ChatMessage> messages =
    [
        new(ChatRole.System, request.IsForOwner
            ? Prompt.OwnersSystemMessage(request.Pool)
            : Prompt.SystemMessage(request.Pool)),
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
        var (reply, failure) = await CallAsync(chance, cancellation);
        if (reply is null) return (null, failure, []);
        var plan = PlanOf(reply, out var defects);
        if (plan is not null) return (plan, null, []);
        if (reply.Failure is { } unfit) return (null, unfit, []);
        if (reply.Text.Length > 0) messages.Add(new(ChatRole.Assistant, Quoted(reply.Text)));
        return (null, null, defects);
    }

    /// <summary>The first of a reply's plans that is good; the defects are those of the one that it meant.</summary>
    private Plan? PlanOf(LlmReply reply, out IReadOnlyList<string> defects)
    {
        defects = [];
        foreach (var read in ReplyReader.ReadAll(reply.Text, request.Pool))
        {
            if (PlanOf(read, out var found) is { } plan) return plan;
            if (defects.Count == 0) defects = found;
        }
        return null;
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
        var cost = CallCost.Of(messages);
        if (!budget.TryReserve(cost.Whole)) return new LlmAnswer(null, Spent(cost.Whole));
        var spent = cost.Unanswered;
        try
        {
            var answer = await exchange.AskAsync(messages, chance, cancellation);
            Tokens += answer.Reply?.Tokens ?? default;
            spent = cost.SpentOn(answer);
            return answer;
        }
        finally
        {
            await budget.SettleAsync(cost.Whole, spent);
        }
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
