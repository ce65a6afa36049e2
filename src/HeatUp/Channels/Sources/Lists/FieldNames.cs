using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>What a field of a list is about.</summary>
internal enum FieldMeaning
{
    /// <summary>Nobody knows: what it holds may tell.</summary>
    None,

    /// <summary>The public name.</summary>
    Username,

    /// <summary>A link, perhaps to the channel.</summary>
    Link,

    /// <summary>What it is called: its title, or its name if nothing else says it.</summary>
    Called,

    /// <summary>Its title.</summary>
    Title,

    Description,
    Category,
    Subscribers,

    /// <summary>A word for what it is: a channel, a group, a person.</summary>
    Kind,

    /// <summary>Whether it is a group.</summary>
    IsGroup,

    /// <summary>Whether it is a person.</summary>
    IsPerson,

    /// <summary>Whether it is a bot.</summary>
    IsBot,

    /// <summary>Whether it is a channel.</summary>
    IsChannel,

    /// <summary>Whether it is restricted, and by what.</summary>
    Restriction,

    /// <summary>Words for how it stands, which may say that it is restricted.</summary>
    Status,

    /// <summary>About somebody or something else, whose names are not the channel's.</summary>
    Other,

    /// <summary>A number of a part, or of a change.</summary>
    Part,
}

/// <summary>What columns and fields of other people's files may be called, in English and Russian.</summary>
internal static partial class FieldNames
{
    private static readonly Dictionary<string, FieldMeaning> Exact = ByWord(StringComparer.Ordinal,
        (FieldMeaning.Username, "username usernames channelusername chatusername tgusername "
            + "telegramusername activeusernames editableusername handle handles channelhandle screenname shortname "
            + "domain slug login alias nick nickname mention юзернейм юзернеймы юзернэйм логин ник никнейм хэндл "
            + "имяпользователя 핸들 사용자명 用户名 usuario benutzername kullanıcıadı utilisateur آیدی"),
        (FieldMeaning.Link, "link links url urls href channellink channelurl chatlink tgstaturl tgstatlink "
            + "telegramlink telegramurl tglink tgurl telegram tg tme permalink address ссылка ссылки линк урл "
            + "адрес телеграм телеграмм тг ссылканаканал посилання 링크 链接 链接地址 enlace lien havola bağlantı لینک"),
        (FieldMeaning.Called, "name names channel channels channelname channelnames chatname канал каналы "
            + "имя имена имяканала сообщество 채널 频道 canal kanal"),
        (FieldMeaning.Title, "title titles channeltitle chattitle displayname fullname название названия "
            + "названиеканала заголовок наименование назва 채널명 제목 频道名称 标题 título nombre nom titel titre "
            + "kanaladı نامکانال"),
        (FieldMeaning.Description, "description descriptions about bio desc summary details описание "
            + "описания описаниеканала оканале опис 설명 描述 简介 descripción beschreibung"),
        (FieldMeaning.Category, "category categories topic topics theme genre section niche rubric "
            + "категория категории тема тематика рубрика жанр раздел категорія 카테고리 分类 类别 categoría kategorie"),
        (FieldMeaning.Subscribers, "subscribers subscriberscount subscribercount subs subscount members "
            + "memberscount membercount participants participantscount participantcount followers "
            + "followerscount followercount nummembers numsubscribers audience подписчики подписчиков участники "
            + "участников аудитория підписники підписників 구독자 구독자수 订阅 订阅者 订阅人数 suscriptores abonnenten abonnés "
            + "mitglieder miembros membres inscritos üyesayısı تعداداعضا"),
        (FieldMeaning.Kind, "type types peertype chattype channeltype entitytype kind class peer тип вид "
            + "platform network socialnetwork платформа соцсеть"),
        (FieldMeaning.IsGroup, "megagroup gigagroup supergroup group chat forum ismegagroup isgigagroup "
            + "issupergroup isgroup ischat isforum группа чат"),
        (FieldMeaning.IsPerson, "user isuser isperson"),
        (FieldMeaning.IsBot, "bot isbot бот"),
        (FieldMeaning.IsChannel, "broadcast isbroadcast ischannel"),
        (FieldMeaning.Restriction, "scam fake restricted isscam isfake isrestricted banned isbanned "
            + "blocked isblocked deleted isdeleted redlabel blacklabel restrictionreason restrictions "
            + "tgstatrestrictions скам фейк ограничен заблокирован"),
        (FieldMeaning.Status, "status state flags labels marks статус состояние флаги метки отметки"));

    /// <summary>
    /// Beginnings of words that tell it where the whole doesn't, such as of <c>Number of subscribers</c>; the first
    /// counts.
    /// </summary>
    private static readonly (string Start, FieldMeaning Meaning)[] Starts =
    [
        .. StartsOf(FieldMeaning.Other,
            "admin contact owner author manager discussion personal linked админ контакт владел автор "
            + "обсужден"),
        .. StartsOf(FieldMeaning.Part,
            "growth gain change daily weekly monthly day week month online rate history прирост день "
            + "недел месяц"),
        .. StartsOf(FieldMeaning.Subscribers, "subscri member follower participant подписч участник"),
        .. StartsOf(FieldMeaning.Username, "username handle юзернейм"),
        .. StartsOf(FieldMeaning.Link, "link url ссылк"),
        .. StartsOf(FieldMeaning.Description, "descri описан"),
        .. StartsOf(FieldMeaning.Category, "categor категор тематик"),
        .. StartsOf(FieldMeaning.Title, "title назван наименован"),
        .. StartsOf(FieldMeaning.Restriction, "restrict"),
    ];

    /// <summary>Words beside which <c>channel</c> says neither its name nor its title.</summary>
    private static readonly HashSet<string> Aside =
    [
        "id", "date", "created", "country", "language", "lang", "photo", "image", "avatar", "icon", "count", "status",
        "rank", "views", "posts", "age", "number", "дата", "язык", "страна", "фото", "статус", "номер",
    ];

    /// <summary>The meaning of a field's name.</summary>
    public static FieldMeaning Of(string name)
    {
        if (name.Length > ListLimits.ShownMax || TelegramRefs.In(name).Any()) return FieldMeaning.None;
        if (name is "_" or "@type") return FieldMeaning.Kind;
        if (Exact.TryGetValue(WholeOf(name), out var meaning)) return meaning;
        var words = WordsOf(name);
        if (words.Exists(TelegramRefs.IsOtherNetwork)) return FieldMeaning.Other;
        if (Period().IsMatch(name)) return FieldMeaning.Part;
        foreach (var (start, told) in Starts)
            if (words.Exists(word => word.StartsWith(start, StringComparison.Ordinal)))
                return told;
        return words.Exists(IsOfChannel) && !words.Exists(Aside.Contains) ? FieldMeaning.Called : FieldMeaning.None;
    }

    /// <summary>Whether a text is known as a field's name, and not only has a word of one.</summary>
    public static bool IsExact(string name) => name.Length <= ListLimits.ShownMax
        && (Exact.ContainsKey(WholeOf(name)) || TelegramRefs.IsOtherNetwork(WholeOf(name)));

    /// <summary>Whether a field is one of several about networks, and holds the channel's name on Telegram.</summary>
    public static bool IsOfTelegram(string name) => WholeOf(name) is "telegram" or "tg" or "телеграм" or "тг";

    private static string WholeOf(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Whether fields of this meaning may name the channel.</summary>
    public static bool MayName(FieldMeaning meaning) =>
        meaning is FieldMeaning.Username or FieldMeaning.Link or FieldMeaning.Called;

    private static bool IsOfChannel(string word) => word is "channel" or "channels" or "канал" or "каналы" or "каналов";

    /// <summary>A table of words, from those of each meaning with spaces between.</summary>
    public static Dictionary<string, T> ByWord<T>(
        StringComparer comparer, params ReadOnlySpan<(T Meaning, string Words)> all)
    {
        var table = new Dictionary<string, T>(comparer);
        foreach (var (meaning, words) in all)
            foreach (var word in words.Split(' '))
                table.Add(word, meaning);
        return table;
    }

    private static IEnumerable<(string Start, FieldMeaning Meaning)> StartsOf(FieldMeaning meaning, string words) =>
        words.Split(' ').Select(word => (word, meaning));

    private static List<string> WordsOf(string name)
    {
        var words = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1])) words.Append(' ');
            words.Append(char.IsLetter(name[i]) ? char.ToLowerInvariant(name[i]) : ' ');
        }
        return [.. words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Such as in <c>subscribers_24h</c>, which counts those of a day.</summary>
    [GeneratedRegex(@"(?<![0-9])[0-9]{1,3}[ _]?(?:h|hours?|d|days?|w|weeks?|ч|час|д|дн|дней)(?!\p{L})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Period();
}
