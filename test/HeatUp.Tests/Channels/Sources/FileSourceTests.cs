using System.Text;
using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Channels.Sources.Lists;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Channels.Sources;

public sealed class FileSourceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.csv", "username,description,category,subscribers\n@nytimes,\"News, and more\",News,\"1,200\"\n")]
    [InlineData("a.csv", "Username;Title;Category;Participants Count\r\nnytimes;News, and more;News;1200\r\n")]
    [InlineData("a.tsv", "link\tabout\tcategory\tmembers\nhttps://t.me/nytimes\tNews, and more\tNews\t1 200")]
    [InlineData("a.csv", "other|channel|description|category|subscribers|x\n|t.me/nytimes|News, and more|News|1200\n")]
    [InlineData("a", "username,category,subscribers,description\nnytimes,News,1200,\"News, and more\"\n")]
    [InlineData("a.json",
        """[{"username":"@nytimes","title":"News, and more","category":"News","participants_count":"1200"}]""")]
    [InlineData("a.json", """
        {"channels": [{"channel_username": "nytimes", "description": "News, and more", "category": "News",
          "subscribers": 1200},],} // mine
        """)]
    [InlineData("a.json", """
        {"status":"ok","response":{"count":1,"items":[
        {"link":"t.me/nytimes","title":"News, and more","category":"News","participants_count":1200}]}}
        """)]
    [InlineData("a.ndjson",
        "{\"username\":\"nytimes\",\"description\":\"News, and more\",\"category\":\"News\",\"subscribers\":1200}\n\n")]
    [InlineData("a.json",
        "{\"username\":\"nytimes\",\"description\":\"News, and more\",\"category\":\"News\",\"subscribers\":1200}\n\"@nytimes\"\n")]
    public async Task AListIsReadAsItComes(string name, string text)
    {
        var part = await ReadAsync(folder.Write(name, text));

        part.Failure.ShouldBeNull();
        part.Remarks.ShouldBeEmpty();
        part.Channels.ShouldBe([new(
            ChannelName.Parse("@nytimes"), "News, and more", "News", 1200, "https://t.me/nytimes")]);
    }

    [Theory]
    [InlineData("a.csv", "name,username,subscribers\nTechnology,@techno_news,5\n")]
    [InlineData("a.csv", "subscribers;channel;link\n5;Technology;t.me/techno_news\n")]
    [InlineData("a.ndjson", "{\"name\":\"Technology\",\"username\":\"techno_news\",\"subscribers\":5}\n\n")]
    public async Task ATitleIsNotTakenForTheNameBesideIt(string name, string text)
    {
        var part = await ReadAsync(folder.Write(name, text));

        part.Channels.ShouldBe([new(
            ChannelName.Parse("@techno_news"), "Technology", null, 5, "https://t.me/techno_news")]);
    }

    [Theory]
    [InlineData("a.csv", "name,username\nTechnology,\n@nytimes,@nytimes\n")]
    [InlineData("a.csv", "name,link\nTechnology,t.me/+abcdef\n@nytimes,https://example.org\n")]
    [InlineData("a.json", """[{"name":"Technology","username":null},{"name":"@nytimes"}]""")]
    public async Task ATitleOfAPrivateChannelIsNobodysName(string name, string text)
    {
        var part = await ReadAsync(folder.Write(name, text));

        part.Channels.Select(channel => channel.Name.Value).ShouldBe(["@nytimes"]);
        part.Channels[0].Description.ShouldBeEmpty();
        part.Remarks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task LinksAndNamesAreTakenOutOfAnyText()
    {
        var part = await ReadAsync(folder.Write("a.txt", """
            Read https://t.me/nytimes, (t.me/s/guardian) and <a href="https://t.me/durov/123?single">.
            @skynews; telegram.me/meduzalive. Nothing here: me@example.org, durov, nytimes.
            Not these: https://t.me/joinchat/AAAAAE, t.me/+abcdefgh, https://t.me/share/url?url=t.me
            https://t.me/proxy?server=1.2.3.4 https://t.me/c/12345/6 NYTIMES t.me/NYTIMES
            """), "Papers");

        part.Channels.Select(channel => channel.Name.Value)
            .ShouldBe(["@nytimes", "@guardian", "@durov", "@skynews", "@meduzalive"]);
        part.Channels.ShouldAllBe(channel => channel.Category == "Papers");
        part.Remarks.Count.ShouldBe(5);
        part.Remarks[0].ShouldBe("line 3: https://t.me/joinchat/AAAAAE leads to no public channel.");
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task AMarkTellsTheEncoding(string encoding)
    {
        var chosen = Encoding.GetEncoding(encoding);
        foreach (var (name, text) in new[]
        {
            ("a.csv", "username,description\nnytimes,Новости\n"),
            ("a.json", """[{"username":"nytimes","description":"Новости"}]"""),
            ("a.ndjson", """{"username":"nytimes","description":"Новости"}"""),
        })
        {
            byte[] bytes = [.. chosen.GetPreamble(), .. chosen.GetBytes(text)];
            var part = await ReadAsync(folder.Write(name, bytes));

            part.Failure.ShouldBeNull(name);
            part.Channels.Single().Description.ShouldBe("Новости", name);
        }
    }

    [Fact]
    public async Task Utf16WithoutAMarkIsRecognized() =>
        (await ReadAsync(folder.Write("a.csv", Encoding.Unicode.GetBytes("username,description\nnytimes,Новости\n"))))
            .Channels.Single().Description.ShouldBe("Новости");

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.ndjson")]
    [InlineData("a.txt")]
    [InlineData("a.json")]
    public async Task AnotherEncodingIsFoundAndSaid(string name)
    {
        byte[] cyrillic = [0xCD, 0xEE, 0xE2, 0xEE, 0xF1, 0xF2, 0xE8];
        byte[] bytes = [.. "username,title\nnytimes,1\nguardian,"u8, .. cyrillic, .. "\n@guardian\n"u8];

        var part = await ReadAsync(folder.Write(name, bytes));

        part.Failure.ShouldBeNull();
        part.Channels.ShouldContain(channel => channel.Name == ChannelName.Parse("guardian"));
        part.Remarks.ShouldContain("it is not UTF-8; it is read as windows-1251, which is likeliest.");
    }

    [Fact]
    public async Task ALetterAtTheEdgeOfABufferIsNoOtherEncoding()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var duck = string.Concat(Enumerable.Repeat("🦆", 60_000));
            var part = await ReadAsync(folder.Write("a.txt", $"{new string(' ', shift)}{duck}\n@nytimes"));

            part.Failure.ShouldBeNull();
        }
    }

    [Fact]
    public async Task ALetterThatIsBrokenOffCostsItself()
    {
        var part = await ReadAsync(folder.Write("a.txt", [.. "@nytimes Газета "u8, 0xD0]));

        part.Channels.Single().Name.Value.ShouldBe("@nytimes");
        part.Remarks.ShouldBe(["1 characters of it can't be read, and are left out."]);
    }

    [Fact]
    public async Task AMissingHeaderIsSaidAndTheNamesAreTaken()
    {
        var part = await ReadAsync(folder.Write("a.csv", "1,@nytimes,News\n2,@guardian,News\n"));

        part.Channels.Select(channel => channel.Name.Value).ShouldBe(["@nytimes", "@guardian"]);
        part.Remarks.Single().ShouldBe(
            "its first line names no columns: of each line, only the channel is taken.");
    }

    [Theory]
    [InlineData("a.csv", "name of it,b\nx,y\n", "must name the columns: username")]
    [InlineData("a.csv", "", "it is empty")]
    [InlineData("a.csv", "username\n", "names no channel")]
    [InlineData("a.txt", "nothing here", "names no channel")]
    [InlineData("a.json", "[", "it is not JSON at line 1")]
    [InlineData("a.json", "{\"a\":1}", "not a list of channels")]
    [InlineData("a.json", "7", "not a list of channels")]
    [InlineData("a.csv", "PK\u0003\u0004zip", "Save it as CSV")]
    [InlineData("a.csv", "a\0\0b", "it is not a text")]
    public async Task AFileWithoutChannelsSaysWhy(string name, string text, string why)
    {
        var part = await ReadAsync(folder.Write(name, text));

        part.Failure.ShouldNotBeNull().ShouldContain(why);
        part.Failure!.ShouldContain(name);
    }

    [Fact]
    public async Task BadLinesAreNamedAndTheOthersTaken()
    {
        var csv = await ReadAsync(folder.Write("a.csv", "username,x\nnytimes,1\n,2\nbad name,3\nguardian\n\"a\"b,4\n"));
        csv.Channels.Count.ShouldBe(2);
        csv.Remarks.ShouldBe(["line 3 is left out: it names no channel: 2",
            "line 4 is left out: 'bad name' is not a channel's name: bad name, 3",
            "line 6 is left out: 'a\"b' is not a channel's name: a\"b, 4"]);

        var ndjson = await ReadAsync(folder.Write("a.ndjson", "{\"username\":\"nytimes\"}\n{bad\n7\n"));
        ndjson.Channels.Count.ShouldBe(1);
        ndjson.Remarks.ShouldBe(["line 2 is left out: it is not JSON: {bad", "line 3 is left out: it names no channel: 7"]);
    }

    [Fact]
    public async Task AQuotationMarkThatIsNeverClosedCostsItself()
    {
        var text = "username,title\nnytimes,\"1\n" + string.Concat(Enumerable.Repeat("guardian,1\n", 20_000));

        var part = await ReadAsync(folder.Write("a.csv", text));

        part.Channels.Select(channel => $"{channel.Name} {channel.Description}").ShouldBe(["@nytimes 1", "@guardian 1"]);
        part.PassedOver.ShouldBe([new(PassedOverReason.NamedAgain, 19_999)]);
    }

    [Fact]
    public async Task AnEndlessLineIsCut()
    {
        var endless = new string('x', 3_000_000);
        var text = await ReadAsync(folder.Write("a.txt", $"@nytimes\n{endless}\n@guardian"));
        text.Channels.Count.ShouldBe(2);
        text.Remarks.Single().ShouldStartWith("line 2 is left out after its first 1048576 characters");

        var table = await ReadAsync(folder.Write("a.csv", $"username,photo\n@nytimes,{endless}\n@guardian,x\n"));
        table.Channels.Count.ShouldBe(2);
        table.Remarks.Single().ShouldStartWith("line 2 has more than 1048576 characters");

        var json = await ReadAsync(folder.Write("a.ndjson",
            $"{{\"username\":\"nytimes\"}}\n{{\"username\":\"x\",\"y\":\"{endless}\"}}\n{{\"username\":\"guardian\"}}\n"));
        json.Channels.Count.ShouldBe(2);
        json.Remarks.Single().ShouldStartWith("line 2 is left out: it has more than 1048576 characters");
    }

    [Theory]
    [InlineData("a.csv", "username,description\n", "channel_{0},\"A title, {0}\"\n")]
    [InlineData("a.ndjson", "", "{{\"username\":\"channel_{0}\"}}\n")]
    [InlineData("a.txt", "", "https://t.me/channel_{0}\n")]
    public async Task AMillionLinesAreStreamed(string name, string head, string line)
    {
        var path = folder.File(name);
        await using (var file = new StreamWriter(path))
        {
            file.Write(head);
            for (var i = 0; i < 1_000_000; i++) file.Write(string.Format(null, line, i % 9_000));
        }

        // A process of its own, since a bound on this one's memory would count what other tests hold.
        var ended = await HeatProcess.RunAsync(folder, ["channels", "import", name, "--dry-run"],
            ("DOTNET_GCHeapHardLimit", $"{64 << 20:X}"));

        ended.Error.ShouldBeEmpty();
        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("991,000");
    }

    [Fact]
    public async Task MoreChannelsThanAFileCanHoldAreRefused()
    {
        var lines = Enumerable.Range(0, ChannelFile.ChannelsMax + 1).Select(i => $"@channel_{i}\n");

        (await ReadAsync(folder.Write("a.txt", string.Concat(lines)))).Failure
            .ShouldNotBeNull().ShouldContain("more than 10000 channels");
    }

    [Fact]
    public async Task AFileThatIsNotThereIsSaid()
    {
        (await ReadAsync(folder.File("no.csv"))).Failure.ShouldNotBeNull().ShouldContain("There is no file ");
        (await ReadAsync(folder.Path)).Failure.ShouldNotBeNull().ShouldContain("it is a directory");
    }

    [Fact]
    public async Task WhatHidesInATextIsGone()
    {
        var part = await ReadAsync(folder.Write("a.csv", "username,title\nnytimes,\u202ea\u200bb\n"));

        part.Channels.Single().Description.ShouldBe("ab");
    }

    private static async Task<SourcePart> ReadAsync(string path, string? category = null, Action<long>? onProgress = null)
    {
        var source = new FileSource(path) { Category = category, OnProgress = onProgress };
        return await source.FetchAsync(TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);
    }
}
