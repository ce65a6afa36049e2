using System.CommandLine;
using HeatUp.Channels;
using HeatUp.Channels.Sources;

namespace Heat.Commands;

/// <summary><c>heat channels import</c>: takes channels out of a file.</summary>
internal static class ChannelsImportCommand
{
    /// <summary>Stands for standard input.</summary>
    private const string Standard = "-";

    private static readonly (string Word, ImportFormat Format)[] Formats =
    [
        ("csv", ImportFormat.Csv), ("json", ImportFormat.Json), ("ndjson", ImportFormat.Ndjson),
        ("links", ImportFormat.Links),
    ];

    private static readonly string Words = string.Join(", ", Formats.Select(one => one.Word));

    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "A list of channels: CSV, JSON, NDJSON, or a text with t.me links; - for standard input",
            CustomParser = result => result.Tokens[0].Value is { Length: > 0 } path
                ? path
                : Options.Wrong<string>(result, "the name of a file is needed"),
        };
        var category = new Option<string?>("--category") { Description = "The category of channels that name none" };
        var format = new Option<ImportFormat?>("--format")
        {
            Description = $"How to read it: {Words} (default: by its name and its beginning)",
            CustomParser = result =>
                Array.Find(Formats, one => one.Word == result.Tokens[0].Value) is { Word: not null } one
                    ? one.Format
                    : Options.Wrong<ImportFormat?>(result, $"--format is one of {Words}"),
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what it would do, and write nothing" };
        var json = Options.Json();
        var command = new Command("import", "Merges the channels of a file into CHANNELS_FILE.")
        { file, category, format, dryRun, json }.WithExamples(
            "heat channels import channels.csv --dry-run",
            "heat channels import links.txt --category Science",
            "curl -s https://example.org/list.ndjson | heat channels import - --format ndjson");
        command.SetAction(async (parsed, _) =>
        {
            var settings = Settings.Load();
            MergeSession.CheckTarget(settings.ChannelsFile);
            var path = parsed.GetValue(file)!;
            using var interruption = new Interruption();
            using var view = new ImportProgressView(terminal, TimeProvider.System, LengthOf(path));
            var isStandard = path == Standard;
            var source = new FileSource(isStandard ? "stdin" : path, isStandard ? Console.OpenStandardInput : null)
            {
                Format = parsed.GetValue(format),
                Category = parsed.GetValue(category),
                OnProgress = view.Take,
            };
            var session = new MergeSession(source, settings.ChannelsFile, parsed.GetValue(dryRun));
            await session.RunAsync(interruption.Token);
            view.Dispose();
            return MergeView.Tell(session.Answer, parsed.GetValue(json), terminal);
        });
        return command;
    }

    private static long? LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : null;
}
