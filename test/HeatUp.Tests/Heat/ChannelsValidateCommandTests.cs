using System.Text.Json;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat channels validate</c> and <c>heat channels list --invalid</c>, as their user meets them.</summary>
public sealed class ChannelsValidateCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhatIsInvalidLeavesThePoolAndIsListedWithItsReason()
    {
        File.Copy(Repository.File("channels_data.json"), folder.File("channels_data.json"));

        var tried = await RunAsync("private:0.08", "channels", "validate", "--dry-run", "--json");
        (await RunAsync("", "channels", "list", "--invalid")).Out.ShouldContain("No channel is out of the pool.");
        var done = await RunAsync("private:0.08", "channels", "validate");
        var listed = await RunAsync("", "channels", "list", "--invalid", "--json");

        (tried.Code, done.Code).ShouldBe((0, 0));
        var expected = JsonDocument.Parse(tried.Out).RootElement.List("invalid").Select(channel => channel.Text("username"));
        var channels = JsonDocument.Parse(listed.Out).RootElement.List("channels");
        channels.Select(channel => channel.Text("username")).ShouldBe(expected, ignoreOrder: true);
        channels.ShouldAllBe(channel => channel.Text("reason") == "private");
        done.Out.ShouldContain("left the pool");
        (await RunAsync("", "channels", "list")).Error.ShouldContain("out of the pool: see --invalid");
        File.Exists(folder.File("sessions.db")).ShouldBeFalse("a check needs no database");
        File.Exists(folder.File("channels_data.json.bak")).ShouldBeTrue();
    }

    [Fact]
    public async Task TooManyFaultsFailAndChangeNothing()
    {
        File.Copy(Repository.File("channels_data.json"), folder.File("channels_data.json"));

        var ended = await RunAsync("not_occupied:1", "channels", "validate", "--limit", "40");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("more likely the network");
        (await RunAsync("", "channels", "list", "--invalid")).Out.ShouldContain("No channel");
    }

    [Fact]
    public async Task AMissingFileIsNamed()
    {
        var ended = await RunAsync("", "channels", "validate");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("channels_data.json");
    }

    private Task<HeatProcess.Ended> RunAsync(string faults, params string[] args) =>
        HeatProcess.RunAsync(
            folder, args, ("PACE", "0"), ("SANDBOX_FAULTS", faults), ("CHANNELS_FILE", folder.File("channels_data.json")));
}
