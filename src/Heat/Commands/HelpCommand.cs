using System.CommandLine;
using Heat.Shell;

namespace Heat.Commands;

/// <summary><c>heat help</c>: the same as a command's <c>--help</c>.</summary>
internal static class HelpCommand
{
    public static Command Build(Terminal terminal)
    {
        var words = new Argument<string[]>("command")
        {
            Description = "The command, such as channels fetch; none for an overview",
            Arity = ArgumentArity.ZeroOrMore,
        };
        words.CompletionSources.Add(context =>
            context.ParseResult.RootCommandResult.Command.Subcommands.Select(command => command.Name));
        var help = new Command("help", "Shows the help of a command, like --help.")
        { words }.WithExamples(
            "heat help warmup",
            "heat help channels fetch");
        help.SetAction(parsed =>
        {
            var root = parsed.RootCommandResult.Command;
            var (command, path) = (root, root.Name);
            foreach (var word in parsed.GetValue(words) ?? [])
            {
                if (command.Subcommands.FirstOrDefault(one => one.Name == word) is not { } next)
                {
                    terminal.Complain(Misuse.NoCommand(word, command, path));
                    return ExitCode.WrongUse;
                }
                (command, path) = (next, $"{path} {word}");
            }
            return root.Parse([.. path.Split(' ').Skip(1), "--help"]).Invoke(parsed.InvocationConfiguration);
        });
        return help;
    }
}
