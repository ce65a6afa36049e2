using System.CommandLine;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions.Sqlite;
using Spectre.Console;

namespace Heat.Commands;

/// <summary><c>heat db</c>: the database itself.</summary>
internal static class DbCommand
{
    /// <summary>Stands for standard input or output.</summary>
    private const string Standard = "-";

    public static Command Build(Terminal terminal) =>
        new("db", "Looks after the database: makes, cleans, exports, imports, backs up.")
        {
            Init(terminal),
            CleanUp(terminal),
            Export(terminal),
            Import(terminal),
            BackUp(terminal),
        };

    private static Command Init(Terminal terminal)
    {
        var command = new Command("init", "Makes the database, or the tables that are missing in it. Safe to repeat.")
            .WithExamples("heat db init", "DATABASE_PATH=/var/lib/heat/sessions.db heat db init");
        command.SetAction(async (_, _) =>
        {
            var settings = Settings.Load();
            await using var services = HeatServices.Build(settings, StoreUse.Write);
            services.GetRequiredService<ISessionStore>();
            terminal.Out.MarkupLineInterpolated($"{settings.Database} is ready.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CleanUp(Terminal terminal)
    {
        var days = new Option<int?>("--days")
        {
            Description = $"Keep this many days, {Days.Min} to {Days.Max} (default: SESSION_HISTORY_DAYS)",
            CustomParser = result => Days.TryParse(result.Tokens[0].Value, out var read)
                ? read
                : Options.Wrong<int?>(result, $"--days is a whole number from {Days.Min} to {Days.Max}"),
        };
        var trust = new Option<bool>("--trust-clock")
        {
            Description = "The clock is right, though it is far from the last remembered time",
        };
        var command = new Command("cleanup",
            "Removes the history that is older than it is kept. The service does it once a day.")
        { days, trust }.WithExamples("heat db cleanup", "heat db cleanup --days 7");
        command.SetAction(async (parsed, _) =>
        {
            var settings = Settings.Load();
            var kept = parsed.GetValue(days) ?? settings.SessionHistoryDays;
            using var interruption = new Interruption();
            await using var services = HeatServices.Build(settings, StoreUse.Ask);
            var retention = services.GetRequiredService<HistoryRetention>();
            var (removed, refusal) = await terminal.WhileAsync("removing …", () => retention.RemoveAsync(
                kept, parsed.GetValue(trust), isAwaited: true, interruption.Token).AsTask());
            if (refusal is not null)
            {
                terminal.Complain(refusal);
                return ExitCode.Failed;
            }
            if (retention.Notice is { } notice) terminal.Warn(notice);
            terminal.Out.MarkupLineInterpolated(
                $"Removed {Counted.Of(removed, "action")} older than {Counted.Of(kept, "day")}; memberships stay.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var file = File("Where to, or - for standard output");
        var force = Force();
        var command = new Command("export",
            "Writes all that is remembered as lines of JSON, for 'heat db import' or for looking into.")
        { file, force }.WithExamples(
            "heat db export sessions.ndjson",
            "heat db export - | gzip > sessions.ndjson.gz");
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            var settings = Settings.Load();
            if (path != Standard) TargetFile.Check(path, parsed.GetValue(force), settings.DatabasePath);
            using var interruption = new Interruption();
            await using var services = HeatServices.Build(settings, StoreUse.Ask);
            var store = services.GetRequiredService<IArchivable>();
            var report = path == Standard
                ? await SessionArchive.ExportAsync(store, StandardStream.Answer(), interruption.Token)
                : await terminal.WhileAsync("exporting …", () => TargetFile.WriteAsync(
                    path, to => SessionArchive.ExportAsync(store, to, interruption.Token)));
            foreach (var reason in report.Skipped) terminal.Warn($"skipped: {reason}");
            var skipped = report.SkippedCount == 0 ? "" : $"; {report.SkippedCount:N0} skipped that can't be read";
            terminal.Error.MarkupLineInterpolated($"Exported {Counted.Of(report.Written, "record")}{skipped}.");
            return report.SkippedCount == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Import(Terminal terminal)
    {
        var file = File("What to import, or - for standard input");
        var json = Options.Json();
        var command = new Command("import",
            "Adds what an export holds and the database doesn't; repeating it changes nothing. "
            + "Lines of one's own are taken too: session_id, action_type, action_data, timestamp.")
        { file, json }.WithExamples(
            "heat db import sessions.ndjson",
            "zcat sessions.ndjson.gz | heat db import -");
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            using var interruption = new Interruption();
            await using var from = path == Standard ? Console.OpenStandardInput() : System.IO.File.OpenRead(path);
            await using var services = HeatServices.Build(Settings.Load(), StoreUse.Write);
            var store = services.GetRequiredService<IArchivable>();
            var report = await terminal.WhileAsync(
                "importing …",
                () => SessionArchive.ImportAsync(store, from, TimeProvider.System, interruption.Token));
            if (parsed.GetValue(json)) terminal.WriteJson(report, ApiJson.Readable.ImportReport);
            else Show(report, terminal);
            return report.RefusedCount == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command BackUp(Terminal terminal)
    {
        var file = File("The copy");
        var force = Force();
        var command = new Command("backup",
            "Copies the database while it is in use. The copy appears whole or not at all.")
        { file, force }.WithExamples(
            "heat db backup sessions-backup.db",
            "heat db backup /backups/sessions.db --force");
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            var settings = Settings.Load();
            if (settings.DatabaseUrl is { } address)
            {
                terminal.Complain($"{address.Place} is backed up by PostgreSQL's own tools: "
                    + "pg_dump --format=custom --file=heat-up.dump \"$DATABASE_URL\"; pg_restore brings it back.");
                return ExitCode.Failed;
            }
            TargetFile.Check(path, parsed.GetValue(force), settings.DatabasePath);
            using var interruption = new Interruption();
            await using var services = HeatServices.Build(settings, StoreUse.Ask);
            var store = services.GetRequiredService<SqliteSessionStore>();
            await terminal.WhileAsync("copying …", () => Task.Run(() =>
            {
                store.BackUp(path, parsed.GetValue(force), interruption.Token);
                return true;
            }));
            terminal.Out.MarkupLineInterpolated($"Copied to {path} ({new FileInfo(path).Length / 1e6:N1} MB).");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(ImportReport report, Terminal terminal)
    {
        foreach (var refused in report.Refused) terminal.Warn($"line {refused.Line}: {refused.Reason}");
        if (report.RefusedCount > report.Refused.Count)
            terminal.Warn($"… and {Counted.Of(report.RefusedCount - report.Refused.Count, "line")} more");
        var (read, added, there) = (Counted.Of(report.Read, "record"), report.Added, report.AlreadyThere);
        terminal.Out.MarkupLineInterpolated(
            $"Read {read}: {added:N0} added, {there:N0} there already, {report.RefusedCount:N0} refused.");
    }

    private static Argument<string> File(string description) => new("file")
    {
        Description = description,
        CustomParser = result => result.Tokens[0].Value is { Length: > 0 } path
            ? path
            : Options.Wrong<string>(result, "the name of a file is needed"),
    };

    private static Option<bool> Force() => new("--force") { Description = "Replace a file that is there" };
}
