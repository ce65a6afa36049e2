using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Heat.Reports;

/// <summary>
/// What draws charts over days anew where scripts run, with their values under the pointer: uPlot as its package has
/// it, and the lines that hand it each chart. On pages a file of the service; in a report a part of it.
/// </summary>
internal static class PlotFiles
{
    /// <summary>The most points of a line; more would make files large and no drawing better.</summary>
    private const int PointsMax = 1_000;

    private const int Digits = 4;

    private static readonly DateOnly Epoch = new(1970, 1, 1);

    /// <summary>The stylesheet of uPlot.</summary>
    public static string Style { get; } = HtmlReport.Embedded("uPlot.min.css");

    /// <summary>The script.</summary>
    public static string Script { get; } = HtmlReport.Embedded("uPlot.iife.min.js") + HtmlReport.Embedded("plot.js");

    /// <summary>The script's hash, as a content policy names it.</summary>
    public static string ScriptHash { get; } =
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";

    /// <summary>A chart over days as the script reads it: days since 1970, and each series' name and values.</summary>
    public static string DataOf(Chart chart)
    {
        var fine = chart.InPieces(PointsMax);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("unit", chart.YAxis);
            json.WriteStartArray("days");
            foreach (var day in fine.Days!) json.WriteNumberValue(day.DayNumber - Epoch.DayNumber);
            json.WriteEndArray();
            json.WriteStartArray("series");
            foreach (var one in fine.Series)
            {
                json.WriteStartObject();
                json.WriteString("name", one.Name);
                json.WriteStartArray("values");
                foreach (var value in one.Values)
                    json.WriteRawValue(Math.Round(value, Digits).ToString("R", CultureInfo.InvariantCulture));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
