using System.Globalization;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>
/// The file that <c>dotnet publish -r</c> makes, alone in an empty folder. <c>HEATUP_PUBLISHED</c> says where it is;
/// <c>.ci/run</c> makes it.
/// </summary>
public sealed class PublishedFileTests : IDisposable
{
    /// <summary>The largest that the file may become: 70 MB.</summary>
    private const long BytesMax = 70_000_000;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ItIsOneFileOfABearableSize()
    {
        var file = new FileInfo(Published());

        file.Length.ShouldBeLessThan(BytesMax);
        file.Directory!.EnumerateFileSystemInfos().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task InAnEmptyFolderItDoesTheReadmesJob()
    {
        var said = await RunAsync("""
            heat warmup alice --pace 0
            heat history alice
            heat recommend alice
            heat report
            heat simulate --sessions 20 --days 2 --out runs/a
            heat channels list | tail -2
            echo https://t.me/nature_of_a_test | heat channels import -
            heat channels list | tail -2
            heat notices | head -1
            """);

        said.ShouldContain("sitting 1");
        said.ShouldContain("remember in sessions.db");
        said.ShouldContain("Channels file: none, these come along");
        said.ShouldContain($"Channels file: {folder.File("channels_data.json")}");
        said.ShouldContain("Third-party notices");
        File.Exists(folder.File("runs/a/report.html")).ShouldBeTrue();
    }

    [Fact]
    public async Task ItServesEveryPageWithFewDescriptors()
    {
        var said = await RunAsync($$"""
            ulimit -n {{FilesMin}}
            url=http://127.0.0.1:{{HeatProcess.FreePort()}}
            coproc service { exec "$program" serve --urls $url; }
            pid=$service_PID
            read -r line <&"${service[0]}"
            curl -f $url/health; echo
            echo "idle $(ls /proc/$pid/fd | wc -l)"
            for path in / /channels /docs/ /openapi/v1.json /sessions/a/recommendations /sessions; do
              curl -f -o /dev/null $url$path
            done
            for session in a b c d e f g h i j k l; do curl -f -o /dev/null -X POST $url/warmup-sync/$session & posts+=($!); done
            wait "${posts[@]}"
            echo "used $(ls /proc/$pid/fd | wc -l)"
            HEAT_URL=$url heat health
            kill $pid
            wait $pid
            """);

        said.ShouldContain("\"status\":\"ok\"");
        said.ShouldContain("ok, 0 sittings running");
        NumberAfter("idle", said).ShouldBeLessThan(IdleMax);
        NumberAfter("used", said).ShouldBeLessThan(FilesMin - 16);
    }

    /// <summary>The fewest descriptors that it starts with.</summary>
    private const int FilesMin = 190;

    /// <summary>More than an idle service has open.</summary>
    private const int IdleMax = 150;

    private async Task<string> RunAsync(string script)
    {
        var ended = await HeatProcess.RunShellAsync(
            folder, $"program='{Published()}'\nheat() {{ \"$program\" \"$@\"; }}\nset -e\n{script}");
        ended.Code.ShouldBe(0, ended.Out);
        return ended.Out;
    }

    private static int NumberAfter(string word, string text) => int.Parse(
        text.Split('\n').First(line => line.StartsWith($"{word} ", StringComparison.Ordinal))[(word.Length + 1)..],
        CultureInfo.InvariantCulture);

    private static string Published()
    {
        if (Environment.GetEnvironmentVariable("HEATUP_PUBLISHED") is { Length: > 0 } file) return file;
        Assert.Skip("HEATUP_PUBLISHED doesn't name the published file.");
        throw new InvalidOperationException();
    }
}
