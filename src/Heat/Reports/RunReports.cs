using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Writes the reports of a run into its folder: each a function of what the folder holds.</summary>
internal static class RunReports
{
    public static void Write(RunFolder folder, Manifest manifest, Summary summary, bool csv, bool junit)
    {
        folder.Write("report.html", HtmlReport.Write(manifest, summary));
        if (csv) CsvReport.Write(summary, folder.Path);
        if (junit) folder.Write("junit.xml", JUnitReport.Write(manifest, summary));
    }
}
