using global::Heat.Background;
using Heat.Api;
using Heat.Commands.Channels;
using Heat.Commands.Simulations;
using Heat.Shell;
using HeatUp.Simulations;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

/// <summary>How far something is, on terminals and elsewhere.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly StringWriter error = new();
    private readonly CancellationTokenSource stop = new();

    private static ValidationAnswer Checking => ValidationAnswer.None with { Total = 40, Checked = 17 };

    public void Dispose()
    {
        error.Dispose();
        stop.Dispose();
    }

    [Fact]
    public void ACheckOfTheChannelsTellsElsewhereThanOnATerminalHowFarItIs()
    {
        using (var progress = new ValidationProgressView(Terminal.Of(new StringWriter(), error, null), clock))
        {
            clock.Advance(ProgressLine.EveryElsewhere - TimeSpan.FromTicks(1));
            error.ToString().ShouldBeEmpty();
            progress.Take(Checking);
            clock.Advance(TimeSpan.FromTicks(1));
            progress.Take(Checking with { Checked = 18, WaitingUntil = DateTimeOffset.UnixEpoch });
            clock.Advance(ProgressLine.EveryElsewhere);
        }
        clock.Advance(ProgressLine.EveryElsewhere);

        error.ToString().ReplaceLineEndings("\n").ShouldBe(
            "17 of 40 looked up …\n18 of 40 looked up; Telegram asks to wait until 00:00:00 UTC\n");
    }

    [Fact]
    public void OnATerminalACheckIsALineThatGoesAtItsEnd()
    {
        using (var progress = new ValidationProgressView(Terminal.Of(new StringWriter(), error, 80), clock))
        {
            progress.Take(Checking);
            clock.Advance(ProgressLine.EveryOnTerminal);
        }

        error.ToString().ShouldBe($"\r17 of 40 looked up …\r{new string(' ', 20)}\r");
    }

    [Fact]
    public void ASimulationsLineIsNoWiderThanItsTerminal()
    {
        using (var progress = Simulating(width: 30))
        {
            progress.Take(Half with { Sittings = 1_000_000 });
            clock.Advance(ProgressLine.EveryOnTerminal);
        }

        error.ToString().Split('\r')[1].ShouldBe("1970-01-01 00:00  50 %  1,00…");
    }

    [Fact]
    public void ASimulationsSpeedIsThatOfAllItsEpochsAndItsTimeLeftRunsBackwards()
    {
        using var progress = Simulating(width: 120);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Take(Half);
        Shown().ShouldBe("1970-01-01 00:00  50 %  10 sittings  5 actions/s  10 s left");

        clock.Advance(TimeSpan.FromSeconds(4));

        Shown().ShouldBe("1970-01-01 00:00  50 %  10 sittings  5 actions/s  6 s left");
    }

    [Fact]
    public void WhatIsLivedAgainSaysNothingOfHowFastTheRestWillBe()
    {
        using var progress = Simulating(width: 120);
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Take(Half with { Done = 0.4, Actions = 40, IsReplaying = true });
        Shown().ShouldEndWith("40 actions/s  1 s left  (replaying)");
        progress.Take(Half);
        Shown().ShouldEndWith("50 %  10 sittings");

        clock.Advance(TimeSpan.FromSeconds(10) - ProgressLine.EveryOnTerminal);
        progress.Take(Half with { Done = 0.6, Actions = 60 });

        Shown().ShouldEndWith("1 action/s  40 s left");
    }

    [Fact]
    public void ASimulationSaysThatItStopsAndThatItCompletesItsFolder()
    {
        using var progress = Simulating(width: 120);
        clock.Advance(TimeSpan.FromSeconds(10));
        progress.Take(Half);
        stop.Cancel();
        Shown().ShouldBe("stopping … (Ctrl-C again ends it at once)  1970-01-01 00:00  50 %  10 sittings");

        progress.Take(Half with { Done = 1 });

        Shown().ShouldEndWith("100 %  10 sittings  completing the folder …");
    }

    [Fact]
    public void ElsewhereASimulationTellsProgramsHowFarItIs()
    {
        using var progress = Simulating(width: null);
        clock.Advance(TimeSpan.FromSeconds(4));
        progress.Take(Half);

        clock.Advance(TimeSpan.FromSeconds(1));

        error.ToString().TrimEnd().ShouldBe(
            """{"reached":"1970-01-01T00:00:00Z","done":0.5,"sittings":10,"actions":50,"actions_per_second":12,"seconds_left":3,"replaying":false,"stopping":false}""");
    }

    private static SimulationProgress Half => new(DateTimeOffset.UnixEpoch, 0.5, 10, 50, IsReplaying: false);

    private SimulationProgressView Simulating(int? width) =>
        new(Terminal.Of(new StringWriter(), error, width), clock, () => null, stop.Token);

    /// <summary>What the line says at its next change.</summary>
    private string Shown()
    {
        clock.Advance(ProgressLine.EveryOnTerminal);
        return error.ToString().Split('\r')[^1].TrimEnd();
    }
}
