using System.Text.Json;

namespace HeatUp.Tests.TdLib;

/// <summary>That a wrong object of the peer's would be seen.</summary>
public sealed class TdFieldsTests
{
    [Theory]
    [InlineData("""{"@type":"ok","@extra":1,"@client_id":1}""", null)]
    [InlineData("""{"@type":"error","code":400,"message":"PEER_FLOOD"}""", null)]
    [InlineData("""{"@type":"error","code":400}""", "error.message is missing")]
    [InlineData("""{"@type":"error","code":"400","message":"PEER_FLOOD"}""", "error.code is written as string")]
    [InlineData("""{"@type":"ok","chat_id":1}""", "ok.chat_id isn't known")]
    [InlineData("""{"@type":"okay"}""", "okay isn't known")]
    [InlineData("""{"@type":"updateConnectionState","state":{"@type":"connectionStateReady","@client_id":1}}""", "connectionStateReady.@client_id stands inside")]
    [InlineData("""{"@type":"chatPosition","list":{"@type":"chatListMain"},"order":1,"is_pinned":false}""", "chatPosition.order is written as int")]
    [InlineData("""{"@type":"chatPosition","list":{"@type":"chatListMain"},"order":"1","is_pinned":false,"source":null}""", "chatPosition.source is written as null")]
    public void AWrongFieldIsSeen(string json, string? fault) =>
        TdFields.FaultsOf(JsonElement.Parse(json)).ShouldBe(fault is null ? [] : [fault]);
}
