using System.Text;

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

    /// <summary>About somebody or something else, whose names are not the channel's.</summary>
    Other,
}

/// <summary>What columns and fields of other people's files may be called, in English and Russian.</summary>
internal static class FieldNames
{
    private static readonly Dictionary<string, FieldMeaning> Exact = Of(
        (FieldMeaning.Username, "username usernames channelusername chatusername tgusername "
            + "telegramusername handle handles channelhandle screenname shortname domain slug login alias nick "
            + "nickname mention юзернейм юзернеймы юзернэйм логин ник никнейм хэндл имяпользователя 핸들 사용자명 用户名 "
            + "usuario benutzername kullanıcıadı"),
        (FieldMeaning.Link, "link links url urls href channellink channelurl chatlink tgstaturl tgstatlink "
            + "telegramlink telegramurl tglink tgurl telegram tg tme permalink address ссылка ссылки линк урл "
            + "адрес телеграм телеграмм тг ссылканаканал посилання 링크 链接 链接地址 enlace lien havola"),
        (FieldMeaning.Called, "name names channel channels channelname channelnames chatname канал каналы "
            + "имя имена имяканала 채널 频道 canal kanal"),
        (FieldMeaning.Title, "title titles channeltitle chattitle displayname fullname название названия "
            + "названиеканала заголовок наименование назва 채널명 제목 频道名称 标题 título nombre"),
        (FieldMeaning.Description, "description descriptions about bio desc summary details описание "
            + "описания описаниеканала оканале опис 설명 描述 简介 descripción beschreibung"),
        (FieldMeaning.Category, "category categories topic topics theme genre section niche rubric "
            + "категория категории тема тематика рубрика жанр раздел категорія 카테고리 分类 类别 categoría kategorie"),
        (FieldMeaning.Subscribers, "subscribers subscriberscount subscribercount subs subscount members "
            + "memberscount membercount participants participantscount participantcount followers "
            + "followerscount followercount nummembers numsubscribers audience подписчики подписчиков участники "
            + "участников аудитория підписники підписників 구독자 구독자수 订阅 订阅者 订阅人数 suscriptores abonnenten abonnés"),
        (FieldMeaning.Kind, "type types peertype chattype channeltype entitytype kind class peer тип вид"),
        (FieldMeaning.IsGroup, "megagroup gigagroup supergroup group chat forum ismegagroup isgigagroup "
            + "issupergroup isgroup ischat isforum группа чат"),
        (FieldMeaning.IsPerson, "user isuser isperson"),
        (FieldMeaning.IsBot, "bot isbot бот"),
        (FieldMeaning.IsChannel, "broadcast isbroadcast ischannel"),
        (FieldMeaning.Restriction, "scam fake restricted isscam isfake isrestricted banned isbanned "
            + "blocked isblocked deleted isdeleted redlabel blacklabel restrictionreason restrictions "
            + "tgstatrestrictions скам фейк ограничен заблокирован"));

    /// <summary>
    /// Beginnings of words that tell it where the whole doesn't, such as of <c>Number of subscribers</c>; the first
    /// counts.
    /// </summary>
    private static readonly (string Start, FieldMeaning Meaning)[] Starts =
    [
        ("admin", FieldMeaning.Other), ("contact", FieldMeaning.Other), ("owner", FieldMeaning.Other),
        ("author", FieldMeaning.Other), ("manager", FieldMeaning.Other), ("discussion", FieldMeaning.Other),
        ("linked", FieldMeaning.Other), ("growth", FieldMeaning.Other), ("gain", FieldMeaning.Other),
        ("change", FieldMeaning.Other), ("daily", FieldMeaning.Other), ("weekly", FieldMeaning.Other),
        ("monthly", FieldMeaning.Other), ("day", FieldMeaning.Other), ("week", FieldMeaning.Other),
        ("month", FieldMeaning.Other), ("online", FieldMeaning.Other), ("rate", FieldMeaning.Other),
        ("админ", FieldMeaning.Other), ("контакт", FieldMeaning.Other), ("владел", FieldMeaning.Other),
        ("автор", FieldMeaning.Other), ("обсужден", FieldMeaning.Other), ("прирост", FieldMeaning.Other),
        ("день", FieldMeaning.Other), ("недел", FieldMeaning.Other), ("месяц", FieldMeaning.Other),
        ("subscri", FieldMeaning.Subscribers), ("member", FieldMeaning.Subscribers),
        ("follower", FieldMeaning.Subscribers), ("participant", FieldMeaning.Subscribers),
        ("подписч", FieldMeaning.Subscribers), ("участник", FieldMeaning.Subscribers),
        ("username", FieldMeaning.Username), ("handle", FieldMeaning.Username), ("юзернейм", FieldMeaning.Username),
        ("link", FieldMeaning.Link), ("url", FieldMeaning.Link), ("ссылк", FieldMeaning.Link),
        ("descri", FieldMeaning.Description), ("описан", FieldMeaning.Description),
        ("categor", FieldMeaning.Category), ("категор", FieldMeaning.Category), ("тематик", FieldMeaning.Category),
        ("title", FieldMeaning.Title), ("назван", FieldMeaning.Title), ("restrict", FieldMeaning.Restriction),
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
        var whole = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (Exact.TryGetValue(whole, out var meaning)) return meaning;
        var words = WordsOf(name);
        foreach (var (start, told) in Starts)
            if (words.Exists(word => word.StartsWith(start, StringComparison.Ordinal)))
                return told;
        return words.Exists(IsOfChannel) && !words.Exists(Aside.Contains) ? FieldMeaning.Called : FieldMeaning.None;
    }

    /// <summary>Whether fields of this meaning may name the channel.</summary>
    public static bool MayName(FieldMeaning meaning) =>
        meaning is FieldMeaning.Username or FieldMeaning.Link or FieldMeaning.Called;

    private static bool IsOfChannel(string word) => word is "channel" or "channels" or "канал" or "каналы" or "каналов";

    private static Dictionary<string, FieldMeaning> Of(params (FieldMeaning Meaning, string Names)[] all) =>
        all.SelectMany(one => one.Names.Split(' ').Select(name => (name, one.Meaning)))
            .ToDictionary(one => one.name, one => one.Meaning);

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
}
