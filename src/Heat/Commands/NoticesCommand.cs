using System.CommandLine;
using Heat.Shell;

namespace Heat.Commands;

/// <summary><c>heat notices</c>: whose work is in this program, and under which licences.</summary>
internal static class NoticesCommand
{
    private const string Resource = "THIRD-PARTY-NOTICES.txt";

    public static Command Build(Terminal terminal)
    {
        var command = new Command("notices", "Prints whose work is in this program, with the licences.")
            .WithExamples("heat notices | less");
        command.SetAction(_ =>
        {
            using var notices = typeof(NoticesCommand).Assembly.GetManifestResourceStream(Resource)!;
            using var text = new StreamReader(notices);
            while (text.ReadLine() is { } line) terminal.OutWriter.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }
}
