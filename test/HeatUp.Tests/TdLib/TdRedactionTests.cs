using HeatUp.TdLib;
using Microsoft.Extensions.Logging;

namespace HeatUp.Tests.TdLib;

/// <summary>What TDLib logs, as our log may hold it.</summary>
public sealed class TdRedactionTests
{
    [Theory]
    [InlineData("[ 2][t 4][1795379484.463221073][Td.cpp:289][#1][!Td]\tSet PRAGMA user_version = 14\n",
        "[Td.cpp:289][#1][!Td]\tSet PRAGMA user_version = 14")]
    [InlineData("Lost authorization because of [Error : 401 : SESSION_REVOKED]",
        "Lost authorization because of [Error : 401 : SESSION_REVOKED]")]
    [InlineData("for +1 (555) 000-1122 now", "for *** now")]
    [InlineData("for 15550001122", "for ***")]
    [InlineData("phone_number = \"+1555\"", "phone_number = ***")]
    [InlineData("""{"password":"a \"b\" c","x":1}""", """{"password":***,"x":1}""")]
    [InlineData("code = \"12345\"\n  x = 2", "code = ***\n  x = 2")]
    [InlineData("database_encryption_key = bytes [3] { 01 02 03 }", "database_encryption_key = ***")]
    [InlineData("api_hash = \"abc\" api_id = 17", "api_hash = *** api_id = 17")]
    [InlineData("hash 0123456789abcdef0123456789abcdef!", "hash ***!")]
    [InlineData("mail to owner@example.org.", "mail to ***")]
    [InlineData("scan tg://login?token=AAAA-b_c soon", "scan *** soon")]
    [InlineData("password_hint = \"the cat\"", "password_hint = ***")]
    public void WhatLooksSecretIsTakenOut(string said, string kept) => new TdRedaction().Redact(said).ShouldBe(kept);

    [Fact]
    public void WhatWasSentAsASecretIsTakenOutWhereverItStands()
    {
        var redaction = new TdRedaction();
        redaction.Hide("open sesame");
        redaction.Hide("54321");
        redaction.Hide("+44 20 79");

        redaction.Redact("PASSWORD open sesame/54321/+44 20 79/442079").ShouldBe("PASSWORD ***/***/***/***");
    }

    [Fact]
    public void TheNewestSecretsAreKnownAndAnEmptyOneHidesNothing()
    {
        var redaction = new TdRedaction();
        redaction.Hide("");
        for (var i = 0; i < 2 * TdRedaction.SecretsMax; i++) redaction.Hide($"secret{i}x");

        redaction.Redact("plain").ShouldBe("plain");
        redaction.Redact($"secret{2 * TdRedaction.SecretsMax - 1}x").ShouldBe("***");
    }

    [Theory]
    [InlineData(0, LogLevel.Critical)]
    [InlineData(1, LogLevel.Error)]
    [InlineData(2, LogLevel.Warning)]
    [InlineData(3, LogLevel.Information)]
    [InlineData(4, LogLevel.Debug)]
    [InlineData(1023, LogLevel.Trace)]
    public void ALevelIsOneOfOurs(int level, LogLevel ours) => TdRedaction.LevelOf(level).ShouldBe(ours);
}
