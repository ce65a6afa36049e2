using System.Text.Json;
using global::Heat.Configuration;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class SecretTests
{
    private static readonly string[] Secrets =
    [
        "LLM_API_KEY", "OPENAI_API_KEY", "API_TOKEN", "TGSTAT_API_TOKEN", "TELEGRAM_API_HASH", "TDLIB_DATABASE_KEY",
    ];

    [Fact]
    public void SettingsShowNoSecretHoweverTheyArePrinted()
    {
        var reader = EnvironmentReader.Of(Secrets.Select(name => (name, "hush-hush")));
        var settings = SettingsRules.Read(reader);

        settings.ApiToken!.Reveal().ShouldBe("hush-hush");
        settings.ToString().ShouldContain("***");
        settings.ToString().ShouldNotContain("hush");
        $"{settings.Llm} {settings.Tgstat} {settings.ApiToken}".ShouldNotContain("hush");
        JsonSerializer.Serialize(settings).ShouldNotContain("hush");
    }

    [Fact]
    public void AWrongSecretIsNotShown()
    {
        foreach (var name in Secrets)
            ReaderOf(name, "hush hush").Problems
                .ShouldBe([$"{name}=***: it must be visible ASCII characters without spaces."]);
    }

    [Theory]
    [InlineData("postgres://heat:hush@db:5432/heat", "postgres://***@db:5432/heat")]
    [InlineData("postgres://heat@db/heat", "postgres://***@db/heat")]
    [InlineData("postgres://db/heat?user=heat&passwd=hush", "postgres://db/heat?***")]
    [InlineData("postgres://heat:hu/sh@db/heat", "***")]
    [InlineData("postgres://heat:1/hush@db/heat", "***")]
    [InlineData("postgres://heat:hu@sh@db/heat", "***")]
    [InlineData("Host=db;Username=heat;Password=hush", "***")]
    [InlineData("http://heat:hush@localhost:11434/v1", "http://***@localhost:11434/v1")]
    [InlineData("http://no address", "http://no address")]
    [InlineData("30 days", "30 days")]
    public void AnAddressIsShownWithoutWhatMayBeAPassword(string value, string shown) =>
        Secret.HideIn(value).ShouldBe(shown);

    [Fact]
    public void AWrongAddressIsShownWithoutItsPassword()
    {
        var reader = ReaderOf("LLM_BASE_URL", "http://me:hush@localhost/v1");

        reader.Problems.ShouldHaveSingleItem().ShouldStartWith("LLM_BASE_URL=http://***@localhost/v1: it must be");
    }

    [Fact]
    public void AWrongValueIsShownOnOneShortLine()
    {
        var reader = ReaderOf("PACE", $"a\nb\u001b{new string('c', 500)}");

        reader.Problems.ShouldHaveSingleItem().ShouldStartWith("PACE=a bccc");
        reader.Problems[0].Length.ShouldBeLessThan(200);
    }

    private static SettingsReader ReaderOf(string name, string value)
    {
        var reader = EnvironmentReader.Of([(name, value)]);
        SettingsRules.Read(reader);
        return reader;
    }
}
