using System.CommandLine;
using System.CommandLine.Completions;
using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using HeatUp.Simulations;

namespace Heat.Commands.Completion;

/// <summary>
/// The names that stand in the database, the channels file and the folder, for completion: at once or not at all, and
/// without a word about what can't be read.
/// </summary>
internal static class KnownNames
{
    /// <summary>Where runs lie unless told otherwise.</summary>
    private const string Runs = "runs";

    private const int CountMax = 100;

    /// <summary>Whoever presses Tab doesn't wait longer for a database elsewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Completes sessions, channels, categories and folders of runs wherever a command takes one.</summary>
    public static void CompleteIn(Command command)
    {
        // Help shows what may be completed in the place of a name, unless there is one.
        foreach (var argument in command.Arguments)
            if (SourceOf(argument) is { } source)
            {
                argument.CompletionSources.Add(source);
                argument.HelpName ??= argument.Name;
            }
        foreach (var option in command.Options)
            // Two commands may share one.
            if (SourceOf(option) is { } source && option.HelpName is null)
            {
                option.CompletionSources.Add(source);
                option.HelpName = option.Name.TrimStart('-');
            }
        foreach (var below in command.Subcommands) CompleteIn(below);
    }

    private static Func<CompletionContext, IEnumerable<CompletionItem>>? SourceOf(Symbol symbol) => symbol switch
    {
        Argument<SessionId> { Name: "session" } => Completing(Sessions),
        Argument<ChannelName[]> => Completing(Channels),
        Argument<string> { Name: "path" } or Option { Name: "--resume" or "--replay" } => Completing(RunFolders),
        Option { Name: "--category" } => Completing(Categories),
        _ => null,
    };

    private static Func<CompletionContext, IEnumerable<CompletionItem>> Completing(
        Func<string, IEnumerable<string>> names) => context =>
    {
        try
        {
            return [.. names(context.WordToComplete).Take(CountMax).Select(name => new CompletionItem(name))];
        }
        catch (Exception failure) when (
            failure is StoreException or SettingsException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    };

    private static IEnumerable<string> Sessions(string begun)
    {
        var settings = Settings.Load();
        if (settings.DatabaseUrl is { } address)
        {
            // Thrown away unfinished with the process, where the database is slow.
            var reading = Task.Run(() =>
            {
                using var reader = PostgresHistoryReader.Open(address);
                return reader.SessionNames(begun, CountMax);
            });
            return OfTask(reading).Where(IsTyped);
        }
        if (!File.Exists(settings.DatabasePath)) return [];
        using var file = SqliteHistoryFile.Open(settings.DatabasePath);
        return [.. file.SessionNames(begun, CountMax).Where(IsTyped)];
    }

    private static IReadOnlyList<string> OfTask(Task<IReadOnlyList<string>> reading)
    {
        try
        {
            return reading.WaitAsync(Patience).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            return [];
        }
    }

    // Names of other programs may hold what a shell takes apart.
    private static bool IsTyped(string name) => SessionId.TryParse(name, out _, out _);

    private static IEnumerable<string> Channels(string begun) =>
        Pool().All.Select(channel => channel.Name.Value)
            .Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Categories(string begun) => Pool().All
        .Select(channel => channel.Category).Distinct()
        .Where(category => category.StartsWith(begun, StringComparison.OrdinalIgnoreCase));

    private static ChannelPool Pool() => ChannelPool.Of(ChannelFile.Read(Settings.Load().ChannelsFile).Channels);

    private static IEnumerable<string> RunFolders(string begun) =>
        new[] { ".", Runs }.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Where(RunFolder.IsRun)
            .Select(folder => Path.GetRelativePath(".", folder))
            .Where(folder => folder.StartsWith(begun, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
