using global::Heat.Configuration;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class ListenAddressesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.9.9.9:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://LOCALHOST")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://[::ffff:127.0.0.1]:8080")]
    [InlineData("http://127.0.0.1:0;http://[::1]:0")]
    public void LoopbackNeedsNoToken(string urls) =>
        Load(urls).Urls.ShouldBe(urls.Split(';'));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://192.168.1.5:8080")]
    [InlineData("http://example.com")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://127.0.0.1.example.com:8080")]
    [InlineData("http://127.0.0.1:8080;http://*:8081")]
    public void AnythingElseIsRefusedWithoutAToken(string urls)
    {
        Should.Throw<SettingsException>(() => Load(urls))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldStartWith($"--urls {urls}: it can be reached from other machines at "),
                message => message.ShouldContain($" at {urls.Split(';')[^1]}, so"),
                message => message.ShouldContain("API_TOKEN must be set"));
        Load(urls, ("API_TOKEN", "t0ken")).Urls.ShouldBe(urls.Split(';'));
    }

    [Fact]
    public void TheSettingIsHeldToTheSameRule()
    {
        var reader = EnvironmentReader.Of([("ASPNETCORE_URLS", "http://*:8080")]);
        SettingsRules.Read(reader);

        reader.Problems.ShouldHaveSingleItem()
            .ShouldStartWith("ASPNETCORE_URLS=http://*:8080: it can be reached from other machines");
    }

    [Fact]
    public void AWrongAddressIsRefused() =>
        Should.Throw<SettingsException>(() => Load("8080"))
            .Message.ShouldStartWith("--urls 8080: it must be one or more http addresses");

    /// <summary>The settings with <c>--urls</c>.</summary>
    private static Settings Load(string urls, params (string Name, string Value)[] environment) => Settings.Load(new SettingSources(
        [new GivenOption("--urls", SettingsRules.UrlsName, urls)],
        environment.ToDictionary(setting => setting.Name, setting => setting.Value), "/no/such/.env", null));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://localhost:8080")]
    public async Task WhatIsNoNameIsNotLookedUp(string url) =>
        (await ListenAddresses.ResolveAsync([url])).ShouldBe([url]);
}
