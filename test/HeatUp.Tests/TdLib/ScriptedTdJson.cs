using System.Text;
using System.Text.Json;
using HeatUp.TdLib;

namespace HeatUp.Tests.TdLib;

/// <summary>A boundary that says what a test lets it say, when it lets it.</summary>
internal sealed class ScriptedTdJson : ITdJson
{
    private readonly Dictionary<int, Action<ReadOnlyMemory<byte>>> clients = [];

    public TdRedaction Redaction { get; } = new();

    /// <summary>All that was sent, in order.</summary>
    public List<JsonElement> Sent { get; } = [];

    /// <summary>Called with each request, from within its sending.</summary>
    public Action<JsonElement>? OnSend { get; set; }

    public int CreateClient(Action<ReadOnlyMemory<byte>> receive)
    {
        clients.Add(clients.Count + 1, receive);
        return clients.Count;
    }

    public void Send(int client, ReadOnlyMemory<byte> request)
    {
        Sent.Add(JsonElement.Parse(request.Span));
        OnSend?.Invoke(Sent[^1]);
    }

    public void Forget(int client) => clients.Remove(client);

    public bool Knows(int client) => clients.ContainsKey(client);

    /// <summary>Says something to the one client that there is.</summary>
    public void Say(string json) => clients[1](Encoding.UTF8.GetBytes(json));

    /// <summary>Answers a request with an object, given without its closing brace.</summary>
    public void Answer(int sent, string json) =>
        Say($"{json},\"@extra\":{Sent[sent].GetProperty("@extra")},\"@client_id\":1}}");

    public void Enter(string state) =>
        Say($$$"""{"@type":"updateAuthorizationState","authorization_state":{"@type":"authorizationState{{{state}}}"},"@client_id":1}""");
}
