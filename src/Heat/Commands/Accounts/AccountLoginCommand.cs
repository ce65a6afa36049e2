using System.CommandLine;
using Heat.Accounts;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.TdLib.Login;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account login</c>: by phone and code, or by a QR code.</summary>
internal static class AccountLoginCommand
{
    private const int NameShownMax = 64;

    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var name = AccountCommand.Name();
        var qr = new Option<bool>("--qr") { Description = "By a QR code that you scan with a Telegram app" };
        var command = new Command("login",
            "Logs an account of yours in, by phone number and code, or by a QR code. It asks in the terminal. "
            + "A login that was broken off goes on where it stood.")
        { name, qr }.WithExamples(
            "heat account login alice",
            "heat account login alice --qr");
        command.SetAction(async (parsed, _) =>
        {
            var accounts = AccountCommand.Open(library);
            var account = parsed.GetValue(name);
            if (!terminal.CanAsk)
            {
                terminal.Complain("A login asks for a code, so it needs a terminal with somebody at it.");
                return ExitCode.WrongUse;
            }
            if (accounts.WhyNotAnother(account) is { } full)
            {
                terminal.Complain(full);
                return ExitCode.Failed;
            }
            if (accounts.Library.Warning is { } warning) terminal.Warn(warning);
            using var interruption = new Interruption();
            return await LogInAsync(accounts, account, parsed.GetValue(qr), terminal, interruption.Token);
        });
        return command;
    }

    private static async Task<int> LogInAsync(
        LiveAccounts accounts, SessionId account, bool byQr, Terminal terminal, CancellationToken cancellation)
    {
        await using var login = accounts.Login(account);
        try
        {
            if (!await new LoginConversation(login, account, terminal).RunAsync(byQr, cancellation))
                return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            terminal.Complain(
                $"Stopped. 'heat account login {account}' goes on where it stands; "
                + "a code is waited for some five minutes.");
            return ExitCode.Failed;
        }
        return await KeepAsync(accounts, account, login, terminal, cancellation);
    }

    /// <summary>An account that can't be kept is logged out again: no login stays that nobody knows of.</summary>
    private static async Task<int> KeepAsync(
        LiveAccounts accounts, SessionId account, AccountLogin login, Terminal terminal, CancellationToken cancellation)
    {
        var owner = await login.OwnerAsync(cancellation);
        if (owner is null && login.State is LoginState.Refused ended) return Ended(accounts, account, ended, terminal);
        if (accounts.Keep(account, owner?.Id) is { } refused)
        {
            terminal.Complain(refused);
            if (await login.LogOutAsync(CancellationToken.None) is { } fault) terminal.Complain(fault.Sentence);
            else accounts.Folders.Delete(account);
            return ExitCode.Failed;
        }
        var (followed, failure) = await login.FollowedAsync(cancellation);
        if (failure is not null) accounts.Book.Heard(account, failure);
        if (login.State is LoginState.Refused over) return Ended(accounts, account, over, terminal);
        if (login.IsFrozen)
        {
            accounts.Book.Stop(account, $"Telegram said {TelegramError.AccountFrozen}.");
            terminal.Warn("Telegram has frozen this account, so nothing is done with it. Look at it in an official "
                + $"app; when it is free again: heat account resume {account}");
        }
        else if (followed is null) terminal.Warn(
            "Telegram does not say what the account follows. The next sitting asks again.");
        if (followed is not null) accounts.Book.Follows(account, followed);
        var who = owner is null ? "" : $" as {ForeignText.Clean(owner.FirstName, NameShownMax)}";
        terminal.Out.MarkupLineInterpolated($"[green]✓[/] [bold]{account.Value}[/] is logged in{who}.");
        terminal.Out.MarkupLineInterpolated(
            $"It reads what it follows and joins nothing until you say so: heat account allow {account.Value} @name");
        return ExitCode.Done;
    }

    /// <summary>The folder said that it is logged in, and Telegram says that it is not.</summary>
    private static int Ended(LiveAccounts accounts, SessionId account, LoginState.Refused state, Terminal terminal)
    {
        accounts.Book.Heard(account, new Outcome.AccountLost(TelegramError.LoggedOut));
        terminal.Complain(state.Why);
        return ExitCode.Failed;
    }
}
