using System.Text.Json;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Fetching and importing channels, as their user meets it.</summary>
public sealed class ChannelsCommandTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private StubTgstat stub = null!;

    private string ChannelsPath => folder.File("channels.json");

    public async ValueTask InitializeAsync() => stub = await StubTgstat.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await stub.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task AFetchMergesAndSaysForEachCategoryWhatItDid()
    {
        folder.Write("channels.json", """
            [{"username": "@by_hand", "description": "Mine.", "category": "News"},
             {"username": "@old_one", "category": "News", "source": "tgstat"}]
            """);

        var ended = await RunAsync("channels", "fetch");

        ended.Error.ShouldBeEmpty();
        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("News, not found any more: @old_one");
        ended.Out.ShouldContain("10 calls made; 33 of 50 in 30 days left.");
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(ChannelsPath, TestContext.Current.CancellationToken));
        json.RootElement.GetArrayLength().ShouldBe(32);
        var entry = json.RootElement.EnumerateArray().First(one => one.Text("username") == "@news_no1");
        entry.Text("source").ShouldBe("tgstat");
        entry.Text("tgstat_url").ShouldBe("https://t.me/news_no1");
        entry.Text("added_at").ShouldEndWith("Z");
        File.Exists($"{ChannelsPath}.bak").ShouldBeTrue();
        await NoFileHasTheToken();
    }

    [Fact]
    public async Task ChannelsThatTelegramHoldsToBeSimilarComeInWithTheCategoryOfThoseTheyAreLike()
    {
        folder.Write("channels.json", """[{"username": "@nytimes", "category": "News"}]""");

        var dry = await RunAsync("channels", "import", "--similar", "--dry-run");
        var ended = await RunAsync("channels", "import", "--similar");
        var both = await RunAsync("channels", "import", "list.csv", "--similar");
        var neither = await RunAsync("channels", "import");

        dry.Out.ShouldContain("Nothing is written");
        ended.Error.ShouldBeEmpty();
        ended.Code.ShouldBe(0);
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(ChannelsPath, TestContext.Current.CancellationToken));
        var similar = json.RootElement.EnumerateArray().Where(one => one.TryGetProperty("source", out _)).ToList();
        similar.ShouldNotBeEmpty();
        similar.ShouldAllBe(one => one.Text("source") == "similar" && one.Text("added_at").EndsWith('Z'));
        similar.ShouldContain(one => one.Text("category") == "News");
        both.Code.ShouldBe(2);
        neither.Code.ShouldBe(2);
        neither.Error.ShouldContain("Name a file, - for standard input, or --similar");
    }

    [Fact]
    public async Task ProgramsGetTheSameInJson()
    {
        var ended = await RunAsync("channels", "fetch", "--category", "news", "--category", "music", "--json");

        var answer = JsonDocument.Parse(ended.Out).RootElement;
        answer.List("parts").Select(part => part.Text("title")).ShouldBe(["News", "Music"]);
        answer.List("parts")[0].GetProperty("new").GetArrayLength().ShouldBe(3);
        answer.GetProperty("calls").Number("made").ShouldBe(2);
        answer.GetProperty("written").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task ADryRunShowsTheCallsAndMakesNone()
    {
        var ended = await RunAsync("channels", "fetch", "--dry-run");

        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("GET /channels/search?category=news&country=ru&peer_type=channel&limit=100&token=***");
        ended.Out.ShouldContain("10 calls; 43 left of 50 in 30 days, 0 made from here; TGStat counts 7 of 50.");
        stub.Searches.ShouldBeEmpty();
        File.Exists(ChannelsPath).ShouldBeFalse();
    }

    [Fact]
    public async Task ADryRunWorksWhereNothingCanBeWritten()
    {
        folder.Write("channels.json", """[{"username": "@nytimes", "category": "News"}]""");
        folder.Write("list.csv", "username,title,subscribers\nguardian,The Guardian,12\n");
        // Folders in the way of the locks: nobody can take them, not even a user that may do anything.
        foreach (var file in (string[])["channels.json.lock", "tgstat_calls.json.lock", "channels.json.part"])
            Directory.CreateDirectory(folder.File(file));
        var before = Directory.GetFileSystemEntries(folder.Path);

        var fetch = await RunAsync("channels", "fetch", "--dry-run");
        var import = await RunAsync("channels", "import", "list.csv", "--category", "Papers", "--dry-run");

        (fetch.Code, fetch.Error).ShouldBe((0, ""));
        (import.Code, import.Error).ShouldBe((0, ""));
        import.Out.ShouldContain("Nothing is written");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe(before, ignoreOrder: true);
        (await RunAsync("channels", "import", "list.csv", "--category", "Papers")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task ADryRunOfAFileThatCantBeReadIsRefusedAsTheRealOneIs()
    {
        folder.Write("channels.json", "[{,]");
        folder.Write("list.csv", "username\nguardian\n");

        foreach (var arguments in (string[][])[["fetch"], ["import", "list.csv", "--category", "Papers"]])
            (await RunAsync(["channels", .. arguments, "--dry-run"])).Code.ShouldBe(1);
    }

    [Fact]
    public async Task ADryRunRefusesWhatTheRunRefuses()
    {
        folder.Write("channels.json", """[{"username": "@nytimes"}]""");
        folder.Write("full.txt", string.Concat(Enumerable.Range(0, 10_000).Select(i => $"@full_name_{i}\n")));

        var dry = await RunAsync("channels", "import", "full.txt", "--dry-run");
        var ended = await RunAsync("channels", "import", "full.txt");

        (dry.Code, ended.Code).ShouldBe((1, 1));
        ended.Error.ShouldContain("would have 10001 channels, and 10000 are read at most");
        dry.Error.ShouldBe(ended.Error);
    }

    [Fact]
    public async Task ADryRunWithoutTheFolderIsRefusedAsTheRunIs()
    {
        folder.Write("list.csv", "username\nguardian\n");
        foreach (var dry in (string[][])[[], ["--dry-run"]])
            (await HeatProcess.RunAsync(folder, ["channels", "import", "list.csv", .. dry],
                ("CHANNELS_FILE", folder.File("no/channels.json")))).Code.ShouldBe(1);
    }

    [Fact]
    public async Task TheEndOfAnImportCountsWhatWasPassedOver()
    {
        folder.Write("list.json",
            """[{"username":"nytimes"},{"username":"NYTimes"},{"username":"a_talk","megagroup":true},{"title":"Secret"},{"title":"Hush"}]""");

        var shown = await RunAsync("channels", "import", "list.json", "--dry-run");
        var json = await RunAsync("channels", "import", "list.json", "--dry-run", "--json");

        shown.Out.ShouldContain("passed over: 2 without a public name, 1 group, 1 named again");
        var part = JsonDocument.Parse(json.Out).RootElement.List("parts")[0];
        part.List("passed_over").Select(one => $"{one.Text("reason")} {one.Number("count")}")
            .ShouldBe(["not_public 2", "group 1", "named_again 1"]);
    }

    [Fact]
    public async Task OneCategoryThatFailsKeepsTheOthers()
    {
        stub.Then(StubTgstat.Error("outdated_statistics"));

        var ended = await RunAsync("channels", "fetch", "--category", "News", "--category", "Music");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("News: TGStat is renewing its statistics (outdated_statistics). Try again in 15 minutes.");
        (await File.ReadAllTextAsync(ChannelsPath, TestContext.Current.CancellationToken)).ShouldContain("@music_no1");
    }

    [Theory]
    [InlineData("token_invalid")]
    [InlineData("flood")]
    [InlineData("html")]
    public async Task NothingFetchedLeavesTheFileAsItWas(string fault)
    {
        folder.Write("channels.json", "[ {\"username\": \"@by_hand\"} ]");
        stub.Then(fault switch
        {
            "html" => StubReply.Raw($"<html>{StubTgstat.Token}</html>"),
            "flood" => StubTgstat.Error($"no {StubTgstat.Token}"),
            _ => StubTgstat.Error("token_invalid"),
        });

        var ended = await RunAsync("channels", "fetch", "--category", "News");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("error: News: TG");
        (await File.ReadAllTextAsync(ChannelsPath, TestContext.Current.CancellationToken))
            .ShouldBe("[ {\"username\": \"@by_hand\"} ]");
        File.Exists($"{ChannelsPath}.bak").ShouldBeFalse();
        await NoFileHasTheToken();
    }

    [Fact]
    public async Task WithoutATokenItSaysWhichSettingIsMissing()
    {
        var ended = await HeatProcess.RunAsync(folder, ["channels", "fetch"]);

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("TGSTAT_API_TOKEN is not set");
    }

    [Fact]
    public async Task ABrokenFileIsRefusedBeforeACallIsSpent()
    {
        folder.Write("channels.json", "[{\"username\": \"@by_hand\"}");

        var ended = await RunAsync("channels", "fetch");

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("mend it");
        stub.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnImportTakesAFileAndFillsOnlyGapsOfOthers()
    {
        folder.Write("channels.json", """[{"username": "@nytimes", "description": "Mine.", "category": "News"}]""");
        folder.Write("list.csv", "username,title,subscribers\nnytimes,Theirs,12\nguardian,The Guardian,\nbad name,,\n");

        var dry = await RunAsync("channels", "import", "list.csv", "--category", "Papers", "--dry-run", "--json");
        JsonDocument.Parse(dry.Out).RootElement.Number("total").ShouldBe(2);
        File.Exists($"{ChannelsPath}.bak").ShouldBeFalse();

        var ended = await RunAsync("channels", "import", "list.csv", "--category", "Papers");
        ended.Code.ShouldBe(0);
        ended.Error.ShouldContain("line 4 is left out");
        ended.Out.ShouldContain("@nytimes (subscribers, tgstat_url)");
        var text = await File.ReadAllTextAsync(ChannelsPath, TestContext.Current.CancellationToken);
        text.ShouldContain("\"description\": \"Mine.\"");
        text.ShouldContain("\"source\": \"import:list.csv\"");

        (await RunAsync("channels", "import", "list.csv", "--category", "Papers")).Out.ShouldContain("is as it was");
    }

    [Theory]
    [InlineData("no.csv")]
    [InlineData("-")]
    public async Task AnImportOfNothingSaysSo(string file)
    {
        var ended = await RunAsync("channels", "import", file);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("can't be imported");
        File.Exists(ChannelsPath).ShouldBeFalse();
    }

    [Theory]
    [InlineData("fetch", "--budget", "0")]
    [InlineData("import", "a.csv", "--format", "xlsx")]
    [InlineData("import", "")]
    [InlineData("import")]
    public async Task WrongUseSaysWhatIsAllowed(params string[] arguments) =>
        (await RunAsync(["channels", .. arguments])).Code.ShouldBe(2);

    private Task<HeatProcess.Ended> RunAsync(params string[] arguments) => HeatProcess.RunAsync(
        folder, arguments, ("CHANNELS_FILE", ChannelsPath), ("TGSTAT_API_TOKEN", StubTgstat.Token),
        ("TGSTAT_BASE_URL", stub.BaseUrl.ToString()), ("LOG_LEVEL", "trace"));

    private async Task NoFileHasTheToken()
    {
        foreach (var file in Directory.GetFiles(folder.Path))
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldNotContain(StubTgstat.Token[..8]);
    }
}
