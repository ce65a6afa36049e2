using System.CommandLine;
using Heat.Accounts;
using Heat.Api;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Channels;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands.Channels;

/// <summary><c>heat channels</c>: what plans may use.</summary>
internal static class ChannelsCommand
{
    public static Command Build(Terminal terminal, LibraryLoader library)
    {
        var list = List(terminal);
        var command = new Command("channels",
            "Shows the pool, the channels that plans may use, and brings new ones into it. "
            + "Without a command it lists them, like 'heat channels list'.")
        {
            list,
            ChannelsFetchCommand.Build(terminal),
            ChannelsImportCommand.Build(terminal, library),
            ChannelsValidateCommand.Build(terminal, library),
            EvaluateCommand.Build(terminal),
        }.WithExamples(
            "heat channels                         all of them",
            "heat channels list --category science",
            "heat channels import channels.csv --dry-run");
        foreach (var option in list.Options) command.Options.Add(option);
        command.Action = list.Action;
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var category = new Option<string?>("--category") { Description = "Only this category, such as Science" };
        var invalid = new Option<bool>("--invalid") { Description = "Only what is out of the pool, and why" };
        var json = Options.Json();
        var command = new Command("list",
            "Lists the pool: @durov, @telegram and the channels of CHANNELS_FILE, or those that come along.")
        { category, invalid, json }.WithExamples(
            "heat channels list",
            "heat channels list --invalid",
            "heat channels list --category science --json");
        command.SetAction(parsed =>
        {
            var settings = Settings.Load();
            var file = new ChannelPoolFile(
                settings.ChannelsFile, TimeProvider.System, NullLogger<ChannelPoolFile>.Instance);
            foreach (var warning in file.Warnings) terminal.Warn(warning);
            if (parsed.GetValue(invalid))
                return ChannelsValidateCommand.ListInvalid(
                    file, parsed.GetValue(category), parsed.GetValue(json), terminal);
            var answer = ChannelsAnswer.Of(file);
            if (parsed.GetValue(category) is { } wanted && !TryKeep(wanted, ref answer))
            {
                terminal.Complain(
                    $"The pool has no category '{wanted}'. It has {string.Join(", ", answer.Categories)}.");
                return ExitCode.Failed;
            }
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.ChannelsAnswer);
            else Show(answer, file.FullPath, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static bool TryKeep(string category, ref ChannelsAnswer answer)
    {
        var kept = answer.Channels
            .Where(channel => channel.Category.Equals(category, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (kept.Count == 0) return false;
        answer = answer with { Count = kept.Count, Categories = [kept[0].Category], Channels = kept };
        return true;
    }

    private static void Show(ChannelsAnswer answer, string path, Terminal terminal)
    {
        var rows = new RowsView(
            new("channel"), new("category"), new("subscribers", IsNumber: true), new("about", Wraps: true));
        foreach (var channel in answer.Channels)
            rows.Add(
                channel.Username, channel.Category,
                channel.Subscribers is { } count ? Cell.Of(count) : new Cell("[grey]unknown[/]", ""),
                channel.Description);
        rows.Write(terminal);
        var categories = Counted.Of(answer.Categories.Count, "category", "categories");
        terminal.Remark($"{Counted.Of(answer.Count, "channel")} in {categories}");
        terminal.Remark(answer.File is null
            ? $"Channels file: none, these come along; 'heat channels import' and 'fetch' write {path}"
            : $"Channels file: {path}");
        if (answer.Invalid > 0)
            terminal.Remark($"{Counted.Of(answer.Invalid, "more", "more")} out of the pool: see --invalid");
    }
}
