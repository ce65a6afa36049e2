using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Runs;
using HeatUp.Runs.Validation;
using HeatUp.Sessions.Postgres;
using HeatUp.Testing;
using HeatUp.Tests.Channels.Sources;
using HeatUp.Tests.Runs.Validation;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>What machines share of their channels: calls to TGStat, and the checks of their files.</summary>
public sealed class PostgresChannelsTests(PostgresServer server) : CallLedgerContract, IAsyncLifetime
{
    private readonly ValidationWorld here = new(), there = new();
    private readonly List<PostgresSessionStore> stores = [];
    private PostgresAddress? address;

    public async ValueTask InitializeAsync() => address = await server.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores) await store.DisposeAsync();
        here.Dispose();
        there.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<ICallLedger> OpenAsync() => await MachineAsync();

    [Fact]
    public async Task MachinesThatFetchAtOnceStayBelowOneLimitTogether()
    {
        var machines = new List<PostgresChannels>();
        for (var machine = 0; machine < 4; machine++) machines.Add(await MachineAsync());

        var may = await Task.WhenAll(
            from machine in machines from call in Enumerable.Range(0, 5) select machine.TryAddAsync(7, Cancellation).AsTask());

        may.Count(one => one).ShouldBe(7);
        (await machines[0].CallsAsync(Cancellation)).Times.Count.ShouldBe(7);
    }

    [Fact]
    public async Task FetchesOnTwoMachinesAreCountedTogether()
    {
        await using var tgstat = await StubTgstat.StartAsync();
        using TempFolder one = new(), other = new();
        foreach (var folder in (TempFolder[])[one, other])
        {
            var ended = await HeatProcess.RunAsync(folder, ["channels", "fetch", "--category", "News", "--budget", "1"],
                ("CHANNELS_FILE", folder.File("channels.json")), ("TGSTAT_BASE_URL", tgstat.BaseUrl.OriginalString),
                ("TGSTAT_API_TOKEN", StubTgstat.Token), ("DATABASE_URL", PostgresServer.UrlOf(address!)));
            ended.Code.ShouldBe(folder == one ? 0 : 1, ended.Error);
            if (folder == other) ended.Error.ShouldContain("1 call is needed, and 0 of 1 in 30 days are left.");
            Directory.GetFiles(folder.Path, "tgstat_calls*").ShouldBeEmpty();
        }
        tgstat.Searches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ACallOfAMonthAgoCountsNoMore()
    {
        var ledger = await MachineAsync();
        await PostgresServer.RunAsync(address!, "INSERT INTO tgstat_calls SELECT clock_timestamp() - '30 days 1 second'::interval");

        (await ledger.CallsAsync(Cancellation)).Times.ShouldBeEmpty();
        (await ledger.TryAddAsync(1, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task ADatabaseThatIsAwayPermitsNoCall()
    {
        var ledger = await MachineAsync();
        await PostgresServer.RunAsync(address!, "DROP TABLE tgstat_calls");

        (await Should.ThrowAsync<IOException>(async () => await ledger.TryAddAsync(9, Cancellation)))
            .Message.ShouldContain("can't be counted");
    }

    [Fact]
    public async Task WhatOneMachineFindsOutHoldsOnAll()
    {
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(there));
        here.Answers[ValidationWorld.Name(3)] = ValidationWorld.Gone;
        here.Answers[ValidationWorld.Name(4)] = new(new(ChatKind.Channel, ValidationWorld.Name(4), "Title", 777, false), null);
        await here.PassAsync();

        await ours.RunAsync(Cancellation);
        await theirs.RunAsync(Cancellation);

        there.Entry(3).Check.ShouldBe(here.Entry(3).Check);
        there.Entry(3).IsUsable.ShouldBeFalse();
        there.Entry(4).Channel.Subscribers.ShouldBe(777);
        there.Entries.ShouldAllBe(entry => entry.Check != null);
        File.ReadAllText(there.Path).ShouldContain("\"kept\"", customMessage: "fields that nobody here knows stay");
        there.LookedUp.ShouldBeEmpty();
    }

    [Fact]
    public async Task OfOneChannelTheNewerCheckStaysWhicheverCameFirst()
    {
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(there));
        here.Answers[ValidationWorld.Name(0)] = ValidationWorld.Gone;
        await here.PassAsync();
        there.Clock.Advance(TimeSpan.FromHours(1));
        await there.PassAsync();

        foreach (var exchange in (CheckExchange[])[theirs, ours, theirs]) await exchange.RunAsync(Cancellation);

        here.Entry(0).IsUsable.ShouldBeTrue("it was looked up an hour later, and was there");
        there.Entry(0).Check.ShouldBe(here.Entry(0).Check);
    }

    [Fact]
    public async Task AChannelThatOnlyOneMachineListsStaysItsOwn()
    {
        using var small = new ValidationWorld(channels: 2);
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(small));
        await here.PassAsync();

        await ours.RunAsync(Cancellation);
        await theirs.RunAsync(Cancellation);

        small.Entries.Count.ShouldBe(2);
        small.Entries.ShouldAllBe(entry => entry.Check != null);
    }

    [Fact]
    public async Task WhatHasNotChangedWritesNothing()
    {
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(there));
        await here.PassAsync();
        foreach (var exchange in (CheckExchange[])[ours, theirs]) await exchange.RunAsync(Cancellation);
        var (file, rows) = (File.GetLastWriteTimeUtc(there.Path), await WrittenAsync());

        foreach (var exchange in (CheckExchange[])[ours, theirs, ours]) await exchange.RunAsync(Cancellation);

        File.GetLastWriteTimeUtc(there.Path).ShouldBe(file);
        (await WrittenAsync()).ShouldBe(rows);
    }

    [Fact]
    public async Task AFaultThatOnlyALaterVersionKnowsIsNotTakenForNone()
    {
        var theirs = await ExchangeAsync(there);
        there.Answers[ValidationWorld.Name(0)] = ValidationWorld.Gone;
        await there.PassAsync();
        await theirs.RunAsync(Cancellation);
        await PostgresServer.RunAsync(address!,
            "UPDATE channel_checks SET fault = 'melted', checked_at = checked_at + '1 hour'::interval, written_at = clock_timestamp()");

        await theirs.RunAsync(Cancellation);

        there.Entry(0).Check.ShouldNotBeNull().Fault.ShouldBe(ChannelFault.Gone);
    }

    [Fact]
    public async Task FaultsOfMoreThanAFifthOfThePoolAreNotTakenOver()
    {
        using var small = new ValidationWorld(channels: 5);
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(small));
        foreach (var number in (int[])[0, 1]) here.Answers[ValidationWorld.Name(number)] = ValidationWorld.Gone;
        await here.PassAsync();
        (await ours.RunAsync(Cancellation)).ShouldBe(0);

        (await theirs.RunAsync(Cancellation)).ShouldBe(2, "two of ten were gone there, and two of five would be here");

        small.Entries.ShouldAllBe(entry => entry.IsUsable);
        small.Entries.Count(entry => entry.Check != null).ShouldBe(3);
    }

    [Fact]
    public async Task ACheckByAClockThatIsAheadStaysItsMachinesOwn()
    {
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(there));
        here.Clock.SetUtcNow(TimeProvider.System.GetUtcNow().AddDays(365));
        await here.PassAsync();

        await ours.RunAsync(Cancellation);
        (await WrittenAsync()).ShouldBeEmpty();
        await PostgresServer.RunAsync(address!,
            "INSERT INTO channel_checks VALUES ('@channel00', clock_timestamp() + '1 year'::interval, 'gone', clock_timestamp())");
        await theirs.RunAsync(Cancellation);

        there.Entries.ShouldAllBe(entry => entry.Check == null);
    }

    [Fact]
    public async Task AFileThatCannotBeWrittenStillTellsWhatItKnows()
    {
        var (ours, theirs) = (await ExchangeAsync(here), await ExchangeAsync(there));
        here.Answers[ValidationWorld.Name(0)] = ValidationWorld.Gone;
        await here.PassAsync();
        await ours.RunAsync(Cancellation);
        File.WriteAllText(there.Path, """
            [{"username":"@channel00"},{"username":"@elsewhere","checked_at":"2026-01-02T03:04:05Z"},
            {"username":"@one"},{"username":"@two1"},{"username":"@three"},{"username":"@four"}]
            """);
        // A folder in the place of the lock: nobody can take it, not even a user that may do anything.
        File.Delete($"{there.Path}.lock");
        Directory.CreateDirectory($"{there.Path}.lock");

        await Should.ThrowAsync<ChannelFileException>(async () => await theirs.RunAsync(Cancellation));

        (await PostgresServer.RowsAsync(address!, "SELECT channel FROM channel_checks", row => row.GetString(0)))
            .ShouldContain("@elsewhere");
        Directory.Delete($"{there.Path}.lock");
        await theirs.RunAsync(Cancellation);
        there.Entry(0).IsUsable.ShouldBeFalse("it is tried again");
    }

    [Fact]
    public async Task OneMachineMakesThePassOfAnHour()
    {
        var (ours, theirs) = (await MachineAsync(), await MachineAsync());
        (await ours.TryClaimAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBeTrue();
        (await theirs.TryClaimAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBeFalse();
        (await ours.TryClaimAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBeFalse();

        await PostgresServer.RunAsync(address!, "UPDATE heat_up SET checks_at = checks_at - '1 hour'::interval");

        (await theirs.TryClaimAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBeTrue();
        (await ours.TryClaimAsync(TimeSpan.FromHours(1), Cancellation)).ShouldBeFalse();
    }

    private async Task<PostgresChannels> MachineAsync()
    {
        stores.Add(await PostgresSessionStore.OpenAsync(address!, null, TimeProvider.System, cancellation: Cancellation));
        return stores[^1].Channels;
    }

    private async Task<CheckExchange> ExchangeAsync(ValidationWorld world) => new(world.Path, await MachineAsync());

    private Task<List<DateTime>> WrittenAsync() =>
        PostgresServer.RowsAsync(address!, "SELECT written_at FROM channel_checks ORDER BY channel", row => row.GetDateTime(0));
}
