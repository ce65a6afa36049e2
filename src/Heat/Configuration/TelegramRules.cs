using HeatUp.Runs;
using HeatUp.TdLib;

namespace Heat.Configuration;

/// <summary>What the settings of the real Telegram must be. In the sandbox they need not be set.</summary>
internal static class TelegramRules
{
    public const string Mode = "TELEGRAM_MODE";

    private const string KeyAllowed = "a key of 32 bytes: 64 hexadecimal digits, or their base64";

    public static TelegramSettings? Read(SettingsReader read, TelegramMode mode)
    {
        var id = (int?)read.Whole("TELEGRAM_API_ID", null, 1, int.MaxValue);
        var hash = read.Secret("TELEGRAM_API_HASH");
        var library = read.Text("TDLIB_PATH");
        var key = KeyOf(read);
        if (mode == TelegramMode.Sandbox) return null;
        read.KeepFromFolder("TDLIB_PATH");
        if (id is null && read.Text("TELEGRAM_API_ID") is null) Missing(read, "TELEGRAM_API_ID", mode);
        if (hash is null && read.Text("TELEGRAM_API_HASH") is null) Missing(read, "TELEGRAM_API_HASH", mode);
        var place = UserPlaces.Accounts();
        if (place is null)
            read.Refuse("HOME", "must be the absolute path of a folder of yours, because the accounts lie in "
                + ".local/share below it. Set it, or XDG_DATA_HOME, in the environment.");
        return id is null || hash is null || place is null
            ? null
            : new TelegramSettings(mode == TelegramMode.Test, id.Value, hash, library, key, place);
    }

    /// <summary>The bytes of a key as it is set: 64 hexadecimal digits, or base64.</summary>
    public static bool TryReadKey(string text, out byte[] key)
    {
        key = new byte[TdAccounts.KeyLength];
        if (text.Length == 2 * TdAccounts.KeyLength && text.All(char.IsAsciiHexDigit))
        {
            key = Convert.FromHexString(text);
            return true;
        }
        return Convert.TryFromBase64String(text, key, out var written) && written == TdAccounts.KeyLength;
    }

    private static Secret? KeyOf(SettingsReader read)
    {
        const string name = "TDLIB_DATABASE_KEY";
        var key = read.Secret(name);
        if (key is null || TryReadKey(key.Reveal(), out _)) return key;
        read.Refuse(name, $"must be {KeyAllowed}.");
        return null;
    }

    private static void Missing(SettingsReader read, string name, TelegramMode mode) =>
        read.Refuse(name, $"is needed with {Mode}={mode.ToString().ToLowerInvariant()}. Get your own pair at "
            + "https://my.telegram.org, under \"API development tools\"; docs/live.md tells how.");
}
