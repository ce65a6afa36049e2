namespace HeatUp.Tests.Loopback;

/// <summary>What holds of all that heat ever asks of Telegram, whatever it does: the rules of conduct, on the wire.</summary>
internal static class WireRules
{
    /// <summary>The methods that change something, or tell Telegram something: only these, and no other.</summary>
    private static readonly HashSet<string> Doing =
    [
        "auth.sendCode", "auth.resendCode", "auth.signIn", "auth.checkPassword", "auth.exportLoginToken", "auth.logOut",
        "account.sendVerifyEmailCode", "account.verifyEmail",
        "auth.bindTempAuthKey", "auth.dropTempAuthKeys", "channels.joinChannel", "channels.readHistory",
    ];

    /// <summary>The methods that ask, most of them TDLib's own idea.</summary>
    private static readonly HashSet<string> Asking = [.. Seen, .. Possible];

    private static IEnumerable<string> Seen =>
    [
        "help.getNearestDc", "help.getConfig", "help.getAppConfig", "help.getPeerColors", "help.getPeerProfileColors",
        "help.getPromoData", "help.getTermsOfServiceUpdate", "messages.getAttachMenuBots", "messages.getDialogFilters",
        "messages.getStickerSet", "messages.getAvailableReactions", "messages.getAvailableEffects",
        "account.getNotifySettings", "account.getReactionsNotifySettings", "account.getChatThemes",
        "account.getContentSettings", "account.getSavedMusicIds", "account.getWebBrowserSettings", "account.getPassword",
        "aicompose.getTones", "contacts.getTopPeers", "contacts.resolveUsername", "updates.getState",
        "updates.getDifference", "updates.getChannelDifference", "channels.getChannels", "channels.getFullChannel",
        "channels.getMessages", "messages.getHistory", "messages.getMessagesViews", "messages.getPeerDialogs",
        "messages.getDialogs", "messages.getPinnedDialogs", "messages.getPeerSettings", "stories.getPeerStories",
        "stories.getPeerMaxIDs", "users.getUsers",
    ];

    /// <summary>
    /// Questions of TDLib's that no test has met yet: it asks them after minutes or on a slow machine, and each only asks.
    /// What isn't here, such as <c>account.updateStatus</c>, which tells others that somebody is there, is not allowed.
    /// </summary>
    private static IEnumerable<string> Possible =>
    [
        "account.getAuthorizations", "account.getContactSignUpNotification", "account.getDefaultEmojiStatuses",
        "account.getGlobalPrivacySettings", "channels.getParticipant", "contacts.getBirthdays", "contacts.getContacts",
        "contacts.getStatuses", "help.getCdnConfig", "help.getCountriesList", "help.getTimezonesList",
        "messages.getAllDrafts", "messages.getDefaultTagReactions", "messages.getDialogUnreadMarks",
        "messages.getMessages", "messages.getMessagesReactions", "messages.getOnlines", "messages.getRecentReactions",
        "messages.getScheduledHistory", "messages.getTopReactions", "stories.getAllReadPeerStories",
    ];

    /// <summary>All that may be asked.</summary>
    public static IEnumerable<string> Allowed => Doing.Concat(Asking);

    /// <summary>What was asked that may not be.</summary>
    /// <param name="seen">All that was asked.</param>
    /// <param name="apiId">The operator's.</param>
    /// <param name="names">The names that may be looked up.</param>
    public static IEnumerable<string> Broken(IEnumerable<WireCall> seen, int apiId, HashSet<string> names)
    {
        foreach (var call in seen)
        {
            if (!Doing.Contains(call.Method) && !Asking.Contains(call.Method)) yield return $"not allowed: {call}";
            if (call.Device != "Heat Up") yield return $"calls itself {call.Device}: {call}";
            if (!call.Version.Contains("TDLib", StringComparison.Ordinal)) yield return $"says it is {call.Version}: {call}";
            if (call.ApiId != apiId) yield return $"uses the api_id {call.ApiId}: {call}";
            if (call.UsesProxy) yield return $"goes through a proxy: {call}";
            if (call.Method == "messages.getMessagesViews" && (bool?)call.Query["increment"] is true)
                yield return $"raises a public counter: {call}";
            if (call.Method == "contacts.resolveUsername" && !names.Contains((string)call.Query["username"]!))
                yield return $"looks up a name that nobody asked for: {call}";
        }
    }
}
