using System.CommandLine;
using System.CommandLine.Invocation;
using Heat.Accounts;
using Heat.Commands.Accounts;
using Heat.Commands.Channels;
using Heat.Commands.Completion;
using Heat.Commands.Doctor;
using Heat.Commands.Simulations;
using Heat.Configuration;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp.Simulations;
using HeatUp.TdLib;
using Spectre.Console;

namespace Heat.Commands;

/// <summary>The command line's table of contents.</summary>
internal static class HeatCommand
{
    /// <summary>A name such as @durov is a channel's here, and no file of arguments.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private const string NoProgress = "--no-progress";

    /// <summary>Runs one command line. Answers the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Terminal.OfProcess(), TdLibrary.Load);

    /// <summary>The same on any terminal, and over any TDLib.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, LibraryLoader library)
    {
        var parsed = Build(terminal, library).Parse(args, Parsing);
        terminal.ShowsProgress = !parsed.GetValue<bool>(NoProgress);
        var configuration = new InvocationConfiguration
        {
            // What may be completed, which a shell asks for with a directive, is read by that.
            Output = args is [['[', ..], ..] ? terminal.OutWriter : terminal.TextWriter,
            Error = terminal.ErrorWriter,
            EnableDefaultExceptionHandler = false,
            // Each command ends in its own order; see Interruption.
            ProcessTerminationTimeout = null,
        };
        try
        {
            if (parsed.Action is ParseErrorAction) return Refuse(parsed, Misuse.Of(parsed), terminal);
            if (Misuse.Mistaken(parsed) is { Count: > 0 } mistaken) return Refuse(parsed, mistaken, terminal);
            // Not for help, nor for the version; the doctor says it in its own way.
            var command = parsed.CommandResult.Command;
            if (parsed.Action == command.Action && command.Name != DoctorCommand.Name)
                foreach (var line in Settings.Misspelt()) terminal.Warn(line);
            return await parsed.InvokeAsync(configuration);
        }
        catch (SettingsException wrong)
        {
            foreach (var problem in wrong.Problems) terminal.Complain(problem);
            if (wrong.HasWrongOption) PointToHelp(parsed, terminal);
            return ExitCode.WrongUse;
        }
        catch (OperationCanceledException)
        {
            terminal.Complain("Stopped before it was done.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (
            failure is StoreException or RunFolderException or RecordingException
                or ChannelFileException or TdLibraryException or IOException or UnauthorizedAccessException)
        {
            terminal.Complain(FileTrouble.Of(failure));
            return ExitCode.Failed;
        }
    }

    private static int Refuse(ParseResult parsed, IReadOnlyList<string> why, Terminal terminal)
    {
        foreach (var line in why) terminal.Complain(line);
        PointToHelp(parsed, terminal);
        return ExitCode.WrongUse;
    }

    private static void PointToHelp(ParseResult parsed, Terminal terminal) =>
        terminal.Error.MarkupLineInterpolated($"See '{Misuse.NameOf(parsed.CommandResult)} --help'.");

    private static RootCommand Build(Terminal terminal, LibraryLoader library)
    {
        var root = new RootCommand(
            "Heat Up gives a Telegram session short, sensible sittings. "
            + "Without a command it serves, like 'heat serve'. "
            + "Settings come from the environment, a file .env and your own config.env; .env.example lists them.")
        {
            WarmupCommand.Build(terminal, library),
            HistoryCommand.Build(terminal),
            SessionsCommand.Build(terminal),
            ForgetCommand.Build(terminal),
            ChannelsCommand.Build(terminal, library),
            RecommendCommand.Build(terminal),
            SimulateCommand.Build(terminal),
            ReportCommand.Build(terminal),
            CompareCommand.Build(terminal),
            ExportCommand.Build(terminal),
            DbCommand.Build(terminal),
            HealthCommand.Build(terminal),
            LlmCommand.Build(terminal),
            AccountCommand.Build(terminal, library),
            NoticesCommand.Build(terminal),
            ConfigCommand.Build(terminal),
            DoctorCommand.Build(terminal, library),
            CompletionCommand.Build(terminal),
            HelpCommand.Build(terminal),
            new Option<bool>(NoProgress)
            {
                Description = "Don't show how far something is",
                Recursive = true,
            },
        };
        ServeCommand.AddTo(root, terminal, library);
        KnownNames.CompleteIn(root);
        root.WithExamples(
            "heat warmup alice          one sitting of the session alice, on the embedded sandbox",
            "heat history alice         what alice did",
            "heat serve                 the service on http://127.0.0.1:8080").ShowExamples();
        return root;
    }
}
