using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.TdLib.Api;

namespace HeatUp.Tests.TdLib;

/// <summary>Mutants of what is sent: each breaks one rule, and each is seen. What is really sent breaks none.</summary>
public sealed class BoundaryRulesTests
{
    public static TheoryData<string, string, string> Mutants => new()
    {
        { "viewMessages", """{"force_read":null}""", "4: nothing is marked read" },
        { "viewMessages", """{"force_read":false}""", "4: nothing is marked read" },
        { "viewMessages", """{"source":{"@type":"messageSourceChatHistory"}}""", "4: the source is messageSourceChatHistory" },
        { "viewMessages", """{"source":null}""", "4: the source is none" },
        { "setTdlibParameters", """{"device_model":"iPhone 17"}""", "6: the device is iPhone 17" },
        { "setTdlibParameters", """{"device_model":null}""", "6: the device is " },
        { "setTdlibParameters", """{"application_version":"12.1"}""", "6: the version is 12.1" },
        { "setTdlibParameters", """{"use_secret_chats":true}""", "7: secret chats are no business of ours" },
        { "getMe", """{"@type":"addProxy"}""", "7: addProxy is no business of ours" },
        { "getMe", """{"@type":"enableProxy"}""", "7: enableProxy is no business of ours" },
        { "joinChat", """{"@type":"sendMessage"}""", "7: sendMessage is no business of ours" },
        { "joinChat", """{"@type":"addMessageReaction"}""", "7: addMessageReaction is no business of ours" },
        { "joinChat", """{"@type":"setPollAnswer"}""", "7: setPollAnswer is no business of ours" },
        { "joinChat", """{"@type":"forwardMessages"}""", "7: forwardMessages is no business of ours" },
        { "joinChat", """{"@type":"addChatMember"}""", "7: addChatMember is no business of ours" },
        { "joinChat", """{"@type":"joinChatByInviteLink"}""", "7: joinChatByInviteLink is no business of ours" },
        { "getMe", """{"@type":"registerUser"}""", "7: registerUser is no business of ours" },
        { "getMe", """{"@type":"setName"}""", "7: setName is no business of ours" },
        { "getMe", """{"@type":"setOption"}""", "7: setOption is no business of ours" },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void AMutantIsSeen(string request, string changes, string broken) =>
        BoundaryRules.Broken(Changed(Sample(request), changes)).ShouldBe([broken]);

    [Fact]
    public void NothingThatCanBeSentBreaksARule() =>
        TdRequestSamples.In("/folder").SelectMany(request => BoundaryRules.Broken(Json(request))).ShouldBeEmpty();

    private static TdRequest Sample(string name) => TdRequestSamples.In("/folder").Single(request => request.Name == name);

    private static JsonElement Json(TdRequest request) => JsonElement.Parse(request.ToJson(1));

    /// <summary>With other values; without those that are null.</summary>
    private static JsonElement Changed(TdRequest request, string changes)
    {
        var json = JsonNode.Parse(request.ToJson(1))!.AsObject();
        foreach (var (field, value) in JsonNode.Parse(changes)!.AsObject())
            if (value is null) json.Remove(field).ShouldBeTrue(field);
            else json[field] = value.DeepClone();
        return JsonElement.Parse(json.ToJsonString());
    }
}
