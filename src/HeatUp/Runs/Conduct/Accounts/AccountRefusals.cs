namespace HeatUp.Runs.Conduct;

/// <summary>The sentences that say why an account may not do something.</summary>
internal static class AccountRefusals
{
    public const string Nobody = "No account is logged in. Log one in first: heat account login NAME";

    public static string NoAccount(SessionId name) =>
        $"There is no account '{name}'. Log it in first: heat account login {name}";

    public static AccountBook.Refusal Stopped(SessionId name, AccountStop stop) => new(
        $"The account '{name}' is stopped since {Text(stop.At)}: {stop.Reason} "
        + $"Look at it, then: heat account resume {name}", null);

    public static AccountBook.Refusal Ended(SessionId name, AccountEnd end) => new(
        $"The account '{name}' is logged out since {Text(end.At)}. {end.Reason} {end.Remedy(name)}", null)
    {
        IsEnd = true,
    };

    public static AccountBook.Refusal Waits(SessionId name, DateTimeOffset until) =>
        new($"Telegram asked '{name}' to wait until {Text(until)}.", until);

    public static string Ahead(SessionId name, DateTimeOffset seen, DateTimeOffset now) =>
        $"The newest time that '{name}' has seen, {Text(seen)}, lies ahead of the clock, {Text(now)}.";

    public static AccountBook.Refusal LoggedOutBound(SessionId name, DateTimeOffset until) => new(
        $"The account '{name}' was logged out with a wait, a stop or a lost ledger, which counts until {Text(until)}.",
        until);

    public static AccountBook.Refusal InUse(SessionId name, bool isHere) => new(
        isHere
            ? $"The account '{name}' has a sitting already. Wait for its end."
            : $"The account '{name}' has a sitting elsewhere, as a rule in another process. Wait for its end.", null);

    public static AccountBook.Refusal AllInUse(IEnumerable<SessionId> names) => new(
        "No account is free to look anything up: sittings elsewhere, as a rule in another process, have "
        + $"{string.Join(" and ", names.Select(name => $"'{name}'"))}. Wait for their end.", null);

    /// <summary>Why no more may be done; null if more may.</summary>
    /// <param name="who">Whose ceiling it is.</param>
    /// <param name="kind">What: one of the ledger's words.</param>
    /// <param name="counted">How many the history has.</param>
    /// <param name="max">How many there may be.</param>
    /// <param name="times">When, after the ledger.</param>
    public static AccountBook.Refusal? Full(
        string who, string kind, int counted, int max, IReadOnlyList<DateTimeOffset> times)
    {
        if (Math.Max(counted, times.Count) < max) return null;
        // When the history alone says so, nobody knows when its oldest was.
        var until = times.Count < max ? default(DateTimeOffset?) : times[^max] + ConductLimits.Period;
        var when = until is { } free ? $" The next may be at {Text(free)}." : "";
        return new($"{who} has at most {max} {kind}s in 24 hours.{when}", until);
    }

    public static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
}
