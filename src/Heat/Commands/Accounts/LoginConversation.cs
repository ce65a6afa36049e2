using System.Text.RegularExpressions;
using Heat.Configuration;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.TdLib.Login;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary>
/// A login as a talk with the account's owner in the terminal: asks for what Telegram asks for, until it is over.
/// Codes and passwords don't show while they are typed.
/// </summary>
internal sealed partial class LoginConversation(AccountLogin login, SessionId account, Terminal terminal)
{
    private const string ResendWord = "resend";
    private const string NumberWord = "number";
    private const int ShownMax = 64;

    /// <summary>How long a QR code, and its successors, wait for being scanned.</summary>
    private static readonly TimeSpan ScanWithin = TimeSpan.FromMinutes(5);

    private IAnsiConsole Console => terminal.Error;

    /// <summary>Whether the account is logged in now; if not, it has been said why.</summary>
    public async Task<bool> RunAsync(bool byQr, CancellationToken cancellation)
    {
        var answer = await AskTelegramAsync(() => login.StartAsync(cancellation));
        if (answer is { Fault: null, State: not (LoginState.NeedsPhone or LoginState.LoggedIn) })
            Console.MarkupLineInterpolated($"Login of [bold]{account.Value}[/] was begun: it goes on where it stood.");
        var scanUntil = TimeProvider.System.GetUtcNow() + ScanWithin;
        var isAnew = byQr && answer.State is LoginState.NeedsPhone or LoginState.NeedsCode;
        while (true)
        {
            if (answer.Fault is { } fault && !Tell(fault)) return false;
            isAnew |= answer.Fault?.Next == LoginNext.Anew;
            switch (answer.State)
            {
                case LoginState.LoggedIn:
                    return true;
                case LoginState.Refused(var why):
                    terminal.Complain(why);
                    return false;
                case LoginState.NeedsScan(var link) when byQr:
                    if (TimeProvider.System.GetUtcNow() > scanUntil) return NobodyScanned();
                    Show(link);
                    answer = new(await login.ScannedAsync(ScanWithin, cancellation));
                    if (answer.State is LoginState.NeedsScan(var same) && same == link) return NobodyScanned();
                    continue;
            }
            var entry = isAnew ? byQr ? new LoginEntry.Qr() : await PhoneAsync(cancellation)
                : await EntryAsync(answer.State, cancellation);
            isAnew = false;
            answer = await AskTelegramAsync(() => login.EnterAsync(entry, cancellation));
        }
    }

    /// <summary>Whether it can go on after this.</summary>
    private bool Tell(LoginFault fault)
    {
        if (fault.Next == LoginNext.Stop) terminal.Complain(fault.Sentence);
        else terminal.Warn(fault.Sentence);
        return fault.Next != LoginNext.Stop;
    }

    private bool NobodyScanned()
    {
        terminal.Complain("Nobody scanned the code. Run the same command again for a new one.");
        return false;
    }

    private void Show(string link)
    {
        Console.WriteLine();
        QrView.Write(terminal, link);
        Console.MarkupLine(
            "Scan it with a Telegram app that is logged in: Settings, Devices, Link Desktop Device. "
            + "It expires soon; then a new one shows here.");
    }

    private Task<LoginEntry> EntryAsync(LoginState state, CancellationToken cancellation) => state switch
    {
        LoginState.NeedsCode code => CodeAsync(code, cancellation),
        LoginState.NeedsEmail => EmailAsync(cancellation),
        LoginState.NeedsEmailCode code => EmailCodeAsync(code, cancellation),
        LoginState.NeedsPassword password => PasswordAsync(password, cancellation),
        _ => PhoneAsync(cancellation),
    };

    private async Task<LoginEntry> PhoneAsync(CancellationToken cancellation)
    {
        var prompt = new TextPrompt<string>("Phone number, with its country code, such as +15550001122:")
            .Validate(text => IsPhone(text)
                ? ValidationResult.Success()
                : ValidationResult.Error("A phone number is + and 7 to 15 digits."));
        return new LoginEntry.Phone(Bare(await prompt.ShowAsync(Console, cancellation)));
    }

    private async Task<LoginEntry> CodeAsync(LoginState.NeedsCode code, CancellationToken cancellation)
    {
        Console.WriteLine($"Telegram has sent a code{Digits(code.Length)} {code.Way}.");
        var again = code.ResendIn switch
        {
            null => "",
            { } wait when wait > TimeSpan.Zero => $"'{ResendWord}' for another in {LoginFault.Span(wait)}, ",
            _ => $"'{ResendWord}' for another, ",
        };
        var prompt = new TextPrompt<string>($"Code (or {again}'{NumberWord}' for another phone number):").Secret();
        var typed = (await prompt.ShowAsync(Console, cancellation)).Trim();
        if (typed.Equals(ResendWord, StringComparison.OrdinalIgnoreCase)) return new LoginEntry.Resend();
        return typed.Equals(NumberWord, StringComparison.OrdinalIgnoreCase)
            ? await PhoneAsync(cancellation)
            : new LoginEntry.Code(Bare(typed));
    }

    private async Task<LoginEntry> EmailAsync(CancellationToken cancellation)
    {
        Console.WriteLine("Telegram wants an e-mail address for its codes.");
        return new LoginEntry.Email(
            (await new TextPrompt<string>("E-mail address:").ShowAsync(Console, cancellation)).Trim());
    }

    private async Task<LoginEntry> EmailCodeAsync(LoginState.NeedsEmailCode code, CancellationToken cancellation)
    {
        var address = ForeignText.Clean(code.Address, ShownMax);
        Console.WriteLine($"Telegram has sent a code{Digits(code.Length)} by e-mail to {address}.");
        var typed = await new TextPrompt<string>("Code:").Secret().ShowAsync(Console, cancellation);
        return new LoginEntry.EmailCode(Bare(typed));
    }

    private async Task<LoginEntry> PasswordAsync(LoginState.NeedsPassword password, CancellationToken cancellation)
    {
        var hint = ForeignText.Clean(password.Hint, ShownMax);
        Console.WriteLine("The account has two-step verification." + (hint.Length > 0 ? $" Its hint: {hint}" : ""));
        var prompt = new TextPrompt<string>("Password (it does not show):").Secret(null);
        return new LoginEntry.Password(await prompt.ShowAsync(Console, cancellation));
    }

    private async Task<LoginAnswer> AskTelegramAsync(Func<ValueTask<LoginAnswer>> ask) =>
        await terminal.WhileAsync("asking Telegram …", async () => await ask());

    private static string Digits(int length) => length > 0 ? $" of {length} digits" : "";

    private static bool IsPhone(string text) => PhoneNumber().IsMatch(Bare(text));

    /// <summary>Without what people put between digits.</summary>
    private static string Bare(string text) => BetweenDigits().Replace(text, "");

    [GeneratedRegex(@"^\+?[0-9]{7,15}$")]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"[\s().-]")]
    private static partial Regex BetweenDigits();
}
