using Heat.Reports;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat.Reports;

public sealed class CsvReportTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EachTableIsAFile()
    {
        var target = folder.File("new/tables");

        CsvReport.Write(SampleRun.Summary, target);

        Directory.GetFiles(target).Select(Path.GetFileName).Order()
            .ShouldBe(["actions.csv", "channels.csv", "days.csv", "metrics.csv"]);
        Lines(target, "days.csv").Length.ShouldBe(31);
        Lines(target, "days.csv")[1].ShouldBe("2026-01-05,1200,6000,5960,1200,3600,650,650,0");
        Lines(target, "channels.csv")[1].ShouldBe("@durov,News,1365,4095,28665");
        Lines(target, "actions.csv")[2].ShouldBe("join_channel,refused,3120");
        Lines(target, "metrics.csv").ShouldContain("success_rate,,rate,0.9312345");
        Lines(target, "metrics.csv").ShouldContain("sitting_seconds,s,p(90),81.948636");
    }

    [Fact]
    public void WhatCouldNotBeMeasuredIsNothing() =>
        Table(SampleRun.Empty.Summary, "metrics.csv").ShouldContain("\nsuccess_rate,,rate,\n");

    [Fact]
    public void TextsThatWouldBreakATableAreQuoted()
    {
        var channel = SampleRun.Summary.Channels[0] with { Category = "Films, \"art\"\nand more" };

        Table(SampleRun.Summary with { Channels = [channel] }, "channels.csv")
            .ShouldContain("\n@durov,\"Films, \"\"art\"\"\nand more\",1365,");
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("+1")]
    [InlineData("-1")]
    public void ATextIsNoFormula(string category)
    {
        var channel = SampleRun.Summary.Channels[0] with { Category = category };

        Table(SampleRun.Summary with { Channels = [channel] }, "channels.csv").ShouldContain($"\n@durov,'{category},1365,");
    }

    [Fact]
    public void AFolderThatCannotBeWrittenToIsNamed()
    {
        var file = folder.Write("taken", "");

        Should.Throw<RunFolderException>(() => CsvReport.Write(SampleRun.Summary, file)).Message.ShouldContain(file);
    }

    private static string[] Lines(string folder, string name) =>
        File.ReadAllText(Path.Combine(folder, name)).TrimEnd('\n').Split('\n');

    private static string Table(Summary summary, string name) => CsvReport.Files(summary).Single(file => file.Name == name).Text;
}
