using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HeatUp.Runs;

/// <summary>
/// Reads errors as the servers and TDLib 1.8 word them. The text decides where it is known, since codes have changed
/// over the years.
/// </summary>
internal static partial class TelegramErrorReading
{
    /// <summary>The code of an answer that didn't come (HTTP's word for a time-out).</summary>
    public const int NoAnswerCode = 408;

    /// <summary>The code of what conduct refuses (HTTP's word for what is forbidden).</summary>
    public const int ConductCode = 403;

    /// <summary>What its text begins with; no text of Telegram's does.</summary>
    public const string ConductMark = "Conduct: ";

    /// <summary>
    /// What is waited when Telegram asks for a wait and its length can't be read: long enough to end the sitting.
    /// </summary>
    public static readonly TimeSpan RetryAfterUnread = TimeSpan.FromHours(1);

    /// <summary>The longest wait that is believed. Telegram's own are at most 14 days.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(366);

    /// <summary>That an account is frozen, where nothing was asked that could have been refused. Ours.</summary>
    public const string AccountFrozen = "The account is frozen";

    /// <summary>A 401 of the local database, not of the account.</summary>
    private const string WrongDatabaseKey = "Wrong database encryption key";

    private static readonly FrozenDictionary<string, TelegramErrorKind> Known =
        new Dictionary<TelegramErrorKind, string[]>
        {
            [TelegramErrorKind.Unknown] = [WrongDatabaseKey],
            [TelegramErrorKind.AccountLost] =
            [
                "AUTH_KEY_UNREGISTERED", "AUTH_KEY_DUPLICATED", "SESSION_REVOKED", "SESSION_EXPIRED",
                "USER_DEACTIVATED", "USER_DEACTIVATED_BAN", "PHONE_NUMBER_BANNED",
            ],
            [TelegramErrorKind.Frozen] = ["FROZEN_METHOD_INVALID", "FROZEN_PARTICIPANT_MISSING", AccountFrozen],
            [TelegramErrorKind.PeerFlood] = ["PEER_FLOOD"],
            [TelegramErrorKind.AccountFull] = ["CHANNELS_TOO_MUCH", "USER_CHANNELS_TOO_MUCH"],
            [TelegramErrorKind.AlreadyMember] = ["USER_ALREADY_PARTICIPANT"],
            [TelegramErrorKind.NotOccupied] = ["USERNAME_NOT_OCCUPIED", "USERNAME_INVALID", "Username is invalid"],
            [TelegramErrorKind.Private] =
            [
                "CHANNEL_PRIVATE", "Can't return to kicked from chat",
                "Can't join private chats", "Can't join secret chats",
            ],
            [TelegramErrorKind.JoinRequested] = ["INVITE_REQUEST_SENT", "JOIN_GUARD_TIMEOUT"],
            [TelegramErrorKind.NotJoinable] =
            [
                "CHANNEL_INVALID", "CHAT_INVALID", "PEER_ID_INVALID", "MSG_ID_INVALID", "USERS_TOO_MUCH",
                "CHANNEL_MONOFORUM_UNSUPPORTED", "INVITE_HASH_EMPTY", "INVITE_HASH_INVALID", "INVITE_HASH_EXPIRED",
                "INVITE_REQUEST_DECLINED", "The chat can't be joined explicitly; send a message instead",
            ],
            [TelegramErrorKind.ChatUnknown] =
                ["Chat not found", "Chat info not found", "Can't access the chat", "Invalid chat identifier specified"],
        }.SelectMany(kind => kind.Value, (kind, text) => KeyValuePair.Create(text, kind.Key)).ToFrozenDictionary();

    /// <summary>What an error means, and how long nothing may be asked.</summary>
    public static (TelegramErrorKind Kind, TimeSpan RetryAfter) Of(int code, string message)
    {
        if (Known.TryGetValue(message, out var known)) return (known, default);
        if (Wait().Match(message) is { Success: true } wait)
            return (TelegramErrorKind.FloodWait, WaitOf(wait.Groups["seconds"].ValueSpan));
        return code switch
        {
            ConductCode when message.StartsWith(ConductMark, StringComparison.Ordinal) =>
                (TelegramErrorKind.Conduct, default),
            401 => (TelegramErrorKind.AccountLost, default),
            420 or 429 => (TelegramErrorKind.FloodWait, RetryAfterUnread),
            NoAnswerCode => (TelegramErrorKind.Offline, default),
            >= 500 or < 0 => (TelegramErrorKind.RetryLater, default),
            _ => (TelegramErrorKind.Unknown, default),
        };
    }

    private static TimeSpan WaitOf(ReadOnlySpan<char> seconds)
    {
        var isRead = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return isRead && count < RetryAfterMax.TotalSeconds ? TimeSpan.FromSeconds(count) : RetryAfterMax;
    }

    [GeneratedRegex("^(Too Many Requests: retry after |(FLOOD|FLOOD_PREMIUM|SLOWMODE)_WAIT_)(?<seconds>[0-9]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Wait();
}
