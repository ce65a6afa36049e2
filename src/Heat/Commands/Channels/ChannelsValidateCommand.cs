using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Heat.Commands.Channels;

/// <summary><c>heat channels validate</c>, and what it has taken out of the pool.</summary>
internal static class ChannelsValidateCommand
{
    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var limit = Options.Count(
            "--limit", "Look up at most this many, the longest unchecked first", ChannelFile.ChannelsMax,
            ChannelFile.ChannelsMax);
        var dryRun = new Option<bool>("--dry-run") { Description = "Look up and tell, but write nothing" };
        var json = Options.Json();
        var command = new Command("validate",
            "Looks up every channel of CHANNELS_FILE on Telegram. What is gone, private, renamed, restricted or no "
            + "channel leaves the pool, and comes back when it is valid again.")
        { limit, dryRun, json }.WithExamples(
            "heat channels validate",
            "heat channels validate --limit 20 --dry-run",
            "heat channels validate --json");
        command.SetAction((parsed, _) => RunAsync(
            new ValidationOptions { Limit = parsed.GetValue(limit), IsDryRun = parsed.GetValue(dryRun) },
            parsed.GetValue(json), terminal, library));
        return command;
    }

    /// <summary><c>heat channels list --invalid</c>.</summary>
    public static int ListInvalid(ChannelPoolFile file, string? category, bool json, Terminal terminal)
    {
        var channels = file.Entries
            .Where(entry => category is null
                || entry.Channel.Category.Equals(category, StringComparison.OrdinalIgnoreCase))
            .Select(InvalidChannelAnswer.Of).OfType<InvalidChannelAnswer>().ToList();
        if (json)
            terminal.WriteJson(
                new InvalidChannelsAnswer(channels.Count, channels), ApiJson.Readable.InvalidChannelsAnswer);
        else if (channels.Count == 0) terminal.Out.WriteLine("No channel is out of the pool.");
        else Show(channels, terminal);
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(
        ValidationOptions options, bool json, Terminal terminal, LibraryLoader library)
    {
        var settings = Settings.Load();
        using var interruption = new Interruption();
        // What real accounts do is counted in the database; the sandbox needs none.
        await using var services = HeatServices.Build(settings, StoreUse.Write, library);
        foreach (var warning in services.GetRequiredService<ChannelPoolFile>().Warnings) terminal.Warn(warning);
        var desk = services.GetRequiredService<ValidationDesk>();
        try
        {
            var answer = await CheckAsync(desk, options, terminal, interruption.Token);
            if (answer is null)
            {
                terminal.Complain(
                    $"A check of {settings.ChannelsFile.Path} goes on in another process. Wait for its end.");
                return ExitCode.Failed;
            }
            if (json) terminal.WriteJson(answer, ApiJson.Readable.ValidationAnswer);
            else Show(answer, terminal);
            if (answer.Reason is { } reason) terminal.Complain(reason);
            return answer.Reason is null ? ExitCode.Done : ExitCode.Failed;
        }
        catch (ChannelFileException failure)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<ValidationAnswer?> CheckAsync(
        ValidationDesk desk, ValidationOptions options, Terminal terminal, CancellationToken cancellation)
    {
        using var progress = new ValidationProgressView(terminal, TimeProvider.System);
        return await desk.RunAsync(options, progress.Take, cancellation);
    }

    private static void Show(ValidationAnswer answer, Terminal terminal)
    {
        var console = terminal.Out;
        if (answer.Invalid.Count > 0) Show(answer.Invalid, terminal);
        if (answer.BackAgain.Count > 0)
            console.MarkupLineInterpolated($"Back in the pool: {string.Join(", ", answer.BackAgain)}");
        var verb = answer.DryRun ? "would leave" : "left";
        var checkedCount = Counted.Of(answer.Checked, "channel");
        var rest = $"{answer.BackAgain.Count} back in it, {answer.StillInvalid} still out, "
            + $"{answer.Recounted} with another count, {answer.Undecided} undecided";
        console.MarkupLineInterpolated($"Looked up {checkedCount}: {answer.Invalid.Count} {verb} the pool, {rest}.");
    }

    private static void Show(IReadOnlyList<InvalidChannelAnswer> channels, Terminal terminal)
    {
        var rows = new RowsView(new("channel"), new("why"), new("since"), new("more", Wraps: true));
        foreach (var channel in channels)
            rows.Add(
                channel.Username, channel.Reason.Replace('_', ' '),
                channel.Since is { } since ? $"{since.UtcDateTime:yyyy-MM-dd}" : new Cell("[grey]unknown[/]", ""),
                channel.Detail);
        rows.Write(terminal);
    }
}
