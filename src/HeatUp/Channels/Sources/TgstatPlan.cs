namespace HeatUp.Channels.Sources;

/// <summary>What a fetch from TGStat will cost, before it costs anything.</summary>
/// <param name="Searches">The searches, one call each.</param>
/// <param name="Allowance">The calls that are left; null if TGStat could not be asked.</param>
/// <param name="Refusal">Why none of it may be done, and what to do next; null if it may.</param>
public sealed record TgstatPlan(
    IReadOnlyList<TgstatSearch> Searches, CallAllowance? Allowance, string? Refusal = null);

/// <summary>A search that costs a call.</summary>
/// <param name="Title">The category that its channels get.</param>
/// <param name="Call">The method with its parameters, without the token.</param>
public sealed record TgstatSearch(string Title, string Call);

/// <summary>How many calls may be made now.</summary>
/// <param name="Used">The calls of the last 30 days, as this installation or its cluster counts them.</param>
/// <param name="Limit">The most calls in 30 days.</param>
/// <param name="Left">The calls that are left: by this count, and by TGStat's own.</param>
/// <param name="SpentAtTgstat">What TGStat counts, in all uses of the subscription; null if it doesn't say.</param>
/// <param name="LimitAtTgstat">What TGStat allows; null if it doesn't say.</param>
public sealed record CallAllowance(int Used, long Limit, long Left, long? SpentAtTgstat, long? LimitAtTgstat)
{
    internal static CallAllowance Of(CallsMade calls, TgstatUsage usage, int? budget)
    {
        var used = calls.Times.Count;
        var limit = budget ?? usage.Limit ?? CallLedger.CallsMaxDefault;
        var left = Math.Min(limit - used, usage.Limit - usage.Spent ?? long.MaxValue);
        return new(used, limit, Math.Max(0, left), usage.Spent, usage.Limit);
    }
}

/// <summary>How far a fetch is.</summary>
/// <param name="Title">What it asks for.</param>
/// <param name="Number">Which of the searches that is, from 1; 0 before the first.</param>
/// <param name="Count">How many there are; 0 while that isn't known.</param>
/// <param name="Wait">How long it waits now; null if it doesn't.</param>
/// <param name="Why">Why it waits; null if it doesn't.</param>
public sealed record TgstatProgress(string Title, int Number, int Count, TimeSpan? Wait = null, string? Why = null);
