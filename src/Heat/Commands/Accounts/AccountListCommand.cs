using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Reports;
using Heat.Shell;
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
            else Show(answer, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(AccountsAnswer answer, Terminal terminal)
    {
        if (answer.Count == 0)
        {
            terminal.Out.WriteLine(answer.Begun.Count == 0 ? LiveAccounts.NobodyThere : LiveAccounts.NobodyYet);
            ShowBegun(answer, terminal);
            return;
        }
        var rows = new RowsView(
            new("account"), new("logged in"), new("may join", Wraps: true), new("state", Wraps: true));
        foreach (var account in answer.Accounts)
            rows.Add(
                account.Name, Text(account.AddedAt),
                account.Allowed.Count == 0 ? new Cell("[grey]nothing[/]", "") : string.Join(' ', account.Allowed),
                new Cell(StateOf(account), Markup.Remove(StateOf(account))));
        rows.Write(terminal);
        var most = $"{Counted.Of(answer.Count, "account")} of at most {ConductLimits.AccountsMax}";
        terminal.Remark($"{most}, in {answer.Folder}");
        ShowBegun(answer, terminal);
    }

    private static void ShowBegun(AccountsAnswer answer, Terminal terminal)
    {
        foreach (var begun in answer.Begun) terminal.Out.WriteLine(begun.Sentence);
    }

    /// <summary>What it may do now; if nothing, since or until when, and what its owner does about it.</summary>
    private static string StateOf(AccountAnswer account)
    {
        var wait = account.WaitUntil is { } until
            ? $"[yellow]waits[/] until {Text(until)}, as Telegram asked: it goes on by itself."
            : null;
        var end = account.Ended is { } over
            ? $"[red]logged out[/]{Since(account.EndedAt)}: {Markup.Escape(over)}"
            : null;
        var stop = account.Stopped is { } why
            ? $"[red]stopped[/]{Since(account.StoppedAt)}: "
                + Markup.Escape($"{why} {LiveAccounts.AfterStop(account.Name)}")
            : null;
        var all = new[] { end, stop, wait }.OfType<string>().ToList();
        return all.Count == 0 ? "[green]ready[/]" : string.Join('\n', all);
    }

    private static string Since(DateTimeOffset? time) => time is { } at ? $" since {Text(at)}" : "";

    private static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
}
