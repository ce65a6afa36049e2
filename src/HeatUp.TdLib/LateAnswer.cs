using HeatUp.Runs;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>An answer that came when nobody waited for it any more; what it tells has happened all the same.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Reply">The answer; null if it was an error.</param>
/// <param name="Error">The error; null if it was answered.</param>
/// <param name="After">How long after the request it came.</param>
public sealed record LateAnswer(TdRequest Request, TdObject? Reply, TelegramError? Error, TimeSpan After)
{
    /// <summary>
    /// What it tells of the whole account, a wait or a loss; null if it concerns its own request only.
    /// </summary>
    /// <param name="now">When it came.</param>
    internal Outcome? OfAccount(DateTimeOffset now) =>
        Error?.ToOutcome(now) is { } said and (Outcome.MustWait or Outcome.AccountLost) ? said : null;
}
