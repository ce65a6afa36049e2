namespace HeatUp.Channels.Sources.Lists;

/// <summary>What an entry says it is: a broadcast channel, or why not.</summary>
internal static class EntryKind
{
    private static readonly Dictionary<string, PassedOverReason> Others = FieldNames.ByWord(
        StringComparer.OrdinalIgnoreCase,
        (PassedOverReason.Group, "group supergroup megagroup gigagroup chat forum basicgroup publicgroup "
            + "publicsupergroup privategroup privatesupergroup chattypebasicgroup chattypesupergroup peerchat "
            + "inputpeerchat группа супергруппа чат форум група grupo gruppe gruppo grup groupe 群组 群 그룹 گروه"),
        (PassedOverReason.Person, "user person private privatechat personal personalchat savedmessages chattypeprivate "
            + "peeruser inputpeeruser пользователь человек личныйчат"),
        (PassedOverReason.Bot, "bot botchat бот"),
        (PassedOverReason.NotPublic, "privatechannel закрытыйканал приватныйканал частныйканал"));

    private static readonly HashSet<string> Channels = new(StringComparer.OrdinalIgnoreCase)
    {
        "channel", "publicchannel", "broadcast", "channels", "peerchannel", "inputpeerchannel", "канал", "canal",
        "kanal", "频道", "채널", "کانال", "قناة",
    };

    /// <summary>Heads of parts of a list, and keys, below which no channels stand.</summary>
    private static readonly Dictionary<string, PassedOverReason> Heads = FieldNames.ByWord(
        StringComparer.OrdinalIgnoreCase,
        (PassedOverReason.Group, "groups supergroups megagroups группы чаты супергруппы"),
        (PassedOverReason.Person, "users persons people contacts пользователи люди контакты"),
        (PassedOverReason.Bot, "bots боты"));

    /// <summary>Words of a status that say that a channel is restricted.</summary>
    private static readonly HashSet<string> Marks = new(StringComparer.OrdinalIgnoreCase)
    {
        "scam", "fake", "restricted", "banned", "blocked", "deleted", "скам", "фейк", "мошенник", "ограничен",
        "забанен", "заблокирован", "удален", "удалён",
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
            || Find(entry, FieldMeaning.Kind, text => KindIn(text).IsChannel) is not null;
        if (Find(entry, FieldMeaning.Kind, TelegramRefs.IsOtherNetwork) is { } network)
            return (PassedOverReason.OtherSite, $"it is on another network ({ForeignText.Clean(network.Text, 40)})");
        if (!isChannel && Find(entry, FieldMeaning.Kind, IsOther) is { } kind)
        {
            var reason = KindIn(kind.Text).Other!.Value;
            return (reason, $"it is {Article(reason)} ({ForeignText.Clean(kind.Text, 40)}), not a channel");
        }
        if (!isChannel && Find(entry, FieldMeaning.IsChannel, IsFalse) is not null)
            return (PassedOverReason.Group, "it is no broadcast channel");
        if ((Find(entry, FieldMeaning.Restriction, text => !IsFalse(text)) ?? Find(entry, FieldMeaning.Status, HasMark))
            is { } mark)
            return (PassedOverReason.Restricted, $"it is marked ({ForeignText.Clean(mark.Name, 40)})");
        return !isChannel && name?.Value.EndsWith("bot", StringComparison.OrdinalIgnoreCase) == true
            ? (PassedOverReason.Bot, "it has a bot's name")
            : null;
    }

    /// <summary>Why nothing below a head, such as <c>Groups:</c>, is a channel; null if it may be.</summary>
    public static PassedOverReason? OfHead(string head) =>
        head.Length <= ListLimits.ShownMax
        && Heads.TryGetValue(string.Concat(head.Where(char.IsLetter)), out var reason) ? reason : null;

    /// <summary>Whether a word says that something is no channel.</summary>
    public static bool IsOther(string text) => KindIn(text).Other is not null;

    /// <summary>The last field that says it, which says it best: <c>type</c> stands after <c>_</c>.</summary>
    private static ListField? Find(ListEntry entry, FieldMeaning meaning, Func<string, bool> says)
    {
        for (var i = entry.Fields.Count - 1; i >= 0; i--)
            if (entry.Fields[i].Meaning == meaning && says(entry.Fields[i].Text))
                return entry.Fields[i];
        return null;
    }

    private static bool HasMark(string text) => text.Length <= ListLimits.NameCellMax
        && text.Split(' ', ',', ';', '|', '/', '_', '-').Any(Marks.Contains);

    private static string Article(PassedOverReason reason) => reason switch
    {
        PassedOverReason.Group => "a group",
        PassedOverReason.Person => "a person",
        PassedOverReason.Bot => "a bot",
        _ => "a private one",
    };

    /// <summary>
    /// What a text says, such as <c>supergroup</c> in <c>ChatType.SUPERGROUP</c>: all as one word, if that is known;
    /// else by a word that says channel; else by one that says something else.
    /// </summary>
    private static (bool IsChannel, PassedOverReason? Other) KindIn(string text)
    {
        if (text.Length > ListLimits.ShownMax) return default;
        var last = text[(text.LastIndexOf('.') + 1)..];
        var whole = string.Concat(last.Where(char.IsLetter));
        if (Channels.Contains(whole)) return (true, null);
        if (Others.TryGetValue(whole, out var other)) return (false, other);
        if (OfHead(whole) is { } below) return (false, below);
        var words = last.Split(' ', '_', '-', '/', '(', ')', ',');
        if (words.Any(Channels.Contains)) return (true, null);
        var told = Array.Find(words, Others.ContainsKey);
        return (false, told is null ? null : Others[told]);
    }

    private static bool IsTrue(string text) =>
        text.Trim().ToLowerInvariant() is "true" or "1" or "1.0" or "yes" or "y" or "t" or "да" or "+" or "x" or "✓";

    private static bool IsFalse(string text) => !IsTrue(text) && (NoValue.IsIn(text)
        || text.Trim().ToLowerInvariant() is "0" or "0.0" or "n" or "f" or "[]" or "{}" or "✗" or "✘" or "❌");
}
