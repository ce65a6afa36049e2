using System.Globalization;
using HeatUp.Telegram.Tl;

namespace HeatUp.Tests.Loopback;

/// <summary>The wire's format, and our list of Telegram's definitions.</summary>
public sealed class TlSchemaTests
{
    public static TheoryData<string> Names => [.. TlSchema.Of229.All.Select(definition => definition.Name).Order()];

    [Fact]
    public void EachNumberIsTheChecksumOfItsDefinition() => TlSchema.Of229.All
        .Where(definition => definition.Number != definition.Checksum)
        .Select(definition => $"{definition.Name}: {definition.Checksum:x8}").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSmallestOfEachDefinitionComesBackAsItWas(string name)
    {
        var definition = TlSchema.Of229.Named(name);
        if (definition.Fields.Any(field => field.Type is "!X" || field.Type.StartsWith("vector<", StringComparison.Ordinal))) return;
        var written = new TlObject(name);
        foreach (var field in definition.Fields.Where(field => field.Flags is null))
            if (field.Type is "int128" or "int256") written.Add(field.Name, new byte[field.Type == "int128" ? 16 : 32]);
        var reader = new TlReader(TlSchema.Of229, TlWriter.Write(written));
        reader.Object().Name.ShouldBe(name);
        reader.Rest.Length.ShouldBe(0);
    }

    [Fact]
    public void FieldsThatShareABitAreWrittenTogether()
    {
        var bytes = TlWriter.Write(new TlObject("message")
        {
            { "id", 3 }, { "peer_id", new TlObject("peerChannel") { { "channel_id", 5L } } }, { "message", "ä" }, { "views", 7 },
        });
        var reader = new TlReader(TlSchema.Of229, bytes);
        var read = reader.Object();
        reader.Rest.Length.ShouldBe(0);
        (read.Int("views"), read["forwards"], read.Text("message")).ShouldBe((7, (object)0, "ä"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("efbeadde")]
    [InlineData("b5757299ff")]
    [InlineData("1cb5c415ffffff7f")]
    [InlineData("89b1ce62ffffffff")]
    [InlineData("59b4d66215c4b51cffffff7f")]
    public void WhatIsNoTlIsRefusedAndNothingElse(string hex) => Should.Throw<TlException>(() =>
    {
        var reader = new TlReader(TlSchema.Of229, Convert.FromHexString(hex));
        while (true) reader.Object();
    });

    [Fact]
    public void ObjectsThatLieTooDeepAreRefused()
    {
        // A list in a list in a list.
        var deep = new TlObject("jsonNull");
        for (var depth = 0; depth < 100; depth++) deep = new TlObject("jsonArray") { { "value", new[] { deep } } };
        Should.Throw<TlException>(() => new TlReader(TlSchema.Of229, TlWriter.Write(deep)).Object());
    }

    [Fact]
    public void AFieldThatADefinitionDoesntHaveIsSeen() => Should.Throw<TlException>(
        () => TlWriter.Write(new TlObject("pong") { { "nobody", 1 } })).Message.ShouldContain("nobody");

    [Fact]
    public void ADefinitionWithAWrongNumberIsSeen()
    {
        var definition = TlSchema.Parse("pong#347773c6 msg_id:long\n    ping_id:long = Pong;\n").ShouldHaveSingleItem();
        definition.Checksum.ShouldBe(uint.Parse("347773c5", NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
