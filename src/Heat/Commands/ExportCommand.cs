using System.CommandLine;
using System.Globalization;
using Heat.Api;
using Heat.Configuration;
using Heat.Exports;
using Heat.Shell;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Simulations;

namespace Heat.Commands;

/// <summary><c>heat export</c>: what is remembered as tables, for a notebook.</summary>
internal static class ExportCommand
{
    private const int BarWidth = 20;

    public static Command Build(Terminal terminal)
    {
        var path = new Argument<string?>("path")
        {
            Description = "The folder of a run, or a database (default: DATABASE_URL or DATABASE_PATH)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var formats = Enum.GetValues<ExportFormat>().ToDictionary(format => format, format => new Option<string?>(
            $"--{format.Word()}")
        { Description = $"The folder for the tables as {NameOf(format)}", HelpName = "folder" });
        var force = new Option<bool>("--force") { Description = "Replace tables that are there" };
        var json = Options.Json();
        var command = new Command("export",
            "Writes what is remembered as tables for a notebook: "
            + $"{string.Join(", ", Tables.All.Select(table => table.Name))}. The source is only read. docs/data.md "
            + "describes each column. ('heat db export' writes what 'heat db import' takes in again.)")
        { path, force, json }.WithExamples(
            "heat export runs/a --parquet tables     a simulation's",
            "heat export --csv tables                the service's own database's");
        foreach (var option in formats.Values) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var chosen = formats.Where(format => parsed.GetValue(format.Value) is { Length: > 0 }).ToList();
            if (chosen is not [var (format, folder)])
            {
                terminal.Complain("Say one format and a folder for the tables: --parquet, --csv or --ndjson FOLDER.");
                return ExitCode.WrongUse;
            }
            using var interruption = new Interruption();
            using var reader = Open(parsed.GetValue(path), terminal);
            await using var export = Export.Begin(parsed.GetValue(folder)!, format, parsed.GetValue(force));
            var unreadable = 0;
            var tables = await Task.Run(() => WriteAsync(export, reader, terminal, reason =>
            {
                if (++unreadable <= SessionArchive.SkippedMax) terminal.Warn($"skipped: {reason}");
            }, interruption.Token));
            if (parsed.GetValue(json)) terminal.WriteJson([.. tables], ApiJson.Readable.ExportedTableArray);
            else Show(tables, terminal);
            if (unreadable > 0) terminal.Warn($"{Counted.Of(unreadable, "sitting")} left out that can't be read");
            return unreadable == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string NameOf(ExportFormat format) => format switch
    {
        ExportFormat.Parquet => "Parquet",
        ExportFormat.Csv => "CSV",
        _ => "a JSON object a line",
    };

    private static IHistoryReader Open(string? path, Terminal terminal)
    {
        var settings = Settings.Load();
        var isFolder = path is not null && (RunFolder.IsRun(path) || Directory.Exists(path));
        if (!isFolder) return HistorySource.Open(path, settings);
        using var folder = RunFolder.Read(path!);
        if (folder.ReadManifest() is { Status: not RunFolderStatus.Complete } manifest)
            terminal.Warn(
                $"The run in {folder.Path} is not complete: these are its rows until "
                + $"{manifest.Reached.UtcDateTime:yyyy-MM-dd HH:mm}, without memberships.");
        return HistorySource.Open(folder.HistoryPath, settings);
    }

    private static async Task<IReadOnlyList<ExportedTable>> WriteAsync(
        Export export, IHistoryReader reader, Terminal terminal, Action<string> onUnreadable, CancellationToken stop)
    {
        var sizes = reader.Sizes();
        var total = Math.Max(1, sizes.Actions + sizes.Runs + sizes.Follows);
        using var line = new ProgressLine(terminal, TimeProvider.System, () => Bar(export.RowsRead, total, terminal));
        return await export.WriteAsync(reader, onUnreadable, stop);
    }

    private static string Bar(long read, long total, Terminal terminal)
    {
        var share = Math.Min(1, (double)read / total);
        var full = (int)(share * BarWidth);
        var (done, left) = terminal.IsAscii ? ('#', '.') : ('█', '░');
        return read == 0 ? "sorting the sessions …" : string.Create(CultureInfo.InvariantCulture,
            $"{new string(done, full)}{new string(left, BarWidth - full)} {share,4:P0}  {Counted.Of(read, "row")}");
    }

    private static void Show(IReadOnlyList<ExportedTable> tables, Terminal terminal)
    {
        var rows = new RowsView(new("table"), new("rows", IsNumber: true), new("MB", IsNumber: true), new("file"));
        foreach (var table in tables)
            rows.Add(table.Table, Cell.Of(table.Rows),
                string.Create(CultureInfo.InvariantCulture, $"{table.Bytes / 1e6:0.0##}"), table.File);
        rows.Write(terminal);
    }
}
