using System.CommandLine;
using Heat.Accounts;
using Heat.Configuration;
using Heat.Shell;
using HeatUp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account</c>: the operator's own accounts, logged in by hand.</summary>
internal static class AccountCommand
{
    public static Command Build(Terminal terminal, LibraryLoader library) =>
        new("account",
            "Logs your own Telegram accounts in and out, and says what they may join. "
            + "Needs TELEGRAM_MODE=live or test; docs/live.md tells all.")
        {
            AccountLoginCommand.Build(terminal, library),
            AccountListCommand.Build(terminal),
            AccountAllowCommand.Build(terminal),
            AccountResumeCommand.Build(terminal),
            AccountLogoutCommand.Build(terminal, library),
        };

    public static Argument<SessionId> Name() => new("name")
    {
        Description = "The account's name here, of your choice: 1 to 40 letters, digits and _ . -",
        CustomParser = result =>
        {
            if (LiveAccounts.TryParseName(result.Tokens[0].Value, out var name, out var problem)) return name;
            result.AddError(problem);
            return default;
        },
    };

    /// <summary>The accounts of the settings.</summary>
    /// <exception cref="SettingsException">The settings are wrong, or those of the sandbox.</exception>
    public static LiveAccounts Open(LibraryLoader? library = null)
    {
        var settings = Settings.Load();
        return settings.Telegram is { } telegram
            ? new LiveAccounts(telegram, library ?? NoLibrary, TimeProvider.System, NullLoggerFactory.Instance)
            : throw new SettingsException([
                $"{TelegramRules.Mode}=sandbox: accounts are for the modes live and test; "
                + "in the sandbox every session is there already."]);
    }

    /// <summary>Says why not, and ends.</summary>
    public static int Refuse(Terminal terminal, string why)
    {
        terminal.Complain(why);
        return ExitCode.Failed;
    }

    private static HeatUp.TdLib.TdLibrary NoLibrary(string? path, TimeProvider clock, ILogger log) =>
        throw new InvalidOperationException("This command needs no TDLib.");
}
