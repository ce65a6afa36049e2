using HeatUp.Runs.Sandbox;

namespace HeatUp.Tests.Runs.Sandbox;

public sealed class SandboxFaultsTests
{
    [Fact]
    public void NamesWithProbabilitiesAreRead()
    {
        const string text = "flood_wait:0.02, private : 0.05,,offline:1,frozen:0";

        SandboxFaults.TryParse(text, out var faults, out var problem).ShouldBeTrue(problem);

        faults[SandboxFault.FloodWait].ShouldBe(0.02);
        faults[SandboxFault.Private].ShouldBe(0.05);
        faults[SandboxFault.Offline].ShouldBe(1);
        faults[SandboxFault.Frozen].ShouldBe(0);
        faults[SandboxFault.Revoked].ShouldBe(0);
        faults.ToString().ShouldBe("flood_wait:0.02,private:0.05,offline:1");
    }

    [Theory]
    [InlineData("offline:0.00001")]
    [InlineData("offline:1e-5")]
    [InlineData("offline:5E-324,flood_wait:0.1")]
    public void TheTextOfFaultsReadsAsTheSameFaults(string text)
    {
        SandboxFaults.TryParse(text, out var faults, out _).ShouldBeTrue();

        SandboxFaults.TryParse(faults.ToString(), out var again, out var problem).ShouldBeTrue(problem);

        again[SandboxFault.Offline].ShouldBe(faults[SandboxFault.Offline]);
        again[SandboxFault.FloodWait].ShouldBe(faults[SandboxFault.FloodWait]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    public void NothingIsNoFaults(string? text)
    {
        SandboxFaults.TryParse(text, out var faults, out _).ShouldBeTrue();
        faults.ToString().ShouldBe("");
    }

    [Theory]
    [InlineData("flod_wait:0.02",
        "'flod_wait' is no fault of the sandbox; allowed are flood_wait, private, join_request, "
        + "not_occupied, channels_too_much, revoked, banned, frozen, peer_flood, offline, "
        + "vanished, not_a_channel, renamed, restricted, recounted.")]
    [InlineData("Private:0.02",
        "'Private' is no fault of the sandbox; allowed are flood_wait, private, join_request, "
        + "not_occupied, channels_too_much, revoked, banned, frozen, peer_flood, offline, "
        + "vanished, not_a_channel, renamed, restricted, recounted.")]
    [InlineData("private",
        "'private' is no fault with its probability; write it as name:probability, such as offline:0.01.")]
    [InlineData("offline:0.1,private:2",
        "'2' is no probability of 'private'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("private:-0.1",
        "'-0.1' is no probability of 'private'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("private:NaN",
        "'NaN' is no probability of 'private'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("private:often",
        "'often' is no probability of 'private'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("private:",
        "'' is no probability of 'private'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("private:0.1,private:0.2", "'private' is named twice.")]
    public void WhatIsWrongIsNamedWithWhatIsAllowed(string text, string sentence)
    {
        SandboxFaults.TryParse(text, out var faults, out var problem).ShouldBeFalse();

        faults.ShouldBeNull();
        problem.ShouldBe(sentence);
    }
}
