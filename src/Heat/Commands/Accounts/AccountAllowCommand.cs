using System.CommandLine;
using System.CommandLine.Parsing;
using Heat.Shell;
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
            CustomParser = Read,
        };
        var remove = new Option<bool>("--remove") { Description = "Take them off the list; what was joined stays" };
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
            if (accounts.WhyNot(account) is { } unknown) return AccountCommand.Refuse(terminal, unknown);
            foreach (var channel in parsed.GetValue(channels)!)
            {
                var refused = parsed.GetValue(remove)
                    ? accounts.Book.Disallow(account, channel)
                    : accounts.Book.Allow(account, channel);
                if (refused is not null) return AccountCommand.Refuse(terminal, refused);
            }
            var list = accounts.Book.Find(account)?.Allowed ?? [];
            var text = list.Count == 0 ? "nothing" : string.Join(' ', list);
            terminal.Out.MarkupLineInterpolated($"[bold]{account.Value}[/] may join: {text}");
            return ExitCode.Done;
        });
        return command;
    }

    private static ChannelName[] Read(ArgumentResult result)
    {
        var names = new List<ChannelName>();
        foreach (var token in result.Tokens)
            if (ChannelName.TryParse(token.Value, out var name)) names.Add(name);
            else result.AddError($"'{ForeignText.Clean(token.Value, 64)}' is no channel's name; one is like @durov.");
        return [.. names];
    }
}
