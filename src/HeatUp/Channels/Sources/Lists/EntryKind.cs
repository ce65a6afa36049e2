namespace HeatUp.Channels.Sources.Lists;

/// <summary>What an entry says it is: a broadcast channel, or why not.</summary>
internal static class EntryKind
{
    private static readonly Dictionary<string, PassedOverReason> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["group"] = PassedOverReason.Group, ["supergroup"] = PassedOverReason.Group,
        ["megagroup"] = PassedOverReason.Group, ["gigagroup"] = PassedOverReason.Group,
        ["chat"] = PassedOverReason.Group, ["forum"] = PassedOverReason.Group, ["basicgroup"] = PassedOverReason.Group,
        ["publicgroup"] = PassedOverReason.Group, ["publicsupergroup"] = PassedOverReason.Group,
        ["privategroup"] = PassedOverReason.Group, ["privatesupergroup"] = PassedOverReason.Group,
        ["chattypebasicgroup"] = PassedOverReason.Group, ["chattypesupergroup"] = PassedOverReason.Group,
        ["peerchat"] = PassedOverReason.Group, ["inputpeerchat"] = PassedOverReason.Group,
        ["группа"] = PassedOverReason.Group, ["супергруппа"] = PassedOverReason.Group,
        ["чат"] = PassedOverReason.Group, ["форум"] = PassedOverReason.Group,
        ["user"] = PassedOverReason.Person, ["person"] = PassedOverReason.Person,
        ["private"] = PassedOverReason.Person, ["privatechat"] = PassedOverReason.Person,
        ["personal"] = PassedOverReason.Person, ["personalchat"] = PassedOverReason.Person,
        ["savedmessages"] = PassedOverReason.Person, ["chattypeprivate"] = PassedOverReason.Person,
        ["peeruser"] = PassedOverReason.Person, ["inputpeeruser"] = PassedOverReason.Person,
        ["пользователь"] = PassedOverReason.Person, ["человек"] = PassedOverReason.Person,
        ["bot"] = PassedOverReason.Bot, ["botchat"] = PassedOverReason.Bot, ["бот"] = PassedOverReason.Bot,
        ["privatechannel"] = PassedOverReason.NotPublic,
    };

    private static readonly HashSet<string> Channels = new(StringComparer.OrdinalIgnoreCase)
    {
        "channel", "publicchannel", "broadcast", "channels", "peerchannel", "inputpeerchannel", "канал",
    };

    private static readonly (FieldMeaning Meaning, PassedOverReason Reason)[] Flags =
    [
        (FieldMeaning.IsBot, PassedOverReason.Bot), (FieldMeaning.IsPerson, PassedOverReason.Person),
        (FieldMeaning.IsGroup, PassedOverReason.Group),
    ];

    /// <summary>
    /// Why the entry is no channel for the pool, as far as its fields and its name say; null if nothing speaks against
    /// it.
    /// </summary>
    public static (PassedOverReason Reason, string Why)? FaultOf(ListEntry entry, ChannelName? name)
    {
        foreach (var (meaning, reason) in Flags)
            if (Find(entry, meaning, IsTrue) is { } flag)
                return (reason, $"it is {Article(reason)} ({ForeignText.Clean(flag.Name, 40)}), not a channel");
        var isChannel = Find(entry, FieldMeaning.IsChannel, IsTrue) is not null
            || Find(entry, FieldMeaning.Kind, text => Channels.Contains(WordIn(text))) is not null;
        if (!isChannel && Find(entry, FieldMeaning.Kind, text => Others.ContainsKey(WordIn(text))) is { } kind)
        {
            var reason = Others[WordIn(kind.Text)];
            return (reason, $"it is {Article(reason)} ({ForeignText.Clean(kind.Text, 40)}), not a channel");
        }
        if (!isChannel && Find(entry, FieldMeaning.IsChannel, IsFalse) is not null)
            return (PassedOverReason.Group, "it is no broadcast channel");
        if (Find(entry, FieldMeaning.Restriction, text => !IsFalse(text)) is { } mark)
            return (PassedOverReason.Restricted, $"it is marked ({ForeignText.Clean(mark.Name, 40)})");
        return !isChannel && name?.Value.EndsWith("bot", StringComparison.OrdinalIgnoreCase) == true
            ? (PassedOverReason.Bot, "it has a bot's name")
            : null;
    }

    private static ListField? Find(ListEntry entry, FieldMeaning meaning, Func<string, bool> says)
    {
        foreach (var field in entry.Fields)
            if (field.Meaning == meaning && says(field.Text))
                return field;
        return null;
    }

    private static string Article(PassedOverReason reason) => reason switch
    {
        PassedOverReason.Group => "a group",
        PassedOverReason.Person => "a person",
        PassedOverReason.Bot => "a bot",
        _ => "a private one",
    };

    /// <summary>
    /// The word that tells it, such as <c>supergroup</c> of <c>ChatType.SUPERGROUP</c>: all as one, if that is known;
    /// else one that says channel; else one that says something else. Empty if none does.
    /// </summary>
    private static string WordIn(string text)
    {
        if (text.Length > ListLimits.ShownMax) return "";
        var last = text[(text.LastIndexOf('.') + 1)..];
        var whole = string.Concat(last.Where(char.IsLetter));
        if (Channels.Contains(whole) || Others.ContainsKey(whole)) return whole;
        var words = last.Split(' ', '_', '-', '/', '(', ')', ',');
        return Array.Find(words, Channels.Contains) ?? Array.Find(words, Others.ContainsKey) ?? "";
    }

    private static bool IsTrue(string text) =>
        text.Trim().ToLowerInvariant() is "true" or "1" or "1.0" or "yes" or "y" or "t" or "да" or "+" or "x" or "✓";

    private static bool IsFalse(string text) =>
        text.Trim().ToLowerInvariant() is "" or "false" or "0" or "0.0" or "no" or "n" or "f" or "нет" or "none"
            or "null" or "[]" or "{}" or "-" or "nan";
}
