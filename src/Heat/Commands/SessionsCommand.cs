using System.CommandLine;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Sessions;
using Spectre.Console;

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
            var sessions = new List<SessionAnswer>();
            await foreach (var activity in store.ActiveSessionsAsync(window.Since, cancellation))
                sessions.Add(SessionAnswer.Of(activity));
            var answer = new SessionsAnswer(window.Days ?? Days.Max, sessions.Count, sessions);
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.SessionsAnswer);
            else if (answer.Count > 0) Show(answer, window, terminal.Out);
            else
            {
                var times = await store.TimesAsync(DateTimeOffset.MaxValue, cancellation);
                terminal.Out.WriteLine($"No session did anything {window.Text}. " + (times.Newest is { } newest
                    ? Window.Elsewhere(newest, "heat sessions")
                    : "Start with 'heat warmup alice'."));
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(SessionsAnswer answer, Window window, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().AddColumns("session", "actions", "last activity");
        table.Columns[1].RightAligned();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var session in answer.Sessions)
        {
            var last = session.LastActivity;
            table.AddRow(
                Markup.Escape(ForeignText.Clean(session.SessionId, SessionId.LengthMax)),
                $"{session.TotalActions}",
                $"{last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC [grey]({Ago.Of(now - last)})[/]");
        }
        console.Write(table);
        console.MarkupLineInterpolated(
            $"[grey]{Counted.Of(answer.Count, "session")} {window.Text}[/]");
    }
}
