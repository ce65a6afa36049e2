using System.Text.Json.Nodes;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using static HeatUp.Testing.Peer.PeerJson;

namespace HeatUp.Testing.Peer;

/// <summary>What a name of the sandbox leads to, as TDLib's objects.</summary>
/// <param name="name">The name under which the sandbox has it.</param>
/// <param name="found">What the sandbox said of it last.</param>
internal sealed class PeerChannel(ChannelName name, FoundChat found)
{
    private const long FirstChat = -1_000_000_000_000;
    private const int IdBits = 20;
    private const long LastOutbox = 2251799812636672;
    private static readonly DateTimeOffset FirstPost = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ChannelName Name => name;

    public FoundChat Found { get; set; } = found;

    /// <summary>Its names beside the main one.</summary>
    public IReadOnlyList<string> OtherNames { get; set; } = [];

    /// <summary>Its number as a channel, or as a user.</summary>
    public long Number { get; } = 1_000_000_000 + Hash(name.Value.ToLowerInvariant());

    public bool IsUser => Found.Kind is ChatKind.Bot or ChatKind.Person;

    public long ChatId => IsUser ? Number : FirstChat - Number;

    /// <summary>Its posts of the last month, the oldest first.</summary>
    public List<long> PostsAt(SandboxTelegram world, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var days = Enumerable.Range(0, (int)SandboxFigures.UnreadFor.TotalDays + 1).Select(day => today.AddDays(-day));
        return [.. days.Reverse().SelectMany(day => world.PostsOn(Name, day)).Where(at => at <= now).Select(IdAt).Distinct()];
    }

    /// <summary>The number of the newest post that there can be at this time.</summary>
    public static long IdAt(DateTimeOffset time) => (long)(time - FirstPost).TotalSeconds << IdBits;

    public JsonObject Supergroup(bool isMember, long members) => Of("supergroup",
        ("id", Number),
        ("usernames", Of("usernames", ("active_usernames", new JsonArray([BareName, .. OtherNames.Select(name => (JsonNode)name)])),
            ("disabled_usernames", new JsonArray()), ("editable_username", BareName),
            ("collectible_usernames", new JsonArray()))),
        ("date", 1_700_000_000),
        ("status", isMember ? Of("chatMemberStatusMember", ("member_until_date", 0)) : Of("chatMemberStatusLeft")),
        ("member_count", (int)members), ("boost_level", 0), ("has_automatic_translation", false),
        ("has_linked_chat", false), ("has_location", false), ("sign_messages", false), ("show_message_sender", false),
        ("join_to_send_messages", true), ("join_by_request", false), ("is_slow_mode_enabled", false),
        ("is_channel", Found.Kind == ChatKind.Channel), ("is_broadcast_group", false), ("is_forum", false),
        ("is_direct_messages_group", false), ("is_administered_direct_messages_group", false),
        ("has_direct_messages_group", false), ("has_forum_tabs", false), ("paid_message_star_count", 0),
        ("restriction_info", Found.IsRestricted
            ? Of("restrictionInfo", ("restriction_reason", "This channel can't be shown"), ("has_sensitive_content", false))
            : null));

    public JsonObject FullInfo(long members)
    {
        var json = (JsonObject)JsonNode.Parse(PeerTexts.FullInfo)!;
        json["member_count"] = (int)members;
        return json;
    }

    public JsonObject Chat(bool isMember, int unread, long lastRead, long? lastPost)
    {
        var last = lastPost is { } post ? Message(post) : null;
        var json = Of("chat", ("id", ChatId), ("type", Type()), ("title", Found.Title), ("accent_color_id", 1),
            ("background_custom_emoji_id", "0"), ("profile_accent_color_id", -1),
            ("profile_background_custom_emoji_id", "0"), ("permissions", JsonNode.Parse(PeerTexts.Permissions)),
            ("last_message", last), ("positions", Positions(isMember)), ("chat_lists", Lists(isMember)));
        foreach (var (field, value) in (JsonObject)JsonNode.Parse(PeerTexts.ChatRest)!) json[field] = value?.DeepClone();
        json["unread_count"] = unread;
        json["last_read_inbox_message_id"] = lastRead;
        json["last_read_outbox_message_id"] = LastOutbox;
        json["notification_settings"] = JsonNode.Parse(PeerTexts.Notifications);
        return json;
    }

    public JsonObject Message(long id)
    {
        var json = (JsonObject)JsonNode.Parse(PeerTexts.Message)!;
        json["id"] = id;
        json["chat_id"] = ChatId;
        json["sender_id"] = Of("messageSenderChat", ("chat_id", ChatId));
        json["date"] = (int)(FirstPost.ToUnixTimeSeconds() + (id >> IdBits));
        return json;
    }

    public JsonObject User() => Of("user",
        ("id", Number), ("first_name", Found.Title), ("last_name", ""), ("phone_number", ""),
        ("status", Of("userStatusEmpty")), ("accent_color_id", 3), ("background_custom_emoji_id", "0"),
        ("profile_accent_color_id", -1), ("profile_background_custom_emoji_id", "0"), ("is_contact", false),
        ("is_mutual_contact", false), ("is_close_friend", false), ("is_premium", false), ("is_support", false),
        ("restricts_new_chats", false), ("paid_message_star_count", 0), ("have_access", true),
        ("type", Found.Kind == ChatKind.Bot ? (JsonObject)JsonNode.Parse(PeerTexts.Bot)! : Of("userTypeRegular")),
        ("language_code", ""), ("added_to_attachment_menu", false));

    public JsonObject Position(bool isMember) => Of("chatPosition", ("list", Of("chatListMain")),
        ("order", isMember ? "7516192768123456789" : "0"), ("is_pinned", false));

    private string BareName => (Found.Name ?? Name).Value.TrimStart('@');

    private JsonArray Positions(bool isMember) => isMember ? [Position(true)] : [];

    private static JsonArray Lists(bool isMember) => isMember ? [Of("chatListMain")] : [];

    private JsonObject Type() => IsUser
        ? Of("chatTypePrivate", ("user_id", Number))
        : Of("chatTypeSupergroup", ("supergroup_id", Number), ("is_channel", Found.Kind == ChatKind.Channel));

    private static long Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash % 1_000_000_000;
    }
}
