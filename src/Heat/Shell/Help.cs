using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Heat.Shell;

/// <summary>Examples below a command's help, so that lists of commands stay short.</summary>
internal static class Help
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Gives a command its examples.</summary>
    public static T WithExamples<T>(this T command, params string[] examples) where T : Command
    {
        Examples.Add(command, examples);
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
                parseResult.InvocationConfiguration.Output.WriteLine(string.Join(
                    Environment.NewLine, examples.SelectMany(Lines).Prepend("Examples:")));
            return code;
        }

        /// <summary>An example, with its remark on a line of its own where both have no room.</summary>
        private static IEnumerable<string> Lines(string example)
        {
            var width = Console.IsOutputRedirected ? int.MaxValue : Console.WindowWidth;
            var remark = example.LastIndexOf("   ", StringComparison.Ordinal);
            return remark < 0 || example.Length + 2 <= width
                ? [$"  {example}"]
                : [$"  {example[..remark].TrimEnd()}", $"      {example[remark..].TrimStart()}"];
        }
    }
}
