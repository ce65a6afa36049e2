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
            var back = parsed.GetValue(days);
            var answer = await ActiveAsync(back, cancellation);
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.SessionsAnswer);
            else Show(answer, terminal.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<SessionsAnswer> ActiveAsync(int days, CancellationToken cancellation)
    {
        await using var services = HeatServices.Build(Settings.Load(), StoreUse.Ask);
        var store = services.GetRequiredService<ISessionStore>();
        var since = TimeProvider.System.GetUtcNow().AddDays(-days);
        var sessions = new List<SessionAnswer>();
        await foreach (var activity in store.ActiveSessionsAsync(since, cancellation))
            sessions.Add(SessionAnswer.Of(activity));
        return new SessionsAnswer(days, sessions.Count, sessions);
    }

    private static void Show(SessionsAnswer answer, IAnsiConsole console)
    {
        if (answer.Count == 0)
        {
            var days = Counted.Of(answer.Days, "day");
            console.MarkupLineInterpolated(
                $"No session did anything in the last {days}. Start with 'heat warmup alice'.");
            return;
        }
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
            $"[grey]{Counted.Of(answer.Count, "session")} in the last {Counted.Of(answer.Days, "day")}[/]");
    }
}
