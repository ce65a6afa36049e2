using System.Text.Json.Nodes;
using static HeatUp.Testing.Peer.PeerJson;

namespace HeatUp.Testing.Peer;

/// <summary>
/// What else TDLib says between any two things: about other chats, in classes and fields of another version, once more,
/// and late. The seed decides all of it. What a client's state is made of, is said once and in order by TDLib too.
/// </summary>
public sealed class PeerNoise(Seed seed)
{
    private const int BetweenMax = 3;
    private const int RememberedMax = 20;
    private const long OtherChat = -1_009_999_999_999;

    private readonly List<JsonObject> said = [];
    private Rng chance = seed.Fork("noise").ToRng();

    /// <summary>How much was said besides.</summary>
    public int Said { get; private set; }

    /// <summary>What is heard instead of one object: some noise, and the object with a field that nobody knows.</summary>
    internal IEnumerable<JsonObject> Around(JsonObject json)
    {
        for (var left = chance.Next(BetweenMax + 1); left > 0; left--)
        {
            Said++;
            yield return Some();
        }
        if (IsRepeatable(json)) Remember(json);
        var last = (JsonObject)json.DeepClone();
        if (chance.Chance(0.5)) last["field_of_another_version"] = Of("classOfAnotherVersion", ("value", new JsonArray(1)));
        yield return last;
    }

    private JsonObject Some() => chance.Next(8) switch
    {
        0 => Of("updateOfAnotherVersion", ("chat_id", OtherChat), ("what", Of("somethingNew"))),
        1 => Of("updateChatReadInbox", ("chat_id", OtherChat), ("last_read_inbox_message_id", 1L << 40), ("unread_count", 7)),
        2 => Of("updateNewMessage", ("message", Of("message", ("id", 1L << 30), ("chat_id", OtherChat)))),
        3 => Of("updateChatTitle", ("chat_id", OtherChat), ("title", "Another")),
        4 => Of("updateSupergroup", ("supergroup", Of("supergroup",
            ("id", 9_999_999_999), ("status", Of("statusOfAnotherVersion")), ("member_count", 5)))),
        5 => Option("unix_time", chance.Next(int.MaxValue)),
        _ when said.Count > 0 => (JsonObject)said[chance.Next(said.Count)].DeepClone(),
        _ => Of("updateHavePendingNotifications", ("have_delayed_notifications", false), ("have_unreceived_notifications", false)),
    };

    private static bool IsRepeatable(JsonObject json) => (string)json["@type"]! is var type
        && type.StartsWith("update", StringComparison.Ordinal)
        && type is not ("updateAuthorizationState" or "updateConnectionState" or "updateFreezeState");

    private void Remember(JsonObject json)
    {
        said.Add((JsonObject)json.DeepClone());
        if (said.Count > RememberedMax) said.RemoveAt(0);
    }
}
