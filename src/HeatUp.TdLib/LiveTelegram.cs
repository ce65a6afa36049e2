using HeatUp.Runs.Conduct;

namespace HeatUp.TdLib;

/// <summary>The one door to the real Telegram for sittings: it opens under the rules of conduct only.</summary>
public static class LiveTelegram
{
    /// <summary>The real Telegram, as far as <see cref="LiveConduct"/> lets anybody through.</summary>
    /// <param name="library">TDLib.</param>
    /// <param name="folders">Where the accounts' logins lie.</param>
    /// <param name="application">Who asks.</param>
    /// <param name="accounts">The accounts, and what each may join.</param>
    /// <param name="counts">What the history says that they did.</param>
    /// <param name="clock">The time.</param>
    public static LiveConduct Open(
        TdLibrary library, TdAccounts folders, TdApplication application, AccountBook accounts, IActionCounts counts,
        TimeProvider clock) =>
        new(new TdLibTelegram(library, folders, application, accounts.Heard, clock), accounts, counts, clock);
}
