using System.CommandLine;
using Heat.Shell;

namespace Heat.Commands.Completion;

/// <summary><c>heat completion</c>: what a shell needs to complete command lines of ours with Tab.</summary>
internal static class CompletionCommand
{
    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("shell")
        {
            Description = $"Which shell: {string.Join(", ", CompletionScripts.Shells)}",
        };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var command = new Command("completion",
            "Prints a script with which a shell completes commands, options, sessions, channels and runs.")
        { shell }.WithExamples(
            "eval \"$(heat completion bash)\"                     in ~/.bashrc",
            "source <(heat completion zsh)                      in ~/.zshrc, after compinit",
            "heat completion fish > ~/.config/fish/completions/heat.fish",
            "heat completion pwsh | Out-String | Invoke-Expression      in $PROFILE");
        command.SetAction(parsed => terminal.OutWriter.Write(CompletionScripts.For(parsed.GetValue(shell)!)));
        return command;
    }
}
