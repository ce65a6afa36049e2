using System.IO.Compression;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What pages load.</summary>
public sealed class PageFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ui/heat.css")]
    [InlineData("/ui/heat.js")]
    [InlineData("/ui/plots.js")]
    public async Task AFileComesCompressedToWhoeverTakesThat(string path)
    {
        await using var heat = await HeatServer.StartAsync();
        var plain = await heat.Client.GetStringAsync(path, Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip, deflate, br");

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        var packed = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        packed.Length.ShouldBeLessThan(plain.Length / 2);
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        (await unpacked.ReadToEndAsync(Cancellation)).ShouldBe(plain);
    }
}
