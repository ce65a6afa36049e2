using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Configuration;
using HeatUp;
using HeatUp.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands;

/// <summary><c>heat warmup</c>: the path, watched live.</summary>
internal static class WarmupCommand
{
    private const int SittingsMax = 1000;

    public static Command Build(Terminal terminal, LibraryLoader library)
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
            var settings = Settings.Load(parsed.Given(pace, SettingsRules.PaceName));
            using var interruption = new Interruption();
            await using var engine = await Engine.OpenAsync(
                settings, TimeProvider.System, NullLoggerFactory.Instance, library);
            foreach (var warning in engine.Pool.Warnings) terminal.Warn(warning);
            var id = parsed.GetValue(session);
            if (engine.Accounts?.WhyNot(id) is { } unknown)
            {
                terminal.Complain(unknown);
                return ExitCode.Failed;
            }
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
        var left = await LeftOpenAsync(engine, session, terminal, cancellation);
        var past = await engine.Store.RecallAsync(session, cancellation);
        var view = json ? null : new SittingView(terminal.Out, engine.Settings, TimeProvider.System);
        view?.Recalled(past, left?.Number ?? past.NextSitting);
        if ((left ?? await BeginAsync(engine, session, terminal, cancellation)) is not { } sitting)
            return ExitCode.Failed;
        using var cancelling = cancellation.Register(sitting.Cancel);
        var running = engine.Sittings.RunAsync(sitting);
        if (view is not null) await view.ShowAsync(sitting);
        await running;
        var run = sitting.Snapshot();
        if (json) terminal.WriteJson(WarmupAnswer.Ended(run), ApiJson.Readable.WarmupAnswer);
        return run.Status == HeatUp.Runs.RunStatus.Completed ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The sitting that a killed process left open, if it goes on now.</summary>
    private static async Task<Sitting?> LeftOpenAsync(
        Engine engine, SessionId session, Terminal terminal, CancellationToken cancellation)
    {
        foreach (var (run, sitting) in await engine.LeftOpen.ResumeAsync(session, cancellation))
        {
            var (done, planned) = (run.Steps.Count, run.Plan.Actions.Count);
            var what = $"Sitting {run.Sitting} was interrupted after step {done} of {planned}";
            terminal.Warn(sitting is null ? $"{what} and is closed. {run.End?.Detail}" : $"{what}; it goes on.");
            if (sitting is not null) return sitting;
        }
        return null;
    }

    private static async Task<Sitting?> BeginAsync(
        Engine engine, SessionId session, Terminal terminal, CancellationToken cancellation)
    {
        var start = await engine.Sittings.StartAsync(session, cancellation);
        if (start is SittingStart.Started started) return started.Sitting;
        terminal.Complain(start switch
        {
            SittingStart.AlreadyRunning(var running) => $"'{session}' has a sitting already: run {running}, "
                + $"in another process on {engine.Settings.DatabasePath}.",
            SittingStart.Refused(var reason, _) => reason,
            SittingStart.Overtaken => $"Other processes on {engine.Settings.DatabasePath} give '{session}' one sitting "
                + "after the other. Try again.",
            _ => "No sitting can start now: the program is stopping.",
        });
        return null;
    }
}
