using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Heat.Accounts;
using Heat.Commands.Accounts;
using Heat.Commands.Channels;
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

    /// <summary>Runs one command line. Answers the process's exit code.</summary>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Terminal.OfProcess(), TdLibrary.Load);

    /// <summary>The same on any terminal, and over any TDLib.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, LibraryLoader library)
    {
        var parsed = Build(terminal, library).Parse(args, Parsing);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.OutWriter,
            Error = terminal.ErrorWriter,
            EnableDefaultExceptionHandler = false,
            // Each command ends in its own order; see Interruption.
            ProcessTerminationTimeout = null,
        };
        try
        {
            if (parsed.Action is ParseErrorAction) return Refuse(parsed, terminal);
            // Not for help, nor for the version.
            if (parsed.Action == parsed.CommandResult.Command.Action)
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
            failure is StoreException or RunFolderException or CassetteException
                or ChannelFileException or TdLibraryException or IOException or UnauthorizedAccessException)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failed;
        }
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        foreach (var error in parsed.Errors) terminal.Complain(error.Message);
        PointToHelp(parsed, terminal);
        return ExitCode.WrongUse;
    }

    private static void PointToHelp(ParseResult parsed, Terminal terminal)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Insert(0, result.Command.Name);
        terminal.Error.MarkupLineInterpolated($"See '{string.Join(' ', names)} --help'.");
    }

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
            DbCommand.Build(terminal),
            HealthCommand.Build(terminal),
            LlmCommand.Build(terminal),
            AccountCommand.Build(terminal, library),
            NoticesCommand.Build(terminal),
        };
        ServeCommand.AddTo(root, terminal, library);
        root.WithExamples(
            "heat warmup alice          one sitting of the session alice, on the embedded sandbox",
            "heat history alice         what alice did",
            "heat serve                 the service on http://127.0.0.1:8080").ShowExamples();
        return root;
    }
}
