using System.CommandLine;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Sessions;

namespace Heat.Commands;

/// <summary><c>heat sessions</c>: who did something lately.</summary>
internal static class SessionsCommand
{
    public static Command Build(Terminal terminal)
    {
        var days = Options.DaysBack();
        var json = Options.Json();
        var command = new Command("sessions", "Lists the sessions that did something lately.")
        { days, json }.WithExamples(
            "heat sessions",
            "heat sessions --days 7 --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var services = HeatServices.Build(Settings.Load(), StoreUse.Ask);
            var store = services.GetRequiredService<ISessionStore>();
            var window = await Window.OfAsync(store, parsed.GetValue(days), cancellation);
            var active = store.ActiveSessionsAsync(window.Since, cancellation);
            if (parsed.GetValue(json))
                await terminal.WriteJsonAsync(
                    SessionsAnswer.Of(window.Days ?? Days.Max, active), ApiJson.Readable.SessionsAnswer, cancellation);
            else if (await active.ToListAsync(cancellation) is { Count: > 0 } sessions)
                Show(sessions, window, terminal);
            else
            {
                var times = await store.TimesAsync(DateTimeOffset.MaxValue, cancellation);
                terminal.WriteLine($"No session did anything {window.Text}. " + (times.Newest is { } newest
                    ? Window.Elsewhere(newest, "heat sessions")
                    : "Start with 'heat warmup alice'."));
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(List<SessionActivity> sessions, Window window, Terminal terminal)
    {
        var rows = new RowsView(new("session"), new("actions", IsNumber: true), new("last activity"));
        var now = TimeProvider.System.GetUtcNow();
        foreach (var session in sessions)
            rows.Add(
                ForeignText.Clean(session.Session, SessionId.LengthMax), Cell.Of(session.Actions),
                Cell.Of(session.LastActivity, Ago.Of(now - session.LastActivity)));
        rows.Write(terminal);
        terminal.Remark($"{Counted.Of(sessions.Count, "session")} {window.Text}");
    }
}
