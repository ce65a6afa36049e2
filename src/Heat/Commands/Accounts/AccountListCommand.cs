using System.CommandLine;
using Heat.Api;
using HeatUp.Runs.Conduct;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account list</c>: which accounts there are, and what they may join.</summary>
internal static class AccountListCommand
{
    public static Command Build(Terminal terminal)
    {
        var json = Options.Json();
        var command = new Command("list", "Lists the accounts of this installation, and the channels they may join.")
        { json }.WithExamples(
            "heat account list",
            "heat account list --json");
        command.SetAction(parsed =>
        {
            var accounts = AccountCommand.Open();
            var answer = AccountsAnswer.Of(accounts);
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.AccountsAnswer);
            else Show(answer, terminal.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(AccountsAnswer answer, IAnsiConsole console)
    {
        if (answer.Count == 0)
        {
            console.WriteLine(answer.Begun.Count == 0 ? LiveAccounts.NobodyThere : LiveAccounts.NobodyYet);
            ShowBegun(answer, console);
            return;
        }
        var table = new Table().RoundedBorder().AddColumns("account", "logged in", "may join", "state");
        foreach (var account in answer.Accounts)
            table.AddRow(
                Markup.Escape(account.Name),
                $"{account.AddedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
                account.Allowed.Count == 0 ? "[grey]nothing[/]" : Markup.Escape(string.Join(' ', account.Allowed)),
                account.Stopped is { } why ? $"[red]stopped:[/] {Markup.Escape(why)}" : "[green]ready[/]");
        console.Write(table);
        var most = $"{Counted.Of(answer.Count, "account")} of at most {ConductLimits.AccountsMax}";
        console.MarkupLineInterpolated($"[grey]{most}, in {answer.Folder}[/]");
        ShowBegun(answer, console);
    }

    private static void ShowBegun(AccountsAnswer answer, IAnsiConsole console)
    {
        foreach (var begun in answer.Begun) console.WriteLine(begun.Sentence);
    }
}
