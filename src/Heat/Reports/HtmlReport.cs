using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using HeatUp.Simulations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Reports;

/// <summary>
/// A simulation's report: one HTML file that needs nothing else, for screens of any width, light and dark, and paper.
/// The same results give the same bytes.
/// </summary>
internal static class HtmlReport
{
    // Other scripts than Latin are written as they are: half of the bytes, and a reader finds them by searching.
    private static readonly IServiceProvider Services =
        new ServiceCollection().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(Manifest manifest, Summary summary) => Bytes(Render<Report>(new()
    {
        [nameof(Report.Manifest)] = manifest,
        [nameof(Report.Summary)] = summary,
    }));

    /// <summary>The same of a database's history.</summary>
    public static byte[] Write(HistoryFigures history) =>
        Bytes(Render<HistoryReport>(new() { [nameof(HistoryReport.History)] = history }));

    /// <summary>The same of a comparison.</summary>
    public static byte[] Write(RunComparison comparison) =>
        Bytes(Render<ComparisonReport>(new() { [nameof(ComparisonReport.Comparison)] = comparison }));

    /// <summary>The HTML of a component that waits for nothing.</summary>
    public static string Render<TComponent>(Dictionary<string, object?> parameters) where TComponent : IComponent
    {
        using var renderer = new HtmlRenderer(Services, NullLoggerFactory.Instance);
        return renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters));
            return root.ToHtmlString();
        }).GetAwaiter().GetResult();
    }

    /// <summary>A part of pages that lies in the program as a file.</summary>
    public static string Embedded(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static byte[] Bytes(string page) => Encoding.UTF8.GetBytes(page.ReplaceLineEndings("\n").Trim() + "\n");
}
