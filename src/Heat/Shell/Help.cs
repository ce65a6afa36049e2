using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Heat.Shell;

/// <summary>Examples below a command's help, so that lists of commands stay short.</summary>
internal static class Help
{
    private static readonly ConditionalWeakTable<Command, string> Examples = [];

    /// <summary>Gives a command its examples.</summary>
    public static T WithExamples<T>(this T command, params string[] examples) where T : Command
    {
        Examples.Add(command, string.Concat(examples.Select(example => $"  {example}{Environment.NewLine}")));
        return command;
    }

    /// <summary>Makes <c>--help</c> show the examples.</summary>
    public static void ShowExamples(this RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            if (Examples.TryGetValue(parseResult.CommandResult.Command, out var examples))
                parseResult.InvocationConfiguration.Output.Write($"Examples:{Environment.NewLine}{examples}");
            return code;
        }
    }
}
