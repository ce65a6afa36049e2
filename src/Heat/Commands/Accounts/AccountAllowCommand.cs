using System.CommandLine;
using HeatUp.Channels;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary><c>heat account allow</c>: what an account may join.</summary>
internal static class AccountAllowCommand
{
    public static Command Build(Terminal terminal)
    {
        var name = AccountCommand.Name();
        var channels = new Argument<ChannelName[]>("channels")
        {
            Description = "Channels, such as @durov or https://t.me/durov",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                foreach (var token in result.Tokens)
                    if (!ChannelName.TryParse(token.Value, out _))
                        result.AddError($"'{ForeignText.Clean(token.Value, 64)}' is no channel's name; one is like @durov.");
                return [.. result.Tokens.Select(token => ChannelName.TryParse(token.Value, out var channel) ? channel : default)];
            },
        };
        var remove = new Option<bool>("--remove") { Description = "Take them off the list; what was joined stays joined" };
        var command = new Command("allow",
            "Puts channels on the list of what an account may join. It joins nothing else, "
            + "and two accounts never join the same channel.")
        { name, channels, remove }.WithExamples(
            "heat account allow alice @durov @telegram",
            "heat account allow alice --remove @telegram");
        command.SetAction(parsed =>
        {
            var accounts = AccountCommand.Open();
            var account = parsed.GetValue(name);
            if (accounts.WhyNot(account) is { } unknown) return AccountCommand.Unknown(terminal, unknown);
            var all = parsed.GetValue(channels)!;
            var refused = parsed.GetValue(remove) ? accounts.Disallow(account, all) : accounts.Allow(account, all);
            if (refused is not null) return AccountCommand.Unknown(terminal, refused);
            var list = accounts.AllowedTo(account);
            terminal.Out.MarkupLineInterpolated(
                $"[bold]{account.Value}[/] may join: {(list.Count == 0 ? "nothing" : string.Join(' ', list))}");
            return ExitCode.Done;
        });
        return command;
    }
}
