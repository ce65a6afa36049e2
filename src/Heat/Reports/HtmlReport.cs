using System.Text;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>
/// A simulation's report: one HTML file that needs nothing else, for screens of any width, light and dark, and paper.
/// The same results give the same bytes.
/// </summary>
internal static class HtmlReport
{
    /// <summary>The browser is told to load nothing and run nothing, whatever a text in the page might be.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(Manifest manifest, Summary summary) =>
        Bytes(Page(HeadSections.Sentence(manifest, summary), Sections(manifest, summary)));

    /// <summary>The same of a database's history.</summary>
    public static byte[] Write(HistoryFigures history) =>
        Bytes(Page(HistorySections.Sentence(history), Sections(history)));

    private static byte[] Bytes(Html page) => Encoding.UTF8.GetBytes(page.Text.ReplaceLineEndings("\n") + "\n");

    private static Html Page(string title, IEnumerable<Html> sections) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Heat Up: {title}</title>
        <style>
        {HtmlStyle.Sheet}
        </style>
        </head>
        <body>
        <main>
        {Html.Lines(sections)}
        </main>
        </body>
        </html>
        """);

    private static IEnumerable<Html> Sections(Manifest manifest, Summary summary) =>
    [
        HeadSections.Title(manifest, summary),
        Section("Thresholds", HeadSections.Thresholds(summary)),
        Section("Key figures", HeadSections.Cards(manifest.Sessions, manifest.Sittings, manifest.Actions, summary)),
        Section("Sittings over time", ActivitySections.OverTime(summary)),
        Section("Hours of the day", ActivitySections.Hours(summary)),
        Section("Actions and refusals", ActivitySections.Actions(summary)),
        Section("How sittings ended", ActivitySections.Ends(summary)),
        Section("Channels", ChannelSections.All(manifest.PoolChannels, summary)),
        Section("Plans", PlanSections.Plans(summary.Plans)),
        Section("Calibration", CalibrationSection.All(summary)),
        Section("Cost", PlanSections.Cost(manifest.Model is not null, summary.Plans)),
        Section("All metrics", MetricsSection.All(summary)),
        Section("How this run was made", OriginSection.All(manifest)),
    ];

    private static IEnumerable<Html> Sections(HistoryFigures history) =>
    [
        HistorySections.Title(history),
        Section("Key figures",
            HeadSections.Cards(history.Sessions, history.Sittings, history.Actions, history.Summary)),
        Section("Sittings over time", ActivitySections.OverTime(history.Summary)),
        Section("Hours of the day", ActivitySections.Hours(history.Summary)),
        Section("Actions and refusals", ActivitySections.Actions(history.Summary)),
        Section("How sittings ended", ActivitySections.Ends(history.Summary)),
        Section("Channels", ChannelSections.All(history.Summary.Channels.Length, history.Summary)),
        Section("Plans", PlanSections.Plans(history.Summary.Plans)),
        Section("Calibration", CalibrationSection.All(history.Summary)),
        Section("Cost", PlanSections.Cost(false, history.Summary.Plans)),
        Section("All metrics", MetricsSection.All(history.Summary)),
    ];

    private static Html Section(string name, Html content) => Html.Of($"""
        <section>
        <h2>{name}</h2>
        {content}
        </section>
        """);
}
