using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Heat.Reports;

namespace Heat.Api;

/// <summary>What pages load: a stylesheet, a script and a picture, all out of this program.</summary>
internal static class PageFiles
{
    /// <summary>How pages look: as reports do, and what only they have.</summary>
    public static PageFile Style { get; } = new(
        "heat.css", "text/css", ReportStyleText() + HtmlReport.Embedded("heat.css"));

    /// <summary>What pages do beyond what a browser does by itself: show what happens, and times as people say them.
    /// </summary>
    public static PageFile Script { get; } = new("heat.js", "text/javascript", HtmlReport.Embedded("heat.js"));

    /// <summary>Draws charts over days; loaded where there are some.</summary>
    public static PageFile Plots { get; } = new("plots.js", "text/javascript", PlotFiles.Script);

    public static PageFile Icon { get; } = new("heat.svg", "image/svg+xml", HtmlReport.Embedded("heat.svg"));

    public static IReadOnlyList<PageFile> All { get; } = [Style, Script, Plots, Icon];

    private static string ReportStyleText() =>
        HtmlReport.Render<ReportStyle>([]).Replace("<style>", "").Replace("</style>", "");
}

/// <summary>A file that never changes under its address.</summary>
internal sealed class PageFile
{
    private readonly byte[] bytes;
    private readonly string type;
    private readonly Lazy<byte[]> packed;

    public PageFile(string name, string type, string text)
    {
        (bytes, this.type) = (Encoding.UTF8.GetBytes(text), $"{type}; charset=utf-8");
        packed = new(() => Pack(bytes));
        Path = $"/ui/{name}";
        Address = $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}";
    }

    /// <summary>Its place, whatever the version.</summary>
    public string Path { get; }

    /// <summary>Where pages load it from.</summary>
    public string Address { get; }

    public IResult Answer(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.Vary = "Accept-Encoding";
        var takesPacked = http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
        if (takesPacked) http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(takesPacked ? packed.Value : bytes, type);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var written = new MemoryStream();
        using (var gzip = new GZipStream(written, CompressionLevel.SmallestSize)) gzip.Write(bytes);
        return written.ToArray();
    }
}
