namespace HeatUp.Tests.Support;

/// <summary>A command among others in a process answers as it does in one of its own.</summary>
public sealed class HeatHostsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("history alice")]
    [InlineData("history alice --json")]
    [InlineData("wramup alice")]
    [InlineData("channels list --json")]
    [InlineData("channels import - --dry-run")]
    [InlineData("db export -")]
    [InlineData("config --all", "SEEED=3", "LC_ALL=C", "LOG_LEVEL=debug")]
    public async Task ItsAnswerIsTheSame(string command, params string[] settings)
    {
        string[] arguments = command.Split(' ');
        var set = settings.Select(one => (one.Split('=')[0], one.Split('=')[1])).ToArray();
        await HeatProcess.RunAsync(folder, ["warmup", "bob", "--pace", "0"]);

        var among = await HeatProcess.RunAsync(folder, arguments, set);
        var alone = await HeatProcess.RunAloneAsync(folder, arguments, set);

        HeatHosts.CanRun(arguments, set.Select(one => one.Item1)).ShouldBeTrue();
        among.ShouldBe(alone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("--urls http://127.0.0.1:0")]
    [InlineData("history alice", "DOTNET_GCHeapHardLimit")]
    [InlineData("history alice", "https_proxy")]
    public void WhatServesOrConcernsTheRuntimeIsRunAlone(string command, params string[] settings) =>
        HeatHosts.CanRun(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), settings).ShouldBeFalse();

    [Fact]
    public async Task NothingOfACommandIsLeftForTheNext()
    {
        await HeatProcess.RunAsync(folder, ["config"], ("SEED", "5"));
        using var other = new TempFolder();

        var next = await HeatProcess.RunAsync(other, ["config", "--all"]);

        next.Out.ShouldNotContain("SEED\t5");
        next.Out.ShouldNotContain(folder.Path);
    }
}
