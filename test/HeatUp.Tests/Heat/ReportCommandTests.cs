using System.Text.Json;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat report</c> of a service's own database.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AServicesDatabaseHasAReport()
    {
        (await RunAsync("report")).Error.ShouldContain("neither a run nor a database at sessions.db");
        (await RunAsync("warmup", "alice", "--pace", "0")).Code.ShouldBe(0);

        var report = await RunAsync("report");
        var json = await RunAsync("report", "sessions.db", "--out", "week.html", "--days", "7", "--json");

        report.Code.ShouldBe(0, report.Error);
        report.Out.ShouldContain("Report: sessions-report.html");
        var html = File.ReadAllText(folder.File("sessions-report.html"));
        html.ShouldContain("1 session, 1 day from");
        html.ShouldContain("nobody knows the sessions' own time");
        html.ShouldNotContain("NaN", Case.Sensitive);
        File.ReadAllText(folder.File("week.html")).ShouldBe(html);
        JsonDocument.Parse(json.Out).RootElement.List("days").ShouldHaveSingleItem().Number("sittings").ShouldBe(1);
    }

    [Fact]
    public async Task APipeIsNotWaitedForAndAFolderIsCalledOne()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has no such pipes.");
        using var making = System.Diagnostics.Process.Start("mkfifo", folder.File("pipe.db"));
        await making.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.File("sessions.db"));

        (await RunAsync("report", "pipe.db")).Error.ShouldContain("is an empty database");
        (await RunAsync("history", "alice")).Error.ShouldContain("sessions.db is a folder. Name a file in it.");
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--csv", "sessions.db")]
    public async Task WrongUseIsRefused(string option, string value)
    {
        var refused = await RunAsync("report", option, value);

        refused.Code.ShouldBe(2, refused.Error);
    }

    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(folder, arguments);
}
