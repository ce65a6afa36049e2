using HeatUp.Runs;

namespace HeatUp.Sessions;

/// <summary>Reads outcomes from what is stored of them.</summary>
internal static class OutcomeWords
{
    /// <summary>The outcome of this word.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Outcome Read(string? word, TelegramError error, int postsRead, DateTimeOffset? until) => word switch
    {
        "done" => postsRead == 0 ? Outcome.Done.Plain : new Outcome.Done(postsRead),
        "refused" => new Outcome.Refused(error),
        "must_wait" => new Outcome.MustWait(until ?? throw new FormatException("A wait has no end."), error),
        "account_lost" => new Outcome.AccountLost(error),
        _ => throw new FormatException($"'{word}' is not an outcome."),
    };
}
