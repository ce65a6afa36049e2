using System.Text.Json.Nodes;
using HeatUp.Telegram.Tl;

namespace HeatUp.Tests.Loopback;

/// <summary>The look through the wire sees what it looks for.</summary>
public sealed class WireRulesTests
{
    private static readonly HashSet<string> Names = ["durov"];

    [Theory]
    [InlineData("messages.sendMessage", "{}", "not allowed")]
    [InlineData("unknown", "{}", "not allowed")]
    [InlineData("messages.getMessagesViews", """{"increment":true}""", "raises a public counter")]
    [InlineData("contacts.resolveUsername", """{"username":"news"}""", "nobody asked for")]
    public void WhatIsNotAllowedIsSeen(string method, string query, string fault) =>
        WireRules.Broken([Call(method, query)], 17, Names).ShouldHaveSingleItem().ShouldContain(fault);

    [Theory]
    [InlineData("channels.joinChannel", "{}")]
    [InlineData("messages.getMessagesViews", """{"increment":false}""")]
    [InlineData("contacts.resolveUsername", """{"username":"durov"}""")]
    public void WhatIsAllowedIsNot(string method, string query) =>
        WireRules.Broken([Call(method, query)], 17, Names).ShouldBeEmpty();

    [Fact]
    public void WhoeverCallsItselfAnythingElseIsSeen()
    {
        WireRules.Broken([Call("help.getConfig", "{}", device: "iPhone")], 17, Names).ShouldHaveSingleItem();
        WireRules.Broken([Call("help.getConfig", "{}")], 18, Names).ShouldHaveSingleItem();
        WireRules.Broken([Call("help.getConfig", "{}", hasProxy: true)], 17, Names).ShouldHaveSingleItem();
    }

    [Fact]
    public void WhatIsAllowedHasANameOnTheServer() =>
        WireRules.Allowed.Where(name => TlSchema.Of229.Method(name) is null).ShouldBeEmpty();

    private static WireCall Call(string method, string query, string device = "Heat Up", bool hasProxy = false) => new(new JsonObject
    {
        ["method"] = method, ["query"] = JsonNode.Parse(query), ["device"] = device, ["version"] = "1, TDLib 1", ["api_id"] = 17,
        ["proxy"] = hasProxy,
    });
}
