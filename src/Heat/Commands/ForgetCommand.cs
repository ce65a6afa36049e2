using System.CommandLine;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp.Sessions;
using Spectre.Console;

namespace Heat.Commands;

/// <summary><c>heat forget</c>: erases a session.</summary>
internal static class ForgetCommand
{
    public static Command Build(Terminal terminal)
    {
        var session = Options.AnySession();
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var command = new Command("forget",
            "Forgets a session: its history, its memberships and its runs. There is no way back but a backup.")
        { session, yes }.WithExamples(
            "heat forget alice",
            "heat forget alice --yes");
        command.SetAction(async (parsed, cancellation) =>
        {
            var id = parsed.GetValue(session);
            await using var services = HeatServices.Build(Settings.Load(), StoreUse.Ask);
            var store = services.GetRequiredService<ISessionStore>();
            if (!parsed.GetValue(yes) && !Confirm(terminal, id.Value)) return ExitCode.Failed;
            return Tell(terminal, id, await store.ForgetAsync(id, cancellation));
        });
        return command;
    }

    private static int Tell(Terminal terminal, SessionId session, Forgetting answer)
    {
        switch (answer.Kind)
        {
            case ForgettingKind.Forgotten:
                terminal.Out.MarkupLineInterpolated($"Forgot everything of [bold]{session.Value}[/].");
                return ExitCode.Done;
            case ForgettingKind.Sitting:
                terminal.Complain(
                    $"'{session}' has a sitting now: run {answer.Running}, in another process. "
                    + "Nothing was forgotten; try again when it is over.");
                return ExitCode.Failed;
            default:
                var problem = Options.ProblemOf(session);
                var advice = problem ?? "'heat sessions' lists whom there is.";
                terminal.Complain($"Nothing is remembered of '{session}'. {advice}");
                return problem is null ? ExitCode.Failed : ExitCode.WrongUse;
        }
    }

    private static bool Confirm(Terminal terminal, string session)
    {
        if (!terminal.Out.Profile.Capabilities.Interactive)
        {
            terminal.Complain("There is nobody to ask on this terminal. Add --yes to forget without being asked.");
            return false;
        }
        var question = $"Forget everything of [bold]{Markup.Escape(session)}[/]?";
        return terminal.Out.Confirm(question, defaultValue: false);
    }
}
