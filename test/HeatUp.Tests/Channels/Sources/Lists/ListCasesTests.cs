using System.Text;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;
using HeatUp.Testing.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>Lists as the world writes them, read as a person would.</summary>
public sealed class ListCasesTests
{
    public static TheoryData<string> Files => [.. ListCases.All.Select(one => one.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task AListIsReadAsAPersonWould(string file)
    {
        var list = ListCases.All.Single(one => one.File == file);

        Shown(await ListOf.ReadAsync(file, list.Text)).ShouldBe(list.Channels);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task TheEncodingIsOfNoMatter(string file)
    {
        var list = ListCases.All.Single(one => one.File == file);
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] marked = [.. encoding.GetPreamble(), .. encoding.GetBytes(list.Text)];
            Shown(await ListOf.ReadAsync(file, marked)).ShouldBe(list.Channels, encoding.WebName);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task TheEndsOfLinesAreOfNoMatter(string file)
    {
        var list = ListCases.All.Single(one => one.File == file);

        Shown(await ListOf.ReadAsync(file, list.Text.Replace("\n", "\r\n"))).ShouldBe(list.Channels);
        Shown(await ListOf.ReadAsync(file, list.Text.Replace("\n", "\r"))).ShouldBe(list.Channels);
    }

    [Theory]
    [InlineData(1251)]
    [InlineData(20866)]
    [InlineData(866)]
    public async Task ARussianEncodingIsToldByWhatItSays(int page)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        foreach (var title in new[] { "Новости", "новости дня", "ПОГОДА", "Кино", "Ёлки и Щука", "Живой журнал, выпуск 5" })
            foreach (var head in new[] { "username;title", "Ссылка;Название" })
                Shown(await ListOf.ReadAsync("a.csv", encoding.GetBytes($"{head}\n@encoded_demo;{title}\n")))
                    .ShouldBe($"@encoded_demo||{title}", $"{encoding.WebName} {head}");
    }

    [Fact]
    public async Task ATextOfTheWestIsNoRussianOne() =>
        Shown(await ListOf.ReadAsync("a.csv", Encoding.Latin1.GetBytes("username;title\n@cafe_demo;Café für Élise\n")))
            .ShouldBe("@cafe_demo||Café für Élise");

    [Fact]
    public async Task AnEncodingThatShowsLateIsFound()
    {
        var cp1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        var lines = string.Concat(Enumerable.Range(0, 9_000).Select(i => $"@late_demo_{i};plain words\n"));

        var part = await ListOf.ReadAsync("a.csv", cp1251.GetBytes($"username;title\n{lines}@late_demo_end;Погода\n"));

        part.Channels.Count.ShouldBe(9_001);
        part.Channels[^1].Description.ShouldBe("Погода");
    }

    [Fact]
    public async Task AnEnormousCellCostsItself()
    {
        var photo = $"\"data:image/png;base64,{new string('A', 70_000)}\"";
        var list = $"username,title,photo\n@big_cell_before,a,x\n@big_cell_demo,b,{photo}\n@big_cell_after,c,z\n";

        Shown(await ListOf.ReadAsync("a.csv", list))
            .ShouldBe("@big_cell_before||a\n@big_cell_demo||b\n@big_cell_after||c");
    }

    [Fact]
    public async Task APageOfOneLineIsReadAsAWhole()
    {
        var links = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"<a href=\"https://t.me/min_html_{i:00000}\">x</a>"));

        var part = await ListOf.ReadAsync("a.html", $"<!doctype html><html><body>{links}</body></html>");

        part.Channels.Count.ShouldBe(2_000);
        part.Remarks.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsPassedOverIsCountedByReason()
    {
        var dialogs = await ListOf.ReadAsync("dialogs.json", ListCases.All.Single(one => one.File == "dialogs.json").Text);
        dialogs.PassedOver.ShouldBe([new(PassedOverReason.NotPublic, 2), new(PassedOverReason.Group, 1),
            new(PassedOverReason.Person, 1), new(PassedOverReason.Bot, 1)]);

        var reply = await ListOf.ReadAsync("a.json", ListCases.All.Single(one => one.File == "reply_filter.json").Text);
        reply.PassedOver.ShouldBe([new(PassedOverReason.Group, 1), new(PassedOverReason.Restricted, 1)]);
    }

    [Fact]
    public async Task ACountThatCantBeReadIsSaid()
    {
        var part = await ListOf.ReadAsync("subs.csv", ListCases.All.Single(one => one.File == "subs.csv").Text);

        part.Remarks.ShouldBe([
            "line 7: '1,5' is no number of subscribers; @subs_comma is taken without one.",
            "line 16: '1,2,3' is no number of subscribers; @subs_wrong is taken without one."]);
    }

    private static string Shown(SourcePart part) => ListOf.Shown(part);
}
