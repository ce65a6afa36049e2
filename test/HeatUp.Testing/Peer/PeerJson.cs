using System.Text.Json.Nodes;

namespace HeatUp.Testing.Peer;

/// <summary>TDLib's objects, class first.</summary>
internal static class PeerJson
{
    public static JsonObject Of(string type, params ReadOnlySpan<(string Field, JsonNode? Value)> fields)
    {
        var json = new JsonObject { ["@type"] = type };
        // A null field is left out, as TDLib leaves it out.
        foreach (var (field, value) in fields)
            if (value is not null)
                json[field] = value;
        return json;
    }

    public static JsonObject Ok() => Of("ok");

    public static JsonObject Error(int code, string message) => Of("error", ("code", code), ("message", message));

    public static JsonObject State(JsonObject state) => Of("updateAuthorizationState", ("authorization_state", state));

    public static JsonObject Connection(string state) =>
        Of("updateConnectionState", ("state", Of($"connectionState{state}")));

    public static JsonObject Option(string name, string value) =>
        Of("updateOption", ("name", name), ("value", Of("optionValueString", ("value", value))));

    public static JsonObject Option(string name, long value) =>
        Of("updateOption", ("name", name), ("value", Of("optionValueInteger", ("value", $"{value}"))));

    public static JsonObject User(PeerOwner owner) => Of("user",
        ("id", owner.Id), ("first_name", "Owner"), ("last_name", ""), ("phone_number", owner.Digits),
        ("status", Of("userStatusOffline", ("was_online", 1_750_000_000))),
        ("accent_color_id", 3), ("background_custom_emoji_id", "0"), ("profile_accent_color_id", -1),
        ("profile_background_custom_emoji_id", "0"), ("is_contact", false), ("is_mutual_contact", false),
        ("is_close_friend", false), ("is_premium", false), ("is_support", false), ("restricts_new_chats", false),
        ("paid_message_star_count", 0), ("have_access", true), ("type", Of("userTypeRegular")),
        ("language_code", ""), ("added_to_attachment_menu", false));
}
