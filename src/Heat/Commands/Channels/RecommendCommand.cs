using System.CommandLine;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Reports;
using Heat.Shell;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands.Channels;

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
            await using var services = HeatServices.Build(Settings.Load(), StoreUse.Ask);
            foreach (var warning in services.GetRequiredService<ChannelPoolFile>().Warnings) terminal.Warn(warning);
            var answer = await AskAsync(
                services, parsed.GetValue(session), parsed.GetValue(count), terminal, cancellation);
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.RecommendationsAnswer);
            else Show(answer, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<RecommendationsAnswer> AskAsync(
        IServiceProvider services, SessionId session, int count, Terminal terminal, CancellationToken cancellation)
    {
        var (store, recommender) =
            (services.GetRequiredService<ISessionStore>(), services.GetRequiredService<Recommender>());
        recommender.Model = await terminal.WhileAsync("Weighing what sessions follow…", async () =>
        {
            var interactions = await RecommendationModels.InteractionsOfAsync(store, cancellation);
            return await Task.Run(
                () => RecommendationModel.Of(interactions, Environment.ProcessorCount), cancellation);
        });
        return await Recommending.AskAsync(
            recommender, store, services.GetRequiredService<ChannelPoolFile>().Current, session, count, cancellation);
    }

    private static void Show(RecommendationsAnswer answer, Terminal terminal)
    {
        var rows = new RowsView(
            new("place", IsNumber: true), new("channel"), new("score", IsNumber: true), new("why", Wraps: true));
        foreach (var (index, one) in answer.Recommendations.Index())
            rows.Add(Cell.Of(index + 1), one.ChannelUsername, $"{one.Score:F3}", one.Reason);
        if (answer.Count > 0) rows.Write(terminal);
        if (answer.Note is { } note) terminal.Remark(note);
        var model = answer.Model;
        var (sessions, channels) = (Counted.Of(model.Sessions, "session"), Counted.Of(model.Channels, "channel"));
        terminal.Remark($"Learned from {sessions} and {channels}");
    }
}
