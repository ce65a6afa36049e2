namespace HeatUp.Plans;

/// <summary>
/// Why the built-in planner stood in: the first word of <see cref="PlanOrigin.FallbackReason"/>, before a colon.
/// </summary>
public static class FallbackCode
{
    /// <summary>The model didn't answer in time.</summary>
    public const string Timeout = "llm_timeout";

    /// <summary>The server can't be reached.</summary>
    public const string Unreachable = "llm_unreachable";

    /// <summary>The server refuses the key.</summary>
    public const string KeyRefused = "llm_key_refused";

    /// <summary>The server refuses the request, for example because it doesn't know the model.</summary>
    public const string Refused = "llm_request_refused";

    /// <summary>The server takes no more requests for now.</summary>
    public const string Busy = "llm_busy";

    /// <summary>The server failed.</summary>
    public const string ServerError = "llm_server_error";

    /// <summary>The server's answer is no chat completion.</summary>
    public const string Unreadable = "llm_unreadable_answer";

    /// <summary>The model declines to plan.</summary>
    public const string Declined = "llm_declined";

    /// <summary>The reply reached its limit of tokens before its end.</summary>
    public const string CutOff = "llm_reply_cut_off";

    /// <summary>The plan breaks rules, also after the repair.</summary>
    public const string BadPlan = "llm_bad_plan";

    /// <summary>The tokens of the day, or of a simulation's run, are spent.</summary>
    public const string BudgetSpent = "llm_budget_spent";
}
