using System.CommandLine;
using Heat.Api;
using Heat.Accounts;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands.Channels;

/// <summary><c>heat channels import</c>: takes channels out of a file, or from Telegram itself.</summary>
internal static class ChannelsImportCommand
{
    /// <summary>Stands for standard input.</summary>
    private const string Standard = "-";

    private static readonly (string Word, ImportFormat Format)[] Formats =
    [
        ("csv", ImportFormat.Csv), ("json", ImportFormat.Json), ("ndjson", ImportFormat.Ndjson),
        ("links", ImportFormat.Links), ("html", ImportFormat.Html),
    ];

    private static readonly string Words = string.Join(", ", Formats.Select(one => one.Word));

    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var file = new Argument<string?>("file")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A list of channels: a table, JSON, a page, or any text; - for standard input",
            CustomParser = result => result.Tokens[0].Value is { Length: > 0 } path
                ? path
                : Options.Wrong<string?>(result, "the name of a file is needed"),
        };
        var category = new Option<string?>("--category") { Description = "The category of channels that name none" };
        var format = new Option<ImportFormat?>("--format")
        {
            Description = $"How to read it: {Words} (default: by its beginning and its name)",
            CustomParser = result =>
                Array.Find(Formats, one => one.Word == result.Tokens[0].Value) is { Word: not null } one
                    ? one.Format
                    : Options.Wrong<ImportFormat?>(result, $"--format is one of {Words}"),
        };
        var similar = new Option<bool>("--similar")
        {
            Description = "Instead of a file, ask Telegram which channels are like those of the pool",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what it would do, and write nothing" };
        var json = Options.Json();
        var command = new Command("import",
            "Merges the channels of a file, or those that Telegram holds to be similar, into CHANNELS_FILE.")
        { file, similar, category, format, dryRun, json }.WithExamples(
            "heat channels import channels.csv --dry-run",
            "heat channels import links.txt --category Science",
            "heat channels import --similar --dry-run",
            "curl -s https://example.org/list.ndjson | heat channels import - --format ndjson");
        command.Validators.Add(parsed =>
        {
            var isSimilar = parsed.GetResult(similar) is not null;
            if (isSimilar == parsed.GetResult(file)?.Tokens.Count > 0)
                parsed.AddError("Name a file, - for standard input, or --similar; one of them.");
            if (isSimilar && (parsed.GetResult(category) is not null || parsed.GetResult(format) is not null))
                parsed.AddError("--category and --format belong to a file; similar channels take the category of the "
                    + "channel that they are like.");
        });
        command.SetAction(async (parsed, _) =>
        {
            var settings = Settings.Load();
            var isDry = parsed.GetValue(dryRun);
            MergeSession.CheckTarget(settings.ChannelsFile, isDry);
            using var interruption = new Interruption();
            var session = parsed.GetValue(file) is not { } path
                ? await MergeSimilarAsync(settings, isDry, terminal, library, interruption.Token)
                : await MergeFileAsync(
                    path, parsed.GetValue(format), parsed.GetValue(category), settings, isDry, terminal,
                    interruption.Token);
            return MergeView.Tell(session.Answer, parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static async Task<MergeSession> MergeFileAsync(
        string path, ImportFormat? format, string? category, Settings settings, bool isDry, Terminal terminal,
        CancellationToken stop)
    {
        using var view = new ImportProgressView(terminal, TimeProvider.System, LengthOf(path));
        var isStandard = path == Standard;
        var source = new FileSource(isStandard ? "stdin" : path, isStandard ? Console.OpenStandardInput : null)
        {
            Format = format,
            Category = category,
            OnProgress = view.Take,
        };
        var session = new MergeSession(source, settings.ChannelsFile, isDry);
        await session.RunAsync(stop);
        return session;
    }

    private static async Task<MergeSession> MergeSimilarAsync(
        Settings settings, bool isDry, Terminal terminal, LibraryLoader library, CancellationToken stop)
    {
        // What real accounts do is counted in the database; the sandbox needs none.
        await using var services = HeatServices.Build(settings, StoreUse.Write, library);
        var pool = services.GetRequiredService<ChannelPoolFile>().Current;
        var source = new SimilarChannels(services.GetRequiredService<ITelegram>(), pool, TimeProvider.System);
        var session = new MergeSession(source, settings.ChannelsFile, isDry);
        return await terminal.WhileAsync("asking Telegram for similar channels …", async () =>
        {
            await session.RunAsync(stop);
            return session;
        });
    }

    private static long? LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : null;
}
