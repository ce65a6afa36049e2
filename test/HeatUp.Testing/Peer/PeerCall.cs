using System.Text.Json;
using System.Text.Json.Nodes;

namespace HeatUp.Testing.Peer;

/// <summary>A request, to be answered once or never.</summary>
internal sealed class PeerCall(PeerClient client, JsonElement asked)
{
    public PeerClient Client => client;

    public string Name { get; } = asked.GetProperty("@type").GetString()!;

    public bool IsAnswered { get; private set; }

    /// <summary>When its answer may come; null for as soon as there is one.</summary>
    public DateTimeOffset? HoldsUntil { get; set; }

    public string Text(string field) => asked.TryGetProperty(field, out var text) ? text.GetString() ?? "" : "";

    public long Number(string field) => asked.TryGetProperty(field, out var number) ? number.GetInt64() : 0;

    public bool Flag(string field) => asked.TryGetProperty(field, out var flag) && flag.GetBoolean();

    public JsonElement Field(string field) => asked.GetProperty(field);

    public void Reply(JsonObject answer)
    {
        if (IsAnswered) return;
        IsAnswered = true;
        client.Pending.Remove(this);
        if (asked.TryGetProperty("@extra", out var extra)) answer["@extra"] = JsonNode.Parse(extra.GetRawText());
        client.Say(answer);
    }

    public void Ok() => Reply(PeerJson.Ok());

    public void Fail(int code, string message) => Reply(PeerJson.Error(code, message));
}
