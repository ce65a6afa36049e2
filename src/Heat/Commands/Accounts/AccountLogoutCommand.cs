using System.CommandLine;
using Heat.Accounts;
using Heat.Configuration;
using Heat.Shell;
using HeatUp;
using HeatUp.TdLib.Login;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account logout</c>: ends the login at Telegram, and deletes the account's folder.</summary>
internal static class AccountLogoutCommand
{
    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var name = AccountCommand.Name();
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var command = new Command("logout",
            "Logs an account out at Telegram and deletes its folder. What it did stays remembered: "
            + "'heat forget' erases that.")
        { name, yes }.WithExamples(
            "heat account logout alice",
            "heat account logout alice --yes");
        command.SetAction(async (parsed, _) =>
        {
            var accounts = AccountCommand.Open(library);
            var account = parsed.GetValue(name);
            if (!accounts.Folders.Has(account) && accounts.WhyNot(account) is { } unknown)
                return AccountCommand.Refuse(terminal, unknown);
            if (!parsed.GetValue(yes) && !Confirm(terminal, account)) return ExitCode.Failed;
            using var interruption = new Interruption();
            if (accounts.Folders.Has(account)
                && await LogOutAsync(accounts, account, terminal, interruption.Token) is { } fault)
            {
                terminal.Complain(fault.Sentence);
                terminal.Warn($"'{account}' stays as it is. To end its login at once, end the session \"Heat Up\" in "
                    + "Telegram's app: Settings, Devices.");
                return ExitCode.Failed;
            }
            accounts.Folders.Delete(account);
            accounts.Book.Remove(account);
            terminal.Out.MarkupLineInterpolated($"[bold]{account.Value}[/] is logged out and its folder is deleted.");
            terminal.Out.MarkupLineInterpolated(
                $"What it did is remembered still: 'heat forget {account.Value}' erases it.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Task<LoginFault?> LogOutAsync(
        LiveAccounts accounts, SessionId account, Terminal terminal, CancellationToken cancellation) =>
        terminal.WhileAsync("logging out …", async () =>
        {
            await using var login = accounts.Login(account);
            return (await login.StartAsync(cancellation)).Fault ?? await login.LogOutAsync(cancellation);
        });

    private static bool Confirm(Terminal terminal, SessionId account)
    {
        if (!terminal.CanAsk)
        {
            terminal.Complain("There is nobody to ask on this terminal. Add --yes to log out without being asked.");
            return false;
        }
        return terminal.Error.Confirm(
            $"Log [bold]{Markup.Escape(account.Value)}[/] out and delete its folder?", defaultValue: false);
    }
}
