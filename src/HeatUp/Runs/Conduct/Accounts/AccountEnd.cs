namespace HeatUp.Runs.Conduct;

/// <summary>That an account's login is over. A new login is the only way on, where there is one.</summary>
/// <param name="Why">What Telegram said.</param>
/// <param name="At">Since when, as far as it was noticed.</param>
public sealed record AccountEnd(TelegramError Why, DateTimeOffset At)
{
    /// <summary>What has happened, as a sentence.</summary>
    public string Reason => Why.Message switch
    {
        "USER_DEACTIVATED_BAN" or "PHONE_NUMBER_BANNED" =>
            $"Telegram has banned it ({Why}). Only Telegram can undo that; its own apps tell how.",
        "USER_DEACTIVATED" => $"It was deleted at Telegram ({Why}).",
        "AUTH_KEY_DUPLICATED" => $"Its login was used in two places at once ({Why}), so Telegram ended it.",
        _ => $"Its login was ended ({Why}): in a Telegram app, or by Telegram.",
    };

    /// <summary>What its owner can do about it, as a sentence.</summary>
    /// <param name="name">The account's name here.</param>
    public string Remedy(SessionId name) => Why.Message switch
    {
        "USER_DEACTIVATED_BAN" or "PHONE_NUMBER_BANNED" => $"Once that is undone: heat account login {name}",
        "USER_DEACTIVATED" => $"Nothing brings it back. To take it off the list: heat account logout {name}",
        _ => $"Log it in again: heat account login {name}",
    };

    /// <summary>
    /// What is kept when Telegram says something more. Only the request that meets an end hears its reason, all others
    /// that they are unauthorized.
    /// </summary>
    internal AccountEnd With(AccountEnd later) => Why == TelegramError.LoggedOut ? later with { At = At } : this;
}
