using System.CommandLine;
using Heat.Api;
using Heat.Configuration;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Heat.Commands;

/// <summary><c>heat recommend</c>: what may suit a session.</summary>
internal static class RecommendCommand
{
    public static Command Build(Terminal terminal)
    {
        var session = Options.Session();
        var count = Options.Count(
            "--count", "How many channels at most", Recommending.CountDefault, Recommending.CountMax);
        var json = Options.Json();
        var command = new Command("recommend", "Recommends channels of the pool to a session, each with a reason.")
        { session, count, json }.WithExamples(
            "heat recommend alice",
            "heat recommend alice --count 3 --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Settings.Load();
            var file = new ChannelPoolFile(
                settings.ChannelsFile, TimeProvider.System, NullLogger<ChannelPoolFile>.Instance);
            foreach (var warning in file.Warnings) terminal.Warn(warning);
            var answer = await AskAsync(
                settings, file.Current, parsed.GetValue(session), parsed.GetValue(count), terminal, cancellation);
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.RecommendationsAnswer);
            else Show(answer, terminal.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<RecommendationsAnswer> AskAsync(
        Settings settings, ChannelPool pool, SessionId session, int count, Terminal terminal,
        CancellationToken cancellation)
    {
        await using var store = await Store.OpenExistingAsync(settings);
        var recommender = new Recommender();
        recommender.Model = await terminal.WhileAsync("Weighing what sessions follow…", async () =>
        {
            var interactions = await Recommending.InteractionsOfAsync(store, cancellation);
            return await Task.Run(
                () => RecommendationModel.Of(interactions, Environment.ProcessorCount), cancellation);
        });
        return await Recommending.AskAsync(recommender, store, pool, session, count, cancellation);
    }

    private static void Show(RecommendationsAnswer answer, IAnsiConsole console)
    {
        if (answer.Count > 0)
        {
            var table = new Table().RoundedBorder().AddColumns("", "channel", "score", "why");
            foreach (var narrow in table.Columns.SkipLast(1)) narrow.NoWrap().RightAligned();
            table.Columns[1].LeftAligned();
            foreach (var (index, one) in answer.Recommendations.Index())
                table.AddRow($"{index + 1}", Markup.Escape(one.ChannelUsername), $"{one.Score:F3}",
                    Markup.Escape(one.Reason));
            console.Write(table);
        }
        if (answer.Note is { } note) console.MarkupLineInterpolated($"{note}");
        var model = answer.Model;
        var (sessions, channels) = (Counted.Of(model.Sessions, "session"), Counted.Of(model.Channels, "channel"));
        console.MarkupLineInterpolated($"[grey]Learned from {sessions} and {channels}[/]");
    }
}
