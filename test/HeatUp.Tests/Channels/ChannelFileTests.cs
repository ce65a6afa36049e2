using System.Text;
using CsCheck;
using HeatUp.Channels;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Channels;

public sealed class ChannelFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnEntryBecomesAChannel()
    {
        var file = Read("""
            [{"username": "@nytimes", "description": "Headlines.", "category": "News", "subscribers": 12,
              "tgstat_url": "https://t.me/nytimes"}]
            """);

        file.Channels.ShouldHaveSingleItem()
            .ShouldBe(new Channel(ChannelName.Parse("@nytimes"), "Headlines.", "News", 12, "https://t.me/nytimes"));
        file.Warnings.ShouldBeEmpty();
        file.IsBroken.ShouldBeFalse();
    }

    [Fact]
    public void AChannelNeedsNoMoreThanAName()
    {
        var file = Read("""
            [{"username": "nytimes"},
             {"username": "@guardian", "description": null, "category": "", "subscribers": null, "tgstat_url": ""}]
            """);

        file.Warnings.ShouldBeEmpty();
        file.Channels.Select(channel => channel.Name.Value).ShouldBe(["@nytimes", "@guardian"]);
        file.Channels.ShouldAllBe(channel => channel.Category == Channel.NoCategory && channel.Description == "");
    }

    [Theory]
    [InlineData("1500000", 1_500_000L)]
    [InlineData("\"1500000\"", 1_500_000L)]
    [InlineData("\" 1,500,000 \"", 1_500_000L)]
    [InlineData("0", 0L)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    public void SubscribersAreANumberOrATextOrUnknown(string json, long? subscribers)
    {
        var file = Read($$"""[{"username": "@nytimes", "subscribers": {{json}}}]""");

        file.Channels.ShouldHaveSingleItem().Subscribers.ShouldBe(subscribers);
        file.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("subscribers", "\"many\"")]
    [InlineData("subscribers", "-5")]
    [InlineData("subscribers", "1.5")]
    [InlineData("subscribers", "1e99")]
    [InlineData("subscribers", "true")]
    [InlineData("subscribers", "[1]")]
    [InlineData("description", "5")]
    [InlineData("description", "\"\\ud83d\"")]
    [InlineData("category", "{}")]
    [InlineData("tgstat_url", "\"javascript:alert(1)\"")]
    public void AFieldThatCannotBeUsedIsNamedAndTheChannelKept(string field, string json)
    {
        var file = Read($$"""[{"username": "@nytimes", "{{field}}": {{json}}}]""");

        file.Channels.ShouldHaveSingleItem().ShouldBe(new Channel(ChannelName.Parse("@nytimes"), "", "", null, null));
        file.Warnings.ShouldHaveSingleItem()
            .ShouldContain($"entry 1 (@nytimes): not used, because unreadable: {field} {json}");
    }

    [Fact]
    public void WhatIsUnknownOrToleratedMakesNoWarning()
    {
        var file = Read("""
            // a comment
            {"version": 2, "channels": [
                {"username": "@nytimes", "verified": true, "tags": ["a"], /* and another */},
            ]}
            """);

        file.Channels.ShouldHaveSingleItem().Name.Value.ShouldBe("@nytimes");
        file.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void AByteOrderMarkMakesNoDifference() =>
        Read([.. Encoding.UTF8.Preamble, .. """[{"username": "@bbcrussian", "description": "Новости"}]"""u8])
            .Channels.ShouldHaveSingleItem().Description.ShouldBe("Новости");

    [Theory]
    [InlineData("{}", "it has no username")]
    [InlineData("""{"username": null}""", "it has no username")]
    [InlineData("""{"name": "@durov"}""", "it has no username")]
    [InlineData("""{"username": "@no name"}""", "its username is not a channel's name")]
    [InlineData("""{"username": 5}""", "its username is not a channel's name")]
    [InlineData("""{"username": "\udc00"}""", "its username is not a channel's name")]
    [InlineData("""{"\udc00": "@durov"}""", "it has no username")]
    [InlineData("\"@durov\"", "it is not an object")]
    [InlineData("[]", "it is not an object")]
    [InlineData("null", "it is not an object")]
    public void AnEntryWithoutAValidNameIsSkippedAndTheRestUsed(string entry, string why)
    {
        var file = Read($$"""[{"username": "@nytimes"}, {{entry}}, {"username": "@guardian"}]""");

        file.Channels.Select(channel => channel.Name.Value).ShouldBe(["@nytimes", "@guardian"]);
        file.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            warning => warning.ShouldStartWith($"Channels file {file.Path}: entry 2 is skipped, because {why}"),
            warning => warning.ShouldEndWith($": {entry}"));
    }

    [Fact]
    public void ALongOrHostileEntryIsShownShortAndClean()
    {
        var longName = new string('x', 5000);
        var file = Read($$"""[{"username": "{{longName}}"}, {"username": "\u001b\u202e", "x": "{{'\u202e'}}"}]""");

        file.Warnings.Length.ShouldBe(2);
        file.Warnings.ShouldAllBe(warning => warning.Length < 300 + folder.Path.Length && !warning.Contains('\u202e'));
    }

    [Fact]
    public void OfDuplicatesInAnyCaseTheFirstIsKept()
    {
        var file = Read("""
            [{"username": "@Nytimes", "category": "News"}, {"username": "t.me/nytimes", "category": "Music"}]
            """);

        file.Channels.ShouldHaveSingleItem().Category.ShouldBe("News");
        file.Warnings.ShouldHaveSingleItem().ShouldEndWith("entry 2 is skipped, because @nytimes is there already.");
    }

    [Fact]
    public void ManyFaultyEntriesMakeAFewWarnings()
    {
        var file = Read($"[{string.Join(",", Enumerable.Repeat("1", 500))}, {{\"username\": \"@nytimes\"}}]");

        file.Warnings.Length.ShouldBe(ChannelFile.EntryWarningsMax + 1);
        file.Warnings[^1].ShouldEndWith($"{500 - ChannelFile.EntryWarningsMax} more entries have such faults.");
        file.Channels.ShouldHaveSingleItem();
    }

    [Fact]
    public void NoMoreChannelsAreTakenThanTheLimit()
    {
        var entries = Enumerable.Range(0, ChannelFile.ChannelsMax + 5)
            .Select(number => $$"""{"username": "channel{{number}}"}""");
        var file = Read($"[{string.Join(",", entries)}]");

        file.Channels.Length.ShouldBe(ChannelFile.ChannelsMax);
        file.Warnings.ShouldHaveSingleItem().ShouldContain("only its first 10000 channels are taken");
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \r\n\t ", "it is empty")]
    [InlineData("null", "it holds null, not a list of channels")]
    [InlineData("42", "it holds 42, not a list of channels")]
    [InlineData("\"@durov\"", "it holds \"@durov\", not a list of channels")]
    [InlineData("""{"channels": 5}""", """it holds {"channels": 5}, not a list of channels""")]
    [InlineData("""{"\udc00": []}""", """it holds {"\udc00": []}, not a list of channels""")]
    [InlineData("[{\"username\": \"@nytimes\"},\n  {\"username\": ", "it is not JSON at line 2, column 16")]
    [InlineData("[\n\n  {\"описание\": x}]", "it is not JSON at line 3, column 16: 'x' is an invalid")]
    [InlineData("[{\"username\": \"@nytimes\", \"subscribers\": NaN}]", "it is not JSON at line 1, column 42")]
    [InlineData("<!DOCTYPE html>", "it is not JSON at line 1, column 1")]
    [InlineData("[] []", "it is not JSON at line 1, column 4")]
    public void ABrokenFileGivesNoChannelsAndSaysWhereAndWhy(string text, string why) =>
        ShouldBeBroken(Read(text), why);

    [Fact]
    public void ADeeplyNestedFileIsBroken() =>
        ShouldBeBroken(Read(new string('[', 100_000)), "it is not JSON at line 1, column 65");

    [Fact]
    public void AFileInAnotherEncodingIsBroken()
    {
        byte[] cp1251 = [.. "[{\"username\": \"@bbcrussian\",\n \"description\": \""u8, 0xCD, 0xEE, 0xE2, .. "\"}]"u8];

        ShouldBeBroken(Read(cp1251), "it is not UTF-8 text at line 2, column 18; save it as UTF-8");
        ShouldBeBroken(Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("[]")]), "it is UTF-16 text");
        ShouldBeBroken(Read([.. Encoding.BigEndianUnicode.Preamble, 0, (byte)'[']), "it is UTF-16 text");
    }

    [Fact]
    public void AMissingFileIsBroken()
    {
        ShouldBeBroken(ChannelFile.Read(folder.File("none.json")), "it does not exist");
        ShouldBeBroken(ChannelFile.Read(folder.File("none/none.json")), "it does not exist");
        ShouldBeBroken(ChannelFile.Read(folder.Write("a.json", "[]") + "/b.json"), "it does not exist");
    }

    [Fact]
    public void ADirectoryIsBroken() => ShouldBeBroken(ChannelFile.Read(folder.Path), "it is a directory");

    [Fact]
    public void ALoopOfLinksIsBroken()
    {
        File.CreateSymbolicLink(folder.File("a.json"), folder.File("b.json"));
        File.CreateSymbolicLink(folder.File("b.json"), folder.File("a.json"));

        ShouldBeBroken(ChannelFile.Read(folder.File("a.json")), "it can't be read. Too many levels");
    }

    [Fact]
    public void AFileThatIsTooBigIsBroken()
    {
        using (var file = File.Create(folder.File("big.json"))) file.SetLength(ChannelFile.BytesMax + 1L);

        ShouldBeBroken(
            ChannelFile.Read(folder.File("big.json")), "it has 67108865 bytes, and 67108864 are read at most");
    }

    [Fact]
    public void ARelativePathIsNamedInFull() =>
        ChannelFile.Read("no-such-file.json").Warnings.ShouldHaveSingleItem()
            .ShouldContain(Path.GetFullPath("no-such-file.json"));

    [Fact]
    public void WhateverAFileHoldsItIsReadWithoutAnException()
    {
        var good = """
            [{"username": "@nytimes", "description": "Н", "subscribers": 5}, {"username": "\ud83d\ude00"}]
            """u8.ToArray();
        var damage = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 8];

        damage.Sample(changes =>
        {
            var bytes = good.ToArray();
            foreach (var (at, value) in changes) bytes[at] = value;
            var content = ChannelJson.Read(bytes);
            return content.Fault is null || content.Entries.Count == 0;
        });
    }

    [Fact]
    public void TheFileThatComesWithHeatUpIsGood()
    {
        var file = ChannelFile.Read(Path.Combine(House.Tree.Root, "channels_data.json"));

        file.Warnings.ShouldBeEmpty();
        file.Channels.Length.ShouldBeGreaterThanOrEqualTo(60);
        file.Channels.Select(channel => channel.Category).Distinct().Order().ShouldBe([
            "Business", "Crypto", "Entertainment", "Lifestyle", "Music",
            "News", "Programming", "Science", "Sports", "Technology"]);
        file.Channels.ShouldAllBe(channel => channel.Description != "" && channel.TgstatUrl != null);
    }

    private ChannelFile Read(string text) => ChannelFile.Read(folder.Write("channels.json", text));

    private ChannelFile Read(ReadOnlySpan<byte> bytes) => ChannelFile.Read(folder.Write("channels.json", bytes));

    private static void ShouldBeBroken(ChannelFile file, string why)
    {
        file.IsBroken.ShouldBeTrue();
        file.Channels.ShouldBeEmpty();
        file.Warnings.ShouldHaveSingleItem().ShouldStartWith($"Channels file {file.Path}: {why}");
    }
}
