using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Primitives;
using HeatUp.Sessions;
using Spectre.Console;

namespace Heat.Commands;

/// <summary><c>heat history</c>: what a session did.</summary>
internal static class HistoryCommand
{
    private const int CellMax = 400;

    public static Command Build(Terminal terminal)
    {
        var session = Options.AnySession();
        var days = Options.DaysBack();
        var json = Options.Json();
        var command = new Command("history", "Shows what a session did, the newest first.")
        { session, days, json }.WithExamples(
            "heat history alice",
            "heat history alice --days 7 --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = HeatServices.Build(Settings.Load(), StoreUse.Ask);
            var store = services.GetRequiredService<ISessionStore>();
            var window = await Window.OfAsync(store, parsed.GetValue(days), cancellation);
            var history = await SessionHistory.ReadAsync(
                store, parsed.GetValue(session), window.Since, cancellation);
            if (history.Summary.IsNew && Options.ProblemOf(parsed.GetValue(session)) is { } problem)
            {
                terminal.Complain($"Nothing is remembered under this name. {problem}");
                return ExitCode.WrongUse;
            }
            if (parsed.GetValue(json)) terminal.WriteJson(history, ApiJson.Readable.SessionHistory);
            else Show(history, window, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(SessionHistory history, Window window, Terminal terminal)
    {
        var (id, summary) = (history.SessionId, history.Summary);
        if (summary.IsNew)
        {
            terminal.Out.MarkupLineInterpolated(
                $"Nothing is remembered of [bold]{id}[/]. 'heat warmup {id}' gives it its first sitting.");
            return;
        }
        var rows = new RowsView(
            new("when (UTC)"), new("action"), new("channel"), new("s", IsNumber: true), new("reason", Wraps: true));
        foreach (var action in history.History) rows.Add([.. Cells(action).Select(Shown)]);
        if (history.History.Count > 0) rows.Write(terminal);
        var last = summary.LastActivity is { } time
            ? $"; last active {Ago.Of(TimeProvider.System.GetUtcNow() - time)}"
            : "";
        var (name, actions) = (ForeignText.Clean(id, CellMax), Counted.Of(summary.TotalActions, "action"));
        terminal.Remark($"{name}: {actions} {window.Text}{last}");
        if (history.History.Count == 0 && summary.LastActivity is { } newest)
            terminal.Remark(Window.Elsewhere(newest, $"heat history {name}"));
        if (window.Days is not null && Ahead(history) is { } notice) terminal.Warn(notice);
        if (summary.JoinedChannels.Count > 0)
            terminal.Remark($"joined {string.Join(", ", summary.JoinedChannels)}");
    }

    private static string? Ahead(SessionHistory history)
    {
        var bound = TimeProvider.System.GetUtcNow() + ClockLimits.AheadMax;
        var ahead = history.History.Where(action =>
            DateTimeOffset.TryParse(action.Timestamp, CultureInfo.InvariantCulture, out var at) && at > bound).ToList();
        return ahead is [.., var first]
            ? HistoryRetention.Ahead(first.Id, history.SessionId, first.Timestamp!, ahead.Count)
            : null;
    }

    private static IEnumerable<string> Cells(HistoryAction action) =>
    [
        action.Timestamp is { Length: > 19 } time ? time[..19].Replace('T', ' ') : action.Timestamp ?? "",
        action.ActionType,
        Field(action.ActionData, "channel_username"),
        Field(action.ActionData, "duration_seconds"),
        action.ActionData.ValueKind == JsonValueKind.Object
            ? Field(action.ActionData, "reason")
            : action.ActionData.ToString(),
    ];

    // Another program may have written the row: what a terminal would take for a command must not reach it.
    private static Cell Shown(string text) => ForeignText.Clean(text, CellMax);

    private static string Field(JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var field) ? field.ToString() : "";
}
