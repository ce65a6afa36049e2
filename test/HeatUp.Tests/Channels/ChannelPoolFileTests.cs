using HeatUp.Channels;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Channels;

public sealed class ChannelPoolFileTests : IDisposable
{
    private const string Nytimes = """[{"username": "@nytimes"}]""";
    private const string Guardian = """[{"username": "@theguardian"}]""";

    /// <summary>How long something may take that takes no time unless it is broken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly FakeLogger<ChannelPoolFile> log = new();

    private string Path => folder.File("channels.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ItHasTheFilesChannelsFromTheStart()
    {
        folder.Write("channels.json", Nytimes);

        NamesIn(Open()).ShouldBe(["@durov", "@nytimes", "@telegram"]);
        log.Collector.GetSnapshot().ShouldHaveSingleItem()
            .Message.ShouldBe($"The pool has 3 channels, read from {Path}");
    }

    [Fact]
    public void WithoutAFileItIsTheTwoVerifiedChannelsAndSaysSo()
    {
        var pool = Open();

        NamesIn(pool).ShouldBe(["@durov", "@telegram"]);
        pool.Warnings.ShouldBe(
            [$"Channels file {Path}: it does not exist.", "The pool is @durov and @telegram only."]);
        Warned().ShouldBe(pool.Warnings);
    }

    [Fact]
    public void TheChannelsThatComeAlongStandInWhileThereIsNoFile()
    {
        var pool = OpenWithBuiltin();

        pool.IsBuiltin.ShouldBeTrue();
        pool.Current.All.Length.ShouldBe(ChannelPool.Of(ChannelFile.Read(Repository.File("channels_data.json")).Channels).All.Length);
        pool.Warnings.ShouldBeEmpty();
        Warned().ShouldBeEmpty();
        log.Collector.GetSnapshot().ShouldHaveSingleItem().Message.ShouldEndWith("read from the list that comes along");
    }

    [Fact]
    public void AFileWinsOverTheChannelsThatComeAlongAndTakesNothingAwayWhenItDisappears()
    {
        var pool = OpenWithBuiltin();
        folder.Write("channels.json", Nytimes);

        NamesIn(Later(pool)).ShouldBe(["@durov", "@nytimes", "@telegram"]);
        pool.IsBuiltin.ShouldBeFalse();
        File.Delete(Path);
        NamesIn(Later(pool)).ShouldBe(["@durov", "@nytimes", "@telegram"]);
        pool.Warnings[0].ShouldBe($"Channels file {Path}: it does not exist.");
    }

    [Fact]
    public void ABrokenFileIsNoMissingOne()
    {
        folder.Write("channels.json", "[{");

        NamesIn(OpenWithBuiltin()).ShouldBe(["@durov", "@telegram"]);
        Warned().ShouldNotBeEmpty();
    }

    [Fact]
    public void TheFirstChangeWritesTheChannelsThatComeAlongIntoTheFile()
    {
        var place = new ChannelsPlace(Path, HasBuiltin: true);
        ChannelFileWriter.Update(place, entries => entries).ShouldBeFalse();
        File.Exists(Path).ShouldBeFalse();

        var added = ChannelFile.Read(WriteOneMore()).Entries[0];
        ChannelFileWriter.Update(place, entries => [.. entries, added]).ShouldBeTrue();

        ChannelFile.Read(Path).Entries.Length.ShouldBe(ChannelFile.Read(Repository.File("channels_data.json")).Entries.Length + 1);
        File.Exists($"{Path}.bak").ShouldBeFalse();
    }

    [Fact]
    public void AChangeIsSeenAfterASecondAndNotBefore()
    {
        folder.Write("channels.json", Nytimes);
        var pool = Open();
        folder.Write("channels.json", Guardian);

        clock.Advance(ChannelPoolFile.CheckEvery - TimeSpan.FromMilliseconds(1));
        NamesIn(pool).ShouldContain("@nytimes");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        NamesIn(pool).ShouldBe(["@durov", "@telegram", "@theguardian"]);
    }

    [Fact]
    public void AFileThatAppearsIsRead()
    {
        var pool = Open();

        folder.Write("channels.json", Nytimes);

        NamesIn(Later(pool)).ShouldContain("@nytimes");
        pool.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void AChangeOfTheSameLengthIsSeen()
    {
        folder.Write("channels.json", Nytimes);
        var pool = Open();
        folder.Write("channels.json", Nytimes.Replace("nytimes", "skynews", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(Path, File.GetLastWriteTimeUtc(Path).AddSeconds(1));

        NamesIn(Later(pool)).ShouldContain("@skynews");
    }

    [Fact]
    public void AnotherTargetOfALinkIsSeen()
    {
        folder.Write("one.json", Nytimes);
        folder.Write("two.json", Guardian);
        File.CreateSymbolicLink(folder.File("current.json"), "one.json");
        File.CreateSymbolicLink(Path, "current.json");
        var pool = Open();
        File.Delete(folder.File("current.json"));
        File.CreateSymbolicLink(folder.File("current.json"), "two.json");

        NamesIn(Later(pool)).ShouldContain("@theguardian");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""[{"username": "@the""")]
    [InlineData(null)]
    public void AHalfSavedOrDeletedFileDoesNotEmptyThePool(string? text)
    {
        folder.Write("channels.json", Nytimes);
        var pool = Open();
        if (text is null) File.Delete(Path);
        else folder.Write("channels.json", text);

        NamesIn(Later(pool)).ShouldContain("@nytimes");
        pool.Warnings.Length.ShouldBe(2);
        pool.Warnings[1].ShouldBe("The pool stays as it was read before: 3 channels.");

        folder.Write("channels.json", Guardian);
        NamesIn(Later(pool)).ShouldContain("@theguardian");
        pool.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void AGoodFileWithoutChannelsEmptiesThePool()
    {
        folder.Write("channels.json", Nytimes);
        var pool = Open();
        folder.Write("channels.json", "[]");

        NamesIn(Later(pool)).ShouldBe(["@durov", "@telegram"]);
        pool.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void WarningsAreLoggedOncePerChange()
    {
        folder.Write("channels.json", "null");
        var pool = Open();
        for (var i = 0; i < 5; i++) Later(pool).Warnings.Length.ShouldBe(2);
        Warned().Count.ShouldBe(2);

        folder.Write("channels.json", "[1]");
        for (var i = 0; i < 5; i++) Later(pool).Warnings.ShouldHaveSingleItem().ShouldContain("entry 1 is skipped");
        Warned().Count.ShouldBe(3);
    }

    [Fact]
    public void APoolThatSaysTheSameStaysTheSamePool()
    {
        folder.Write("channels.json", Nytimes);
        var pool = Open();
        var before = pool.Current;
        folder.Write("channels.json", Nytimes + "\n");

        Later(pool).Current.ShouldBeSameAs(before);
        log.Collector.Count.ShouldBe(2);
    }

    [Fact]
    public async Task OneCallerReadsWhileTheOthersGoOn()
    {
        folder.Write("channels.json", Nytimes);
        using var meeting = new Meeting();
        var pool = new ChannelPoolFile(Path, clock, meeting);
        folder.Write("channels.json", Guardian);
        clock.Advance(ChannelPoolFile.CheckEvery);
        meeting.IsOn = true;

        // The reader is held in its log until another caller has got a pool without waiting for it.
        var reader = Task.Run(() => pool.Current);
        meeting.Began.Wait(TestContext.Current.CancellationToken);
        clock.Advance(ChannelPoolFile.CheckEvery * 5);
        try { await Task.Run(() => pool.Current).WaitAsync(Patience, TestContext.Current.CancellationToken); }
        finally { meeting.MayEnd.Set(); }
        await reader;

        meeting.Reads.ShouldBe(2);
        NamesIn(pool).ShouldContain("@theguardian");
    }

    private string WriteOneMore()
    {
        folder.Write("one.json", """[{"username": "@one_more"}]""");
        return folder.File("one.json");
    }

    private ChannelPoolFile Open() => new(Path, clock, log);

    private ChannelPoolFile OpenWithBuiltin() => new(new ChannelsPlace(Path, HasBuiltin: true), clock, log);

    private ChannelPoolFile Later(ChannelPoolFile pool)
    {
        clock.Advance(ChannelPoolFile.CheckEvery);
        _ = pool.Current;
        return pool;
    }

    private static IEnumerable<string> NamesIn(ChannelPoolFile pool) =>
        pool.Current.All.Select(channel => channel.Name.Value);

    private IReadOnlyList<string> Warned() =>
        [.. log.Collector.GetSnapshot().Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];

    /// <summary>A log in which a reader can be held.</summary>
    private sealed class Meeting : ILogger<ChannelPoolFile>, IDisposable
    {
        public ManualResetEventSlim Began { get; } = new();

        public ManualResetEventSlim MayEnd { get; } = new();

        public bool IsOn { get; set; }

        public int Reads { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Reads++;
            if (!IsOn) return;
            Began.Set();
            MayEnd.Wait();
        }

        public void Dispose()
        {
            Began.Dispose();
            MayEnd.Dispose();
        }
    }
}
