using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>What a reader of a database's report wants first: which days it is about.</summary>
internal static class HistorySections
{
    public static string Sentence(HistoryFigures history) => history.From is { } from
        ? $"{Counted.Of(history.Sessions, "session")}, {Counted.Of(history.Days, "day")} from "
            + Figures.LongDay(DateOnly.FromDateTime(from.UtcDateTime))
        : "nothing is remembered yet";

    public static Html Title(HistoryFigures history) => Html.Of($"""
        <header>
        <h1>{Sentence(history)}</h1>
        <p class="muted">Heat Up history · from a database alone</p>
        </header>
        """);
}
