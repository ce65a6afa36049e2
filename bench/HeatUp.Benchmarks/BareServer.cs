using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HeatUp.Benchmarks;

/// <summary>
/// The limit that history is measured against: Kestrel with one endpoint that returns bytes from memory.
/// </summary>
internal static class BareServer
{
    public const string Command = "bare-server";

    public static async Task<int> RunAsync(string url, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var type = Path.GetExtension(file) == ".html" ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.MapGet("/{**path}", async (HttpContext http) =>
        {
            http.Response.ContentType = type;
            http.Response.ContentLength = bytes.Length;
            await http.Response.BodyWriter.WriteAsync(bytes);
        });
        await app.RunAsync();
        return 0;
    }
}
