using System.Net.Sockets;
using System.Text;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What the service tells systemd, which listens at a socket.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("text", "<4>")]
    [InlineData("json", "{\"")]
    public async Task SystemdHearsWhenTheServiceServesAndWhenItStops(string format, string lineBegins)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no systemd elsewhere.");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(folder.File("notify")));

        // A channels file that isn't there is worth a warning in the log.
        await using var heat = await HeatProcess.ServeUnderSystemdAsync(
            folder, ("NOTIFY_SOCKET", folder.File("notify")), ("LOG_FORMAT", format), ("CHANNELS_FILE", folder.File("none.json")));
        var ready = await HearAsync(systemd);
        var (code, log) = await heat.TerminateAsync();

        ready.ShouldContain("READY=1");
        (await HearAsync(systemd)).ShouldContain("STOPPING=1");
        code.ShouldBe(0);
        log.Split('\n').First(line => line.Contains("none.json", StringComparison.Ordinal)).ShouldStartWith(lineBegins);
    }

    private static async Task<string> HearAsync(Socket systemd)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await systemd.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
    }
}
