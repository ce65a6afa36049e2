using System.CommandLine;
using Heat.Configuration;
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
            await using var store = await Store.OpenExistingAsync(Settings.Load());
            if (!parsed.GetValue(yes) && !Confirm(terminal, id.Value)) return ExitCode.Failed;
            if (!await store.ForgetAsync(id, cancellation))
            {
                var problem = Options.ProblemOf(id);
                var advice = problem ?? "'heat sessions' lists whom there is.";
                terminal.Complain($"Nothing is remembered of '{id}'. {advice}");
                return problem is null ? ExitCode.Failed : ExitCode.WrongUse;
            }
            terminal.Out.MarkupLineInterpolated($"Forgot everything of [bold]{id.Value}[/].");
            return ExitCode.Done;
        });
        return command;
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
