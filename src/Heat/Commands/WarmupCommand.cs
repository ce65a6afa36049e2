using System.CommandLine;
using Heat.Api;
using HeatUp;
using HeatUp.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands;

/// <summary><c>heat warmup</c>: the path, watched live.</summary>
internal static class WarmupCommand
{
    private const int SittingsMax = 1000;

    public static Command Build(Terminal terminal)
    {
        var session = Options.Session();
        var sittings = Options.Count("--sittings", "How many sittings, one after the other", 1, SittingsMax);
        var pace = Options.Pace();
        var json = Options.Json();
        var command = new Command("warmup", "Gives a session a sitting and shows each step as it happens.")
        { session, sittings, pace, json }.WithExamples(
            "heat warmup alice",
            "heat warmup alice --sittings 2 --pace 0.1      two sittings, waits a tenth as long",
            "heat warmup alice --pace 0 --json              for programs: a line of JSON for each sitting");
        command.SetAction(async (parsed, _) =>
        {
            var settings = Settings.Load();
            if (parsed.GetValue(pace) is { } factor) settings = settings with { Pace = factor };
            using var interruption = new Interruption();
            await using var engine = await Engine.OpenAsync(settings, TimeProvider.System, NullLoggerFactory.Instance);
            foreach (var warning in engine.Pool.Warnings) terminal.Warn(warning);
            var id = parsed.GetValue(session);
            for (var i = 0; i < parsed.GetValue(sittings); i++)
            {
                var code = await SitAsync(engine, id, parsed.GetValue(json), terminal, interruption.Token);
                if (code != ExitCode.Done) return code;
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> SitAsync(
        Engine engine, SessionId session, bool json, Terminal terminal, CancellationToken cancellation)
    {
        var past = await engine.Store.RecallAsync(session, cancellation);
        var view = json ? null : new SittingView(terminal.Out, engine.Settings, TimeProvider.System);
        view?.Recalled(past);
        if (await BeginAsync(engine, session, terminal, cancellation) is not { } sitting) return ExitCode.Failed;
        using var cancelling = cancellation.Register(sitting.Cancel);
        var running = engine.Sittings.RunAsync(sitting);
        if (view is not null) await view.ShowAsync(sitting);
        await running;
        var run = sitting.Snapshot();
        if (json) terminal.WriteJson(WarmupAnswer.Ended(run), ApiJson.Readable.WarmupAnswer);
        return run.Status == HeatUp.Runs.RunStatus.Completed ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The session's next sitting, or the one that a killed process left open.</summary>
    private static async Task<Sitting?> BeginAsync(
        Engine engine, SessionId session, Terminal terminal, CancellationToken cancellation)
    {
        var start = await engine.Sittings.StartAsync(session, cancellation);
        if (start is SittingStart.Started started) return started.Sitting;
        var left = await engine.Sittings.ResumeAsync(session, cancellation);
        if (left is [{ Sitting: { } sitting, Run: var run }, ..])
        {
            terminal.Warn($"Sitting {run.Sitting} was interrupted; it goes on at step {run.Steps.Count + 1}.");
            return sitting;
        }
        if (left.Count > 0) return await BeginAsync(engine, session, terminal, cancellation);
        terminal.Complain(start is SittingStart.AlreadyRunning(var running)
            ? $"'{session}' has a sitting already: run {running}, in another process on {engine.Settings.DatabasePath}."
            : "No sitting can start now: the program is stopping.");
        return null;
    }
}
