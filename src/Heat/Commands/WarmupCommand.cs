using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;

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
            if (settings.DatabaseUrl is not null)
                return await NodeWarmup.SitAsync(
                    settings, parsed.GetValue(session), parsed.GetValue(sittings), parsed.GetValue(json), terminal,
                    interruption.Token);
            await using var services = HeatServices.Build(settings, StoreUse.Sit, library);
            var warmup = ActivatorUtilities.CreateInstance<Warmup>(services, terminal);
            foreach (var warning in services.GetRequiredService<ChannelPoolFile>().Warnings) terminal.Warn(warning);
            var id = parsed.GetValue(session);
            if (services.GetRequiredService<TelegramInUse>().Accounts?.WhyNot(id) is { } unknown)
            {
                terminal.Complain(unknown);
                return ExitCode.Failed;
            }
            var code = ExitCode.Done;
            for (var i = 0; code == ExitCode.Done && i < parsed.GetValue(sittings); i++)
                code = await warmup.SitAsync(id, parsed.GetValue(json), interruption.Token);
            // An end that the store couldn't take is tried once more.
            await services.GetRequiredService<RunWriter>().StopAsync();
            return code;
        });
        return command;
    }
}

/// <summary>Sittings that somebody at the terminal waits for.</summary>
internal sealed class Warmup(
    Settings settings, Sittings sittings, LeftOpenRuns leftOpen, ISittingStore store, Terminal terminal)
{
    /// <summary>One sitting: that which a killed process left open, or a new one. Answers the exit code.</summary>
    public async Task<int> SitAsync(SessionId session, bool json, CancellationToken cancellation)
    {
        var left = await LeftOpenAsync(session, cancellation);
        var past = await store.RecallAsync(session, cancellation);
        var view = json ? null : new SittingView(terminal, settings, TimeProvider.System);
        view?.Recalled(past, left?.Number ?? past.NextSitting);
        if ((left ?? await BeginAsync(session, cancellation)) is not { } sitting) return ExitCode.Failed;
        using var cancelling = cancellation.Register(sitting.Cancel);
        var running = sittings.RunAsync(sitting);
        if (view is not null) await view.ShowAsync(sitting.Snapshot(), sitting.WatchAsync(0, CancellationToken.None));
        await running;
        return Ended(sitting.Snapshot(), view, terminal);
    }

    /// <summary>Says how a run ended, to people or to programs. Answers the exit code.</summary>
    public static int Ended(RunRecord run, SittingView? view, Terminal terminal)
    {
        if (view is null) terminal.WriteJson(WarmupAnswer.Ended(run), ApiJson.Readable.WarmupAnswer);
        else view.Summarize(run);
        return run.Status == RunStatus.Completed ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The sitting that a killed process left open, if it goes on now.</summary>
    private async Task<Sitting?> LeftOpenAsync(SessionId session, CancellationToken cancellation)
    {
        foreach (var (run, sitting) in await leftOpen.ResumeAsync(session, cancellation))
        {
            var (done, planned) = (run.Steps.Count, run.Plan.Actions.Count);
            var what = $"Sitting {run.Sitting} was interrupted after step {done} of {planned}";
            terminal.Warn(sitting is null ? $"{what} and is closed. {run.End?.Detail}" : $"{what}; it goes on.");
            if (sitting is not null) return sitting;
        }
        return null;
    }

    private async Task<Sitting?> BeginAsync(SessionId session, CancellationToken cancellation)
    {
        var start = await sittings.StartAsync(session, cancellation);
        if (start is SittingStart.Started started) return started.Sitting;
        terminal.Complain(start switch
        {
            SittingStart.AlreadyRunning(var running) => $"'{session}' has a sitting already: run {running}, "
                + $"in another process on {settings.Database}.",
            SittingStart.Refused(var reason, _) => reason,
            SittingStart.Overtaken => $"Other processes on {settings.Database} give '{session}' one sitting "
                + "after the other. Try again.",
            _ => "No sitting can start now: the program is stopping.",
        });
        return null;
    }
}
