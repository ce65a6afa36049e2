using System.Globalization;
using Heat.Api;
using Heat.Reports;
using Heat.Shell;
using Spectre.Console;

namespace Heat.Commands.Channels;

/// <summary>What a fetch or an import did, for people or programs.</summary>
internal static class MergeView
{
    private const int NamesMax = 8;

    /// <summary>Tells it, and answers the exit code: failed if any part failed, though the others are kept.</summary>
    public static int Tell(MergeAnswer answer, bool asJson, Terminal terminal)
    {
        if (asJson) terminal.WriteJson(answer, ApiJson.Readable.MergeAnswer);
        else Show(answer, terminal);
        var failed = answer.Parts.Where(part => part.Failure is not null).ToList();
        foreach (var part in failed)
            terminal.Complain(answer.Calls is null ? part.Failure! : $"{part.Title}: {part.Failure}");
        if (answer.Stopped) terminal.Complain("Stopped before it was done. What came before is kept.");
        return failed.Count == 0 && !answer.Stopped ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(MergeAnswer answer, Terminal terminal)
    {
        foreach (var part in answer.Parts)
            foreach (var remark in part.Remarks)
                terminal.Warn($"{part.Title}: {remark}");
        if (answer.Parts.Any(part => part.Failure is null)) ShowTable(answer, terminal);
        foreach (var part in answer.Parts) ShowNames(part, terminal.Out);
        ShowPassedOver(answer, terminal.Out);
        terminal.Out.MarkupLineInterpolated($"{EndOf(answer)}");
        if (answer.Calls is { } calls)
            terminal.Out.MarkupLineInterpolated(CultureInfo.InvariantCulture,
                $"{Counted.Of(calls.Made, "call")} made; {calls.Left:N0} of {calls.Limit:N0} in 30 days left.");
    }

    private static void ShowTable(MergeAnswer answer, Terminal terminal)
    {
        var rows = new RowsView(
            new(answer.Calls is null ? "from" : "category"), new("found", IsNumber: true), new("new", IsNumber: true),
            new("changed", IsNumber: true), new("not found any more", IsNumber: true));
        foreach (var part in answer.Parts)
            if (part.Failure is not null)
                rows.Add(part.Title, new Cell("[red]failed[/]", "failed"), "", "", "");
            else
                rows.Add(part.Title, Cell.Of(part.Found), Cell.Of(part.New.Count), Cell.Of(part.Changed.Count),
                    Cell.Of(part.NotFound.Count));
        rows.Write(terminal);
    }

    private static void ShowNames(MergePartAnswer part, IAnsiConsole console)
    {
        Show("new", part.New);
        Show("changed", [.. part.Changed.Select(one => $"{one.Username} ({string.Join(", ", one.Fields)})")]);
        Show("not found any more", part.NotFound);

        void Show(string what, IReadOnlyList<string> names)
        {
            if (names.Count == 0) return;
            var more = names.Count > NamesMax ? $" and {names.Count - NamesMax} more" : "";
            console.MarkupLineInterpolated(
                $"[grey]{part.Title}, {what}:[/] {string.Join(", ", names.Take(NamesMax))}{more}");
        }
    }

    private static void ShowPassedOver(MergeAnswer answer, IAnsiConsole console)
    {
        var counts = answer.Parts.SelectMany(part => part.PassedOver).GroupBy(one => one.Reason)
            .Select(one => (Words: WordsFor(one.Key), Count: one.Sum(part => part.Count)))
            .Select(one => Counted.Of(one.Count, one.Words.One, one.Words.Many)).ToList();
        if (counts.Count > 0) console.MarkupLineInterpolated($"[grey]passed over:[/] {string.Join(", ", counts)}");
    }

    private static (string One, string Many) WordsFor(string reason) => reason switch
    {
        "not_public" => ("without a public name", "without a public name"),
        "not_a_name" => ("whose name can't be one", "whose names can't be any"),
        "group" => ("group", "groups"),
        "person" => ("person", "people"),
        "bot" => ("bot", "bots"),
        "restricted" => ("restricted or marked", "restricted or marked"),
        "link_to_no_channel" => ("link to no channel", "links to no channel"),
        "other_site" => ("name on another network", "names on other networks"),
        "unreadable" => ("unreadable", "unreadable"),
        "named_again" => ("named again", "named again"),
        _ => (reason, reason),
    };

    private static string EndOf(MergeAnswer answer)
    {
        var channels = Counted.Of(answer.Total, "channel");
        return answer switch
        {
            { DryRun: true } => $"Nothing is written; {answer.File} would have {channels}.",
            { Written: true } when File.Exists($"{answer.File}.bak") =>
                $"{answer.File} has {channels} now; what was there before is in {answer.File}.bak.",
            { Written: true } => $"{answer.File} has {channels} now.",
            _ => $"{answer.File} is as it was: {channels}.",
        };
    }
}
