using System.Diagnostics.CodeAnalysis;
using HeatUp.Runs;

namespace HeatUp.TdLib;

/// <summary>What came of a request: an answer or an error, never both.</summary>
/// <typeparam name="TReply">The class of the answer.</typeparam>
/// <param name="Reply">The answer.</param>
/// <param name="Error">Why there is none: what TDLib or Telegram said, or <see cref="TelegramError.NoAnswer"/>.</param>
public readonly record struct TdAnswer<TReply>(TReply? Reply, TelegramError? Error) where TReply : class
{
    /// <summary>Whether there is an answer.</summary>
    [MemberNotNullWhen(true, nameof(Reply))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;
}
