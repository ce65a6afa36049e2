using System.CommandLine;
using Heat.Shell;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account resume</c>: the owner has looked, and lets a stopped account go on.</summary>
internal static class AccountResumeCommand
{
    public static Command Build(Terminal terminal)
    {
        var name = AccountCommand.Name();
        var dry = new Option<bool>("--dry-run") { Description = "Only say what it would do" };
        var command = new Command("resume",
            "Lets an account go on that was stopped because Telegram limited or froze it, whose ledger was lost, or "
            + "whose times a wrong clock has brought far ahead. Look at it in Telegram's own app first.")
        { name, dry }.WithExamples("heat account resume alice --dry-run", "heat account resume alice");
        command.SetAction(parsed =>
        {
            var accounts = AccountCommand.Open();
            var account = parsed.GetValue(name);
            if (accounts.WhyNot(account) is { } unknown) return AccountCommand.Refuse(terminal, unknown);
            if (accounts.Book.ResumptionOf(account) is { } resumption) terminal.Out.WriteLine(resumption);
            if (parsed.GetValue(dry)) return ExitCode.Done;
            if (accounts.Book.Resume(account) is { } refused) return AccountCommand.Refuse(terminal, refused);
            terminal.Out.MarkupLineInterpolated($"Done: what held [bold]{account.Value}[/] back is lifted.");
            return ExitCode.Done;
        });
        return command;
    }
}
