using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HeatUp.Sessions;

namespace HeatUp.Tests.Sessions;

public sealed class StoredJsonTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(
        Gen.Char['a', 'e'], Gen.Const('"'), Gen.Const('\\'), Gen.Const('/'), Gen.Const('\u007f'),
        Gen.Const('я'), Gen.Const('\u2028'), Gen.Char['\0', '\uD7FF']), 0, 20];

    private static readonly Gen<JsonNode?> Flat = Gen.Select(Text.Array[0, 5], Gen.Long.Array[5], (texts, numbers) =>
    {
        var json = new JsonObject();
        for (var i = 0; i < texts.Length; i++) json[$"{texts[i]}{i}"] = i % 2 == 0 ? texts[^(i + 1)] : numbers[i];
        return (JsonNode?)json;
    });

    private static readonly Gen<JsonNode?> Deep = Gen.Select(Flat.Array[0, 4], Gen.Double[-1e9, 1e9], Gen.Bool, (items, number, yes) =>
    {
        var list = new JsonArray([.. items, JsonValue.Create(number), JsonValue.Create(yes), null, new JsonObject()]);
        return (JsonNode?)new JsonObject { ["list"] = list, ["empty"] = new JsonArray(), ["channel_username"] = "@durov" };
    });

    [Fact]
    public void WhatPythonSpellsMeansTheSameInAnAnswer() => Gen.OneOf(Flat, Deep).Sample(node =>
    {
        var python = PythonJson.Of(JsonSerializer.SerializeToElement(node));

        python.ShouldAllBe(ascii => ascii < 0x80);
        JsonNode.DeepEquals(JsonNode.Parse(python), node).ShouldBeTrue();
        var answer = Answer(python, out _);
        JsonNode.DeepEquals(JsonNode.Parse(answer), node).ShouldBeTrue(Encoding.UTF8.GetString(python));
        answer.Length.ShouldBeLessThanOrEqualTo(python.Length);
    });

    [Fact]
    public void WhatIsCutOffIsText() => Deep.Sample(node =>
    {
        var python = PythonJson.Of(JsonSerializer.SerializeToElement(node));
        var cut = python.AsSpan(0, python.Length - 1);

        JsonNode.Parse(Answer(cut, out _))!.GetValue<string>().ShouldBe(Encoding.ASCII.GetString(cut));
    });

    [Fact]
    public void AnyBytesBecomeJson() => Gen.Byte.Array[0, 40].Sample(bytes => { JsonNode.Parse(Answer(bytes, out _)); });

    [Theory]
    [InlineData("""{"channel_username": "@durov"}""", "@durov")]
    [InlineData("""{"x": [1], "channel_username": "@durov", "y": {}}""", "@durov")]
    [InlineData("""{"channel_username": "@first", "channel_username": "@last"}""", "@last")]
    [InlineData("""{"channel_username": "@first", "channel_username": 5}""", "")]
    [InlineData("""{"x": {"channel_username": "@inner"}}""", "")]
    [InlineData("""["channel_username", "@durov"]""", "")]
    [InlineData("""{"channel_username": "@durov", "x": NaN}""", "")]
    public void TheChannelIsThatOfTheOutermostObject(string json, string expected)
    {
        Answer(Encoding.UTF8.GetBytes(json), out var channel);

        channel.ShouldBe(expected);
        ActionData.TryReadChannel(Encoding.UTF8.GetBytes(json), out var name);
        name.ToString().ShouldBe(expected);
    }

    [Fact]
    public void ABrokenReasonTakesNoChannelAway()
    {
        var row = """{"channel_username": "@durov", "reason": "\ud800", "duration_seconds": 8}"""u8;

        ActionData.TryReadChannel(row, out var channel).ShouldBeTrue();
        channel.Value.ShouldBe("@durov");
    }

    private static byte[] Answer(ReadOnlySpan<byte> json, out string channel)
    {
        var buffer = new AnswerBuffer();
        buffer.Write("before"u8);
        StoredJson.Write(json, buffer, out var where);
        channel = Encoding.UTF8.GetString(buffer[where]);
        return buffer.Written["before".Length..].ToArray();
    }
}
