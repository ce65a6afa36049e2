using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What is said to somebody who mistypes, asks for help, or begins.</summary>
public sealed class MisuseTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("wramup alice", "'wramup' is no command of 'heat'; did you mean 'warmup'?", "heat")]
    [InlineData("fetch --dry-run", "'fetch' is no command of 'heat'; did you mean 'channels fetch'?", "heat")]
    [InlineData("channels lsit", "'lsit' is no command of 'heat channels'; did you mean 'list'?", "heat channels")]
    [InlineData("db exprot x", "'exprot' is no command of 'heat db'; did you mean 'export'?", "heat db")]
    [InlineData("warmup alice --pase 0", "'--pase' is no option of 'heat warmup'; did you mean '--pace'?", "heat warmup")]
    [InlineData("warmup alice --no-progres", "'--no-progres' is no option of 'heat warmup'; did you mean '--no-progress'?",
        "heat warmup")]
    [InlineData("simulate --sesions=10", "'--sesions' is no option of 'heat simulate'; did you mean '--sessions'?", "heat simulate")]
    [InlineData("simulate --sessions many", "--sessions is a whole number; this one is 'many'.", "heat simulate")]
    [InlineData("simulate --seed -1", "--seed is a whole number, 0 or more; this one is '-1'.", "heat simulate")]
    [InlineData("history a b", "'b' is more than 'heat history' takes.", "heat history")]
    [InlineData("db", "'heat db' needs a command: init, cleanup, export, import, backup.", "heat db")]
    public async Task AMistakeIsOneLineThatSaysWhatWasMeant(string arguments, string error, string see)
    {
        var ended = await RunAsync(arguments);

        ended.Code.ShouldBe(2);
        ended.Error.ShouldBe($"error: {error}\nSee '{see} --help'.\n");
        ended.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsNoCommandAtAllIsToldWhichThereAre()
    {
        var ended = await RunAsync("xyzzy");

        ended.Error.ShouldStartWith("error: 'xyzzy' is no command of 'heat'. It has warmup, history, ");
    }

    [Theory]
    [InlineData("help channels fetch", "channels fetch --help")]
    [InlineData("help", "--help")]
    public async Task HelpForACommandIsItsHelp(string one, string other)
    {
        var (help, option) = (await RunAsync(one), await RunAsync(other));

        help.Code.ShouldBe(0, help.Error);
        help.Out.ShouldBe(option.Out);
        help.Out.ShouldContain("Examples:");
    }

    [Fact]
    public async Task HelpForWhatIsNoCommandSaysWhatWasMeant()
    {
        var ended = await RunAsync("help chanels");

        ended.Code.ShouldBe(2);
        ended.Error.Trim().ShouldBe("error: 'chanels' is no command of 'heat'; did you mean 'channels'?");
    }

    [Fact]
    public async Task ChannelsAloneListsThem()
    {
        foreach (var options in (string[])["", " --json", " --category science --json"])
            (await RunAsync($"channels{options}")).Out.ShouldBe((await RunAsync($"channels list{options}")).Out);
    }

    [Fact]
    public async Task ServingForTheFirstTimeSaysWhatWillHappenAndOnlyThen()
    {
        var first = await ServedAsync();
        var second = await ServedAsync();

        first.ShouldContain($"A new beginning: sittings are planned by the built-in planner from 62 channels, run on the embedded "
            + $"sandbox, without an account, and remembered in {folder.File("sessions.db")}. Give one at http://127.0.0.1:");
        first.ShouldContain("/docs, or with 'heat warmup alice'");
        second.ShouldNotContain("A new beginning");
    }

    private async Task<string> ServedAsync()
    {
        await using var heat = await HeatProcess.ServeAsync(folder);
        return (await heat.TerminateAsync()).Log;
    }

    private Task<HeatProcess.Ended> RunAsync(string arguments) =>
        HeatProcess.RunAsync(folder, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
