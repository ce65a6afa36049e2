using Heat.Api;
using Heat.Commands;
using HeatUp.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

/// <summary>How far something is, on terminals and elsewhere.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly StringWriter error = new();

    private static ValidationAnswer Checking => ValidationAnswer.None with { Total = 40, Checked = 17 };

    public void Dispose() => error.Dispose();

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
        using (var progress = new SimulationProgressView(Terminal.Of(new StringWriter(), error, 30), clock, () => null))
        {
            progress.Take(new SimulationProgress(DateTimeOffset.UnixEpoch, 0.5, 1_000_000, 5_000_000, IsReplaying: true));
            clock.Advance(ProgressLine.EveryOnTerminal);
        }

        error.ToString().Split('\r')[1].ShouldBe("1970-01-01 00:00  50 %  1,00…");
    }

    [Fact]
    public void ElsewhereASimulationTellsProgramsHowFarItIs()
    {
        using var progress = new SimulationProgressView(Terminal.Of(new StringWriter(), error, null), clock, () => null);
        progress.Take(new SimulationProgress(DateTimeOffset.UnixEpoch, 0.5, 10, 50, IsReplaying: false));

        clock.Advance(ProgressLine.EveryElsewhere);

        error.ToString().ShouldStartWith("""{"reached":"1970-01-01T00:00:00Z","done":0.5,"sittings":10,"actions":50""");
    }
}
