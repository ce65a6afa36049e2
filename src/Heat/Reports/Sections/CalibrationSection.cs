using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>How far the run is from figures of the real Telegram.</summary>
internal static class CalibrationSection
{
    private static readonly Column[] Columns =
    [
        new("Figure"), Column.Number("Reference"), Column.Number("Simulated"), Column.Number("Distance"),
        new("Source"), new("Note"),
    ];

    public static Html All(Summary summary) => summary.Calibration.IsEmpty
        ? Html.Of($"<p>Nothing was compared.</p>")
        : Html.Of($"""
            <p>A distance of 0 means equal. For amounts it is the natural logarithm of the ratio of simulated to real:
            +0.69 is twice as much, −0.69 half. For distributions it is the part that would have to move: 1 means that
            they have nothing in common.</p>
            {HtmlTable.Of("Calibration", Columns, summary.Calibration.Select(Row))}
            """);

    private static IReadOnlyList<Html> Row(CalibrationFigure figure) =>
    [
        Html.Of($"{Figures.Sentence(figure.Name)}"),
        Html.Of($"{Figures.In(figure.Unit, Figures.Rough(figure.Reference))}"),
        Html.Of($"{Figures.In(figure.Unit, Figures.Rough(figure.Simulated))}"),
        // A distribution has no single reference, and its distance no sign.
        Html.Of($"{(figure.Reference > 0 ? Figures.Signed(figure.Distance) : Figures.Rough(figure.Distance))}"),
        Prose(figure.Source),
        Prose(figure.Note),
    ];

    private static Html Prose(string? text) =>
        text is null ? Html.Empty : Html.Of($"<div class=\"prose\">{Figures.Sentence(text)}</div>");
}
