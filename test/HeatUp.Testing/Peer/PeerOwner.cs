using HeatUp.Channels;
using HeatUp.Runs;

namespace HeatUp.Testing.Peer;

/// <summary>Somebody who has a phone number, and what Telegram does when that number logs in.</summary>
/// <param name="phone">In international form.</param>
public sealed class PeerOwner(string phone)
{
    /// <summary>The number.</summary>
    public string Phone => phone;

    /// <summary>The number that stays the same for ever.</summary>
    public long Id { get; init; } = 777_123;

    /// <summary>The code that Telegram sends.</summary>
    public string Code { get; set; } = "12345";

    /// <summary>How long the code is good.</summary>
    public TimeSpan CodeFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it takes until the code can be sent again, by SMS; null if it can't.</summary>
    public TimeSpan? ResendAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The password of the two-step verification; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>What the owner is reminded of it with.</summary>
    public string PasswordHint { get; set; } = "";

    /// <summary>The code that is sent by e-mail instead; null if it isn't.</summary>
    public string? EmailCode { get; set; }

    /// <summary>Whether Telegram asks for an address first.</summary>
    public bool NamesEmailAddress { get; set; }

    /// <summary>Whether there is an account.</summary>
    public bool IsRegistered { get; set; } = true;

    /// <summary>Whether Telegram wants a purchase first.</summary>
    public bool MustBuy { get; set; }

    /// <summary>
    /// What is said to the number instead of sending a code: 400 PHONE_NUMBER_BANNED, 429 and others; null for nothing.
    /// </summary>
    public TelegramError? PhoneError { get; set; }

    /// <summary>Whether Telegram forgets what is marked read.</summary>
    public bool LosesMarks { get; set; }

    /// <summary>Whether the account is frozen: each client hears of it as soon as it is logged in and online.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Whether the login was ended elsewhere: the next connection finds out.</summary>
    internal bool IsRevoked { get; set; }

    /// <summary>The channels that are followed, with the newest post that was read.</summary>
    internal Dictionary<ChannelName, long> Follows { get; } = [];

    /// <summary>Which of them the owner has put away.</summary>
    internal HashSet<ChannelName> Archived { get; } = [];

    /// <summary>The names that the account knows, and since when.</summary>
    internal Dictionary<ChannelName, DateTimeOffset> Resolved { get; } = [];

    internal string Digits => DigitsOf(phone);

    internal static string DigitsOf(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
