using System.Text;
using System.Text.Json;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

public sealed class RunFolderJsonTests
{
    private const string File = "out/manifest.json";

    [Fact]
    public void AManifestReadsAsItWasWritten()
    {
        var written = RunFolderJson.Write(SampleRun.Manifest);

        var read = RunFolderJson.ReadManifest(written, File);

        RunFolderJson.Write(read).ShouldBe(written);
        (read with { Scenario = SampleRun.Manifest.Scenario }).ShouldBe(SampleRun.Manifest);
    }

    [Fact]
    public void ASummaryReadsAsItWasWritten()
    {
        var written = RunFolderJson.Write(SampleRun.Summary);

        var read = RunFolderJson.ReadSummary(written, File);

        RunFolderJson.Write(read).ShouldBe(written);
        read.Channels[3].JoinsByDay.ShouldBe(SampleRun.Summary.Channels[3].JoinsByDay);
        read.Thresholds.ShouldBe(SampleRun.Summary.Thresholds);
        read.Calibration.ShouldBe(SampleRun.Summary.Calibration);
    }

    [Fact]
    public void ARunWithoutAnySittingReadsAsItWasWritten() =>
        RunFolderJson.Write(RunFolderJson.ReadSummary(RunFolderJson.Write(SampleRun.Empty.Summary), File))
            .ShouldBe(RunFolderJson.Write(SampleRun.Empty.Summary));

    [Fact]
    public void TheFilesAreReadableTexts()
    {
        var text = Text(RunFolderJson.Write(SampleRun.Manifest with { Status = RunFolderStatus.BudgetSpent, Seed = ulong.MaxValue }));

        text.ShouldStartWith("{\n  \"format\": 1,\n");
        text.ShouldEndWith("}\n");
        text.ShouldNotContain('\r');
        text.ShouldContain("\"status\": \"budget_spent\"");
        text.ShouldContain("\"seed\": 18446744073709551615");
        text.ShouldContain("\"took_seconds\": 12.345");
        text.ShouldContain("\"reached\": \"2026-02-04T00:00:00Z\"");
        text.ShouldContain("\"detail\": null");
        Text(RunFolderJson.Write(SampleRun.Summary)).ShouldContain("Путешествия");
    }

    [Fact]
    public void WhatCouldNotBeMeasuredIsNull() =>
        JsonDocument.Parse(RunFolderJson.Write(SampleRun.Summary)).RootElement.GetProperty("thresholds")[2].GetProperty("value")
            .ValueKind.ShouldBe(JsonValueKind.Null);

    [Fact]
    public void AManifestOfANewerVersionIsRefusedByItsFormatAlone() =>
        Refused("""{"format":2,"of":"another shape"}""")
            .ShouldBe("out/manifest.json was made by a newer version of Heat Up (format 2); this one reads format 1.");

    [Theory]
    [InlineData("""{"format":0}""", "format 0 does not exist")]
    [InlineData("""{"version":"0.1.0"}""", "can't be read")]
    [InlineData("{", "can't be read")]
    [InlineData("null", "nothing but null")]
    [InlineData("""{"format":1}""", "'version'")]
    public void WhatIsNoManifestIsRefusedByTheFilesName(string text, string problem)
    {
        var refused = Refused(text);

        refused.ShouldStartWith(File);
        refused.ShouldContain(problem);
        refused.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("\"status\": \"complete\"", "\"status\": \"perfect\"")]
    [InlineData("\"status\": \"complete\"", "\"status\": 1")]
    [InlineData("\"took_seconds\": 12.345", "\"took_seconds\": -1")]
    [InlineData("\"seed\": 42", "\"seed\": \"42\"")]
    [InlineData("\"why\": \"", "\"why\": null, \"old_why\": \"")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"threads\": 3")]
    public void AManifestWithAWrongFieldIsRefused(string right, string wrong)
    {
        var text = Text(RunFolderJson.Write(SampleRun.Manifest));
        text.ShouldContain(right);

        Refused(text.Replace(right, wrong)).ShouldContain("can't be read");
    }

    [Fact]
    public void AFieldOfALaterVersionIsSkipped()
    {
        var text = Text(RunFolderJson.Write(SampleRun.Manifest)).Replace("\"seed\": 42", "\"mood\": \"good\", \"seed\": 42");

        RunFolderJson.ReadManifest(Encoding.UTF8.GetBytes(text), File).Seed.ShouldBe(42UL);
    }

    [Fact]
    public void ListsThatDoNotBelongTogetherAreRefused()
    {
        var summary = SampleRun.Summary;

        Refused(summary with { HoursUtc = [1, 2] }).ShouldContain("hours_utc and hours_local must have 24 numbers each");
        Refused(summary with { Days = summary.Days[..7] }).ShouldContain("joins_by_day of @durov has 30 numbers; there are 7 days");
    }

    private static string Refused(string text) => Should.Throw<RunFolderException>(
        () => RunFolderJson.ReadManifest(Encoding.UTF8.GetBytes(text), File)).Message;

    private static string Refused(Summary summary) => Should.Throw<RunFolderException>(
        () => RunFolderJson.ReadSummary(RunFolderJson.Write(summary), "out/summary.json")).Message;

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
