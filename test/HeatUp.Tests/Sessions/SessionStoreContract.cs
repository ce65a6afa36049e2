using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Conduct;
using HeatUp.Runs;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions;

/// <summary>What every store of sessions keeps. A subclass says how one is opened.</summary>
public abstract class SessionStoreContract : IAsyncLifetime
{
    private readonly List<ISessionStore> opened = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the same memory each time, for the sittings of a Telegram.</summary>
    protected abstract Task<ISessionStore> OpenSameAsync(TelegramMode telegram);

    /// <summary>Opens a memory of its own.</summary>
    protected abstract Task<ISessionStore> OpenOtherAsync(TelegramMode telegram);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<ISessionStore> OpenAsync(TelegramMode telegram = TelegramMode.Sandbox)
    {
        var store = await OpenSameAsync(telegram);
        opened.Add(store);
        return store;
    }

    [Fact]
    public async Task NothingIsKnownOfANewSession()
    {
        var store = await OpenAsync();

        (await store.RecallAsync(Alice, Cancellation)).ShouldBeEquivalentTo(Recollection.OfNobody(Alice));
        (await store.HistoryAsync(Alice)).ShouldBe(
            """{"session_id":"alice","summary":{"is_new":true,"total_actions":0,"joined_channels":[],"last_activity":null,"recent_actions":[]},"history":[]}""");
    }

    [Fact]
    public async Task WhatWasDoneIsToldNewestFirst()
    {
        var store = await OpenAsync();
        await store.LiveAsync(Alice, 1, Noon, Join("@durov", "новости"), Idle());

        const string join =
            """{"id":1,"session_id":"alice","action_type":"join_channel","action_data":{"action":"join_channel","channel_username":"@durov","reason":"новости"},"timestamp":"2024-01-10T12:00:01.000000Z"}""";
        const string idle =
            """{"id":2,"session_id":"alice","action_type":"idle","action_data":{"action":"idle","duration_seconds":5,"reason":"tea"},"timestamp":"2024-01-10T12:00:02.000000Z"}""";
        (await store.HistoryAsync(Alice)).ShouldBe(
            "{\"session_id\":\"alice\",\"summary\":{\"is_new\":false,\"total_actions\":2,\"joined_channels\":[\"@durov\"]," +
            $"\"last_activity\":\"2024-01-10T12:00:02.000000Z\",\"recent_actions\":[{idle},{join}]}},\"history\":[{idle},{join}]}}");
    }

    [Theory]
    [InlineData(TelegramMode.Sandbox, TelegramMode.Live)]
    [InlineData(TelegramMode.Live, TelegramMode.Sandbox)]
    [InlineData(TelegramMode.Live, TelegramMode.Test)]
    public async Task AMemoryIsOneTelegramsFromItsFirstSitting(TelegramMode owner, TelegramMode other)
    {
        var store = await OpenAsync(owner);
        await store.SitAsync(Alice, 1, Noon, Join("@durov"));
        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);
        await store.SitAsync(Bob, 1, Noon, Idle());

        var said = (await Should.ThrowAsync<StoreException>(() => OpenAsync(other))).Message;

        said.ShouldContain($"TELEGRAM_MODE={owner}", Case.Insensitive);
        said.ShouldContain($"for {other}.", Case.Insensitive);
        await OpenAsync(owner);
        await using var elsewhere = await OpenOtherAsync(other);
    }

    [Fact]
    public async Task LookingAtAMemoryMakesItNobodys()
    {
        var store = await OpenAsync(TelegramMode.Sandbox);
        await store.RecallAsync(Alice, Cancellation);
        await store.HistoryAsync(Alice);
        (await store.BeginAsync(Run(Alice, sitting: 2), Cancellation)).Kind.ShouldBe(BeginningKind.Stale);

        await OpenAsync(TelegramMode.Live);
    }

    [Fact]
    public async Task OfTwoTelegramsTheFirstThatBeginsHasTheMemory()
    {
        var (sandbox, live) = (await OpenAsync(TelegramMode.Sandbox), await OpenAsync(TelegramMode.Live));
        await live.SitAsync(Alice, 1, Noon, Idle());

        await Should.ThrowAsync<StoreException>(sandbox.BeginAsync(Run(Bob), Cancellation).AsTask());

        (await sandbox.FindRunAsync(Run(Bob).Id, Cancellation)).ShouldBeNull();
        await live.SitAsync(Bob, 1, Noon, Idle());
    }

    [Fact]
    public async Task AStoreSaysWhatItIsAndWhereItIs()
    {
        var store = await OpenAsync();

        (store.Kind.Length, store.Place.Length).ShouldSatisfyAllConditions(
            lengths => lengths.Item1.ShouldBeGreaterThan(0), lengths => lengths.Item2.ShouldBeGreaterThan(0));
    }

    [Fact]
    public async Task OfEqualTimesTheHigherNumberComesFirst()
    {
        var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon);
        for (var i = 1; i <= 7; i++) await store.RememberAsync(run.Hold, Done(i, Idle(i + 1), Noon));

        var history = await store.TypedHistoryAsync(Alice);

        history.History.Select(action => action.Id).ShouldBe([7, 6, 5, 4, 3, 2, 1]);
        history.Summary.RecentActions.Select(action => action.Id).ShouldBe([7, 6, 5, 4, 3]);
    }

    [Fact]
    public async Task InteractionsAreWhatSessionsFollowAndWhatTheyHaveRead()
    {
        var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Join("@durov"), Read("@durov"), Read("@durov"), Read("@telegram"), Idle());
        await store.SitAsync(Bob, 1, Noon, Join("@telegram"));
        await store.CleanUpAsync(Noon.AddSeconds(4), isAwaited: true, Cancellation);

        var pairs = new List<string>();
        await foreach (var (session, channel) in store.InteractionsAsync(Cancellation)) pairs.Add($"{session} {channel}");

        pairs.Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(["alice @durov", "alice @telegram", "bob @telegram"]);
    }

    [Fact]
    public async Task WhatASessionDidSinceATimeIsCountedWithoutWhatConductRefused()
    {
        var store = await OpenAsync();
        await store.SitAsync(Bob, 1, Noon, Join("@durov"), Read("@durov"));
        await store.SitAsync(Alice, 1, Noon.AddDays(-1), Join("@durov"), Read("@durov"));
        var run = await store.LiveAsync(Alice, 2, Noon, Join("@telegram"), Read("@telegram"), Read("@durov"), Idle());
        var refused = new Outcome.Refused(TelegramError.OfConduct("No."));
        var until = Noon.AddHours(2);
        await store.RememberAsync(run.Hold, Step(5, Read("@bbcnews"), refused));
        await store.RememberAsync(run.Hold, Step(6, Join("@bbcnews"), new Outcome.Refused(new(400, "CHANNEL_PRIVATE"))));
        await store.RememberAsync(run.Hold, Step(7, Read("@durov"), new Outcome.MustWait(until, new(420, "FLOOD_WAIT_7"))));

        (await ((IActionCounts)store).CountAsync(Alice, Noon, Cancellation)).ShouldBe(new ActionCounts(1, 2, 3, until));
        (await ((IActionCounts)store).CountAsync(Alice, Noon.AddDays(1), Cancellation)).ShouldBe(new ActionCounts(0, 0, 0, until));
        (await store.FindRunAsync(run.Id, Cancellation))!.Steps[4].Outcome.ShouldBe(refused);
    }

    [Fact]
    public async Task AJoinedChannelIsNamedOnceWhateverItsCase()
    {
        var store = await OpenAsync();
        await store.LiveAsync(Alice, 1, Noon, Join("@durov"), Join("@telegram"), Join("@Durov"), Read("@bbcnews"));

        (await store.TypedHistoryAsync(Alice)).Summary.JoinedChannels.ShouldBe(["@Durov", "@telegram"]);
        (await store.RecallAsync(Alice, Cancellation)).Joined.Select(joined => joined.Channel)
            .ShouldBe([ChannelName.Parse("@telegram"), ChannelName.Parse("@durov")]);
    }

    [Fact]
    public async Task OnlyWhatWasDoneSinceATimeIsToldButTheNewestOfAllIsNamed()
    {
        var store = await OpenAsync();
        await store.LiveAsync(Alice, 1, Noon, Idle(), Idle(), Idle());

        var part = await store.TypedHistoryAsync(Alice, Noon.AddSeconds(2));
        var none = await store.TypedHistoryAsync(Alice, Noon.AddDays(1));

        part.History.Count.ShouldBe(2, "what was done at that very time counts");
        part.Summary.TotalActions.ShouldBe(2);
        none.Summary.TotalActions.ShouldBe(0);
        none.Summary.IsNew.ShouldBeFalse();
        none.Summary.LastActivity.ShouldBe(Noon.AddSeconds(3));
    }

    [Fact]
    public async Task WhatWasRememberedIsThereAfterARestart()
    {
        var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Join("@durov"), Idle());
        var (past, history) = (await store.RecallAsync(Alice, Cancellation), await store.HistoryAsync(Alice));
        await store.DisposeAsync();

        store = await OpenAsync();

        (await store.RecallAsync(Alice, Cancellation)).ShouldBeEquivalentTo(past);
        (await store.HistoryAsync(Alice)).ShouldBe(history);
    }

    [Fact]
    public async Task ARunIsFoundAsItWasLived()
    {
        var store = await OpenAsync();
        var origin = new PlanOrigin(PlannerKind.Builtin, "the model was silent", new TokenUsage(900, 80, 512));
        var run = Run(Alice, plan: new Plan([Join("@durov"), Read("@telegram", 30), Idle(2), Join("@bbcnews"), Idle()], origin));
        Step[] steps =
        [
            Done(1, run.Plan.Actions[0]),
            Done(2, run.Plan.Actions[1], posts: 12),
            Step(3, run.Plan.Actions[2], new Outcome.MustWait(Noon.AddHours(1), new TelegramError(420, "FLOOD_WAIT_3600"))),
            Step(4, run.Plan.Actions[3], new Outcome.Refused(new TelegramError(400, "CHANNEL_PRIVATE \"x\" \u0007 я 😀"))),
            Step(5, run.Plan.Actions[4], new Outcome.AccountLost(new TelegramError(401, "USER_DEACTIVATED_BAN"))),
        ];
        var end = new RunEnd(RunStatus.Failed, EndCode.AccountLost, "Logged out.");
        var hold = await store.BegunAsync(run);
        foreach (var step in steps) await store.RememberAsync(hold, step);
        (await store.FindRunAsync(run.Id, Cancellation))!.Status.ShouldBe(RunStatus.Running);
        await store.EndAsync(hold, end, Noon.AddMinutes(3));

        var found = (await store.FindRunAsync(run.Id, Cancellation)).ShouldNotBeNull();

        found.Steps.ShouldBe(steps);
        found.Plan.Actions.ShouldBe(run.Plan.Actions);
        found.Plan.Origin.ShouldBe(origin);
        (found with { Steps = run.Steps, Plan = run.Plan }).ShouldBe(run with { End = end, EndedAt = Noon.AddMinutes(3) });
    }

    [Fact]
    public async Task AnUnknownRunIsNotFound() =>
        (await (await OpenAsync()).FindRunAsync(Run(Alice).Id, Cancellation)).ShouldBeNull();

    [Fact]
    public async Task WhatWasRefusedIsOfTheRunAndNotOfTheHistory()
    {
        var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon);
        await store.RememberAsync(run.Hold, Step(1, Join("@durov"), new Outcome.Refused(new TelegramError(400, "CHANNEL_PRIVATE"))));

        (await store.TypedHistoryAsync(Alice)).History.ShouldBeEmpty();
        (await store.RecallAsync(Alice, Cancellation)).Joined.ShouldBeEmpty();
        (await store.FindRunAsync(run.Id, Cancellation))!.Steps.Count.ShouldBe(1);
    }

    [Fact]
    public async Task OfManyThatBeginAtOnceOneBegins()
    {
        var stores = new[] { await OpenAsync(), await OpenAsync() };

        var beginnings = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            stores[i % 2].BeginAsync(Run(Alice, 1, Noon.AddSeconds(i)), Cancellation).AsTask()));

        beginnings.Count(beginning => beginning.Kind == BeginningKind.Begun).ShouldBe(1);
        beginnings.Where(beginning => beginning.Kind == BeginningKind.AlreadyRunning)
            .Select(beginning => beginning.Running).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task ManySittingsAtOnceAreAllRemembered()
    {
        var store = await OpenAsync();
        var sessions = Enumerable.Range(0, 300).Select(i => SessionId.Parse($"s{i}")).ToArray();

        await Task.WhenAll(sessions.Select(session => store.SitAsync(session, 1, Noon, Join("@durov"), Read("@durov"), Idle())));

        foreach (var session in sessions)
        {
            (await store.TypedHistoryAsync(session)).Summary.TotalActions.ShouldBe(3);
            (await store.RecallAsync(session, Cancellation)).Joined.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task AStepIsRememberedOnceAndItsRefusalHarmsNoOther()
    {
        var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon, Idle());
        var other = await store.LiveAsync(Bob, 1, Noon);

        var again = store.RememberAsync(run.Hold, Done(1, Idle())).AsTask();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => store.RememberAsync(other.Hold, Done(i, Idle())).AsTask()));

        (await Should.ThrowAsync<StoreException>(again)).Message.ShouldContain("remembered already");
        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(1);
        (await store.TypedHistoryAsync(Bob)).Summary.TotalActions.ShouldBe(50);
    }

    [Fact]
    public async Task EndingTwiceKeepsTheFirstEnd()
    {
        var store = await OpenAsync();
        var run = await store.SitAsync(Alice, 1, Noon);
        await store.EndAsync(run.Hold, RunEnd.Cancelled, Noon.AddHours(5));

        (await store.FindRunAsync(run.Id, Cancellation))!.End.ShouldBe(RunEnd.Completed);
    }

    [Fact]
    public async Task EndingARunThatIsNotThereDoesNothing()
    {
        var store = await OpenAsync();
        var run = Run(Alice);

        (await store.EndAsync(new Hold(run.Id, Alice, 1, 1), RunEnd.Cancelled, Noon)).ShouldBeFalse();

        (await store.FindRunAsync(run.Id, Cancellation)).ShouldBeNull();
        (await store.BeginAsync(run, Cancellation)).Kind.ShouldBe(BeginningKind.Begun);
    }

    [Fact]
    public async Task WhoGaveUpBeforehandHasBegunNothing()
    {
        var store = await OpenAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            store.BeginAsync(Run(Alice), new CancellationToken(canceled: true)).AsTask());
        (await store.RecallAsync(Alice, Cancellation)).Sittings.ShouldBe(0);
    }

    [Fact]
    public async Task OpenRunsOfAStoreThatIsGoneAreTakenOverOnce()
    {
        var gone = await OpenAsync();
        var younger = await gone.LiveAsync(Alice, 1, Noon.AddHours(1), Idle());
        var older = await gone.LiveAsync(Bob, 1, Noon);
        await gone.SitAsync(SessionId.Parse("carol"), 1, Noon);
        await gone.DisposeAsync();

        var heirs = new[] { await OpenAsync(), await OpenAsync(), await OpenAsync() };
        var inherited = await Task.WhenAll(heirs.Select(heir => heir.TakeOverAsync(Holding(), Cancellation).AsTask()));

        var runs = inherited.Single(runs => runs.Count > 0);
        runs.Select(taken => taken.Run.Id).ShouldBe([older.Id, younger.Id]);
        runs[1].Run.Steps.Count.ShouldBe(1);
        inherited.Sum(runs => runs.Count).ShouldBe(2);
    }

    [Fact]
    public async Task OpenRunsOfAStoreThatLivesStayItsOwn()
    {
        var living = await OpenAsync();
        var run = await living.LiveAsync(Alice, 1, Noon);

        (await (await OpenAsync()).TakeOverAsync(Holding(), Cancellation)).ShouldBeEmpty();
        (await living.TakeOverAsync(Holding(run.Id), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AForgottenSessionIsNew()
    {
        var store = await OpenAsync();
        var run = await store.SitAsync(Alice, 1, Noon, Join("@durov"), Idle());
        await store.SitAsync(Bob, 1, Noon, Idle());

        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);

        (await store.RecallAsync(Alice, Cancellation)).ShouldBeEquivalentTo(Recollection.OfNobody(Alice));
        (await store.TypedHistoryAsync(Alice)).Summary.IsNew.ShouldBeTrue();
        (await store.FindRunAsync(run.Id, Cancellation)).ShouldBeNull();
        (await store.TypedHistoryAsync(Bob)).Summary.TotalActions.ShouldBe(1);
        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Unknown);
    }

    [Fact]
    public async Task ASessionThatSitsInWhateverProcessIsNotForgotten()
    {
        var store = await OpenAsync();
        var run = await store.LiveAsync(Alice, 1, Noon, Idle());

        foreach (var asked in new[] { store, await OpenAsync() })
            (await asked.ForgetAsync(Alice, Cancellation)).ShouldBe(new Forgetting(ForgettingKind.Sitting, run.Id));

        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(1);
        await store.EndAsync(run.Hold, RunEnd.Completed, Noon);
        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);
    }

    [Fact]
    public async Task APlanMadeFromWhatWasForgottenSinceCannotBegin()
    {
        var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Join("@durov"));
        var planned = Run(Alice, 2, Noon.AddHours(1));

        await store.ForgetAsync(Alice, Cancellation);

        (await store.BeginAsync(planned, Cancellation)).ShouldBe(Beginning.Stale);
        (await store.TypedHistoryAsync(Alice)).Summary.IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task OfForgettingAndBeginningAtOnceTheLaterKnowsOfTheEarlier()
    {
        var stores = new[] { await OpenAsync(), await OpenAsync() };
        for (var round = 0; round < 20; round++)
        {
            var session = SessionId.Parse($"s{round}");
            await stores[0].SitAsync(session, 1, Noon, Idle());

            var beginning = stores[0].BeginAsync(Run(session, 2, Noon.AddHours(1)), Cancellation).AsTask();
            var forgetting = stores[1].ForgetAsync(session, Cancellation).AsTask();
            var (began, forgot) = (await beginning, await forgetting);

            (began.Kind, forgot.Kind).ShouldBeOneOf(
                (BeginningKind.Begun, ForgettingKind.Sitting), (BeginningKind.Stale, ForgettingKind.Forgotten));
        }
    }

    [Fact]
    public async Task ALongHistoryIsForgottenWhole()
    {
        var store = await OpenAsync();
        await ImportAsync(store, string.Concat(Enumerable.Range(0, 5_000).Select(i =>
            $$"""{"session_id":"alice","action_type":"idle","action_data":null,"timestamp":"2024-01-10 12:{{i / 60 % 60:D2}}:{{i % 60:D2}}"}""" + "\n")));

        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);

        (await store.TypedHistoryAsync(Alice)).Summary.IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task CleaningUpRemovesWhatIsOldButNotWhatPlansNeed()
    {
        var store = await OpenAsync();
        var old = await store.SitAsync(Alice, 1, Noon, Join("@durov"), Idle());
        var young = await store.SitAsync(Alice, 2, Noon.AddDays(40), Idle());
        var open = await store.LiveAsync(Bob, 1, Noon, Idle());

        (await store.CleanUpAsync(Noon.AddDays(30), isAwaited: true, Cancellation)).ShouldBe(3);

        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(1);
        (await store.FindRunAsync(old.Id, Cancellation)).ShouldBeNull();
        (await store.FindRunAsync(young.Id, Cancellation)).ShouldNotBeNull();
        (await store.FindRunAsync(open.Id, Cancellation))!.Steps.Count.ShouldBe(1);
        var past = await store.RecallAsync(Alice, Cancellation);
        past.HasJoined(ChannelName.Parse("@durov")).ShouldBeTrue();
        past.Sittings.ShouldBe(2);
        (await store.TypedHistoryAsync(Bob)).Summary.IsNew.ShouldBeFalse("its sitting is known");
    }

    [Fact]
    public async Task CleaningUpKeepsWhatWasDoneAtTheVeryTime()
    {
        var store = await OpenAsync();
        await store.LiveAsync(Alice, 1, Noon, Idle(), Idle());

        (await store.CleanUpAsync(Noon.AddSeconds(2), isAwaited: true, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task CleaningUpRemovesManyRows()
    {
        var store = await OpenAsync();
        await ImportAsync(store, string.Concat(Enumerable.Range(0, 3_000).Select(i =>
            $$"""{"session_id":"s{{i % 7}}","action_type":"idle","action_data":null,"timestamp":"2024-01-{{10 + i % 2}} 12:00:00"}""" + "\n")));

        (await store.CleanUpAsync(Noon.AddHours(12), isAwaited: true, Cancellation)).ShouldBe(1_500);
        (await ActiveAsync(store)).Sum(session => session.Actions).ShouldBe(1_500);
    }

    [Fact]
    public async Task ADaysTokensAddUpForAllAndOutlastTheSessionsTheyWereSpentFor()
    {
        var day = DateOnly.FromDateTime(Noon.UtcDateTime);
        var (store, other) = (await OpenAsync(), await OpenAsync());
        await store.EndAsync(await store.BegunAsync(Run(Alice, 1, Noon, new Plan([Idle()], PlanOrigin.Builtin))), RunEnd.Completed, Noon);

        await store.AddTokensAsync(day, new TokenUsage(100, 10, 1));
        (await other.AddTokensAsync(day, new TokenUsage(200, 20, 2))).ShouldBe(new TokenUsage(300, 30, 3));
        await store.AddTokensAsync(day.AddDays(1), new TokenUsage(7, 7, 0));
        await store.ForgetAsync(Alice, Cancellation);

        (await store.TokensOfAsync(day, Cancellation)).ShouldBe(new TokenUsage(300, 30, 3));
        (await store.TokensOfAsync(day.AddDays(2), Cancellation)).ShouldBe(default);
    }

    [Fact]
    public async Task ActiveSessionsComeInOrderWithTheirCounts()
    {
        var store = await OpenAsync();
        await store.LiveAsync(SessionId.Parse("я"), 1, Noon, Idle());
        await store.LiveAsync(Bob, 1, Noon, Idle(), Idle());
        await store.LiveAsync(SessionId.Parse("Zoe"), 1, Noon, Idle());
        await store.LiveAsync(Alice, 1, Noon.AddDays(-9), Idle());

        (await ActiveAsync(store, Noon)).ShouldBe(
        [
            new SessionActivity("Zoe", 1, Noon.AddSeconds(1)),
            new SessionActivity("bob", 2, Noon.AddSeconds(2)),
            new SessionActivity("я", 1, Noon.AddSeconds(1)),
        ]);
    }

    [Fact]
    public async Task ManyActiveSessionsAreAllNamed()
    {
        var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => store.SitAsync(SessionId.Parse($"s{i:D3}"), 1, Noon, Idle())));

        (await ActiveAsync(store)).Select(session => session.Session).ShouldBe(Enumerable.Range(0, 600).Select(i => $"s{i:D3}"));
    }

    [Fact]
    public async Task ASoundStoreHasNoTrouble() =>
        (await (await OpenAsync()).TroubleAsync(Cancellation)).ShouldBeNull();

    [Fact]
    public async Task AnArchiveCarriesEverythingToAnotherStoreAndChangesNothingASecondTime()
    {
        var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Join("@durov", "quote \" and \\ and я and 😀"), Read("@durov"), Idle());
        await store.SitAsync(Bob, 1, Noon, Idle());
        await store.CleanUpAsync(Noon.AddMinutes(0.5), isAwaited: true, Cancellation);
        await store.SitAsync(Bob, 2, Noon.AddDays(1), Read("@telegram"));
        var archive = await ExportAsync(store);

        var other = await OpenOtherAsync(TelegramMode.Sandbox);
        opened.Add(other);
        var first = await ImportAsync(other, archive);
        var second = await ImportAsync(other, archive);
        var back = await ImportAsync(store, archive);

        first.RefusedCount.ShouldBe(0);
        first.Added.ShouldBeGreaterThan(0);
        (await ExportAsync(other)).ShouldBe(archive);
        (second.Added, back.Added).ShouldBe((0, 0));
        second.AlreadyThere.ShouldBe(second.Read);
        (await other.RecallAsync(Alice, Cancellation)).ShouldBeEquivalentTo(await store.RecallAsync(Alice, Cancellation));
        (await other.RecallAsync(Bob, Cancellation)).Sittings.ShouldBe(2);
    }

    [Fact]
    public async Task EqualRowsStayAsManyAsTheyAre()
    {
        var store = await OpenAsync();
        const string twin = """{"session_id":"alice","action_type":"idle","action_data":{"action":"idle"},"timestamp":"2024-01-10 12:00:00"}""";
        const string sister = """{"session_id":"alice","action_type":"idle","action_data":{"action":"idle","x":[1,true,null]},"timestamp":"2024-01-10T12:00:00Z"}""";
        var lines = string.Join('\n', twin, sister, twin, twin, sister);

        (await ImportAsync(store, lines)).Added.ShouldBe(5);
        (await ImportAsync(store, lines)).Added.ShouldBe(0);
        (await ImportAsync(store, await ExportAsync(store))).Added.ShouldBe(0);
        (await ImportAsync(store, $"{lines}\n{twin}")).Added.ShouldBe(1);
        (await store.TypedHistoryAsync(Alice)).Summary.TotalActions.ShouldBe(6);
    }

    [Fact]
    public async Task ImportedJoinsAreMemberships()
    {
        var store = await OpenAsync();
        await ImportAsync(store, """
            {"session_id":"alice","action_type":"join_channel","action_data":{"channel_username":"durov"},"timestamp":"2024-01-10 12:00:00"}
            {"session_id":"alice","action_type":"read_messages","action_data":{"channel_username":"@DUROV"},"timestamp":"2024-01-10 13:00:00"}
            """);

        (await store.RecallAsync(Alice, Cancellation)).Joined
            .ShouldBe([new Membership(ChannelName.Parse("@durov"), Noon, Noon.AddHours(1))]);
    }

    [Fact]
    public async Task BrokenLinesAreNamedAndTheRestIsTaken()
    {
        var store = await OpenAsync();

        var report = await ImportAsync(store, $$$"""
            {"session_id":"alice","action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            {"session_id":"alice","action_type":

            []
            {"action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            {"session_id":"","action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            {"session_id":"alice","action_type":"idle","timestamp":"yesterday"}
            {"session_id":5,"action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            {"session_id":"alice","action_type":"idle","action_data":"{{{new string('x', LineReader.LengthMax)}}}","timestamp":"2024-01-10 12:00:00"}
            {"run":{"run_id":"zz"}}
            {"session_id":"\ud800","action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            {"session_id":"bob","action_type":"idle","timestamp":"2024-01-10 12:00:00"}
            """);

        report.Added.ShouldBe(2);
        report.Refused.Select(refused => refused.Line).ShouldBe([2, 4, 5, 6, 7, 8, 9, 10, 11]);
        report.Refused.ShouldAllBe(refused => refused.Reason.Length > 5 && !refused.Reason.Contains('\n'));
        (report.Read, report.RefusedCount, report.AlreadyThere).ShouldBe((11, 9, 0));
    }

    [Theory]
    [InlineData("\"step\":2", "\"step\":1", "steps are not numbered")]
    [InlineData("\"step\":1", "\"step\":0", "steps are not numbered")]
    [InlineData("\"step\":1", "\"step\":99999999999", "")]
    [InlineData("\"sitting\":1", "\"sitting\":0", "sitting is not")]
    [InlineData("\"status\":\"completed\"", "\"status\":\"77\"", "status is not")]
    [InlineData("\"status\":\"completed\"", "\"status\":\"0\"", "status is not")]
    [InlineData("\"started_at\":\"2024-01-10 12", "\"started_at\":\"2025-01-10 12", "It ended before")]
    [InlineData("\"outcome\":\"done\"", "\"outcome\":\"odd\"", "'odd' is not an outcome")]
    [InlineData("\"steps\":[", "\"steps\":[5,", "")]
    [InlineData("\"plan\":[", "\"plan\":{\"a\":", "")]
    public async Task ARunThatIsNoneCostsItselfAndNotTheImport(string was, string isNow, string reason)
    {
        await using var other = await OpenOtherAsync(TelegramMode.Sandbox);
        await other.SitAsync(Bob, 1, Noon, Join("@durov"), Idle());
        var lines = (await ExportAsync(other)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.FindIndex(lines, line => line.Contains("run_id", StringComparison.Ordinal));
        lines[at].ShouldContain(was);
        lines[at] = lines[at].Replace(was, isNow, StringComparison.Ordinal);
        var store = await OpenAsync();

        var report = await ImportAsync(store, string.Join('\n', lines));

        report.Refused.Single().Line.ShouldBe(at + 1);
        report.Refused.Single().Reason.ShouldStartWith(reason);
        (report.Added + report.AlreadyThere).ShouldBe(lines.Length - 2, "all but the head and the run");
    }

    [Fact]
    public async Task TimesAheadOfTheClockAreNotTaken()
    {
        var store = await OpenAsync();
        var (ahead, soon) = (DateTimeOffset.UtcNow.AddDays(2), DateTimeOffset.UtcNow.AddHours(23));
        await using var other = await OpenOtherAsync(TelegramMode.Sandbox);
        await other.SitAsync(Bob, 1, DateTimeOffset.UtcNow.AddYears(5), Join("@durov"));
        var run = (await ExportAsync(other)).Split('\n').First(line => line.Contains("run_id", StringComparison.Ordinal));

        var report = await ImportAsync(store, $$"""
            {"session_id":"alice","action_type":"idle","timestamp":"{{ahead:yyyy-MM-dd HH:mm:ss}}"}
            {"session_id":"alice","action_type":"idle","timestamp":"{{soon:yyyy-MM-dd HH:mm:ss}}"}
            {{run}}
            """);

        (report.Added, report.RefusedCount).ShouldBe((1, 2));
        report.Refused[0].Reason.ShouldStartWith($"Its time, {ahead:yyyy-MM-dd HH:mm:ss} UTC, lies ahead of the clock, ");
    }

    [Fact]
    public async Task WhatAWrongClockWroteIsNotFollowed()
    {
        var store = await OpenAsync();
        var now = DateTimeOffset.UtcNow;
        var ahead = now.AddYears(5);
        await store.SitAsync(Alice, 1, ahead, Join("@durov"), Read("@durov"), Idle());
        (await store.RecallAsync(Alice, Cancellation)).LastActivity.ShouldBeNull();
        await store.SitAsync(Alice, 2, now, Read("@durov"));

        var past = await store.RecallAsync(Alice, Cancellation);
        var times = await store.TimesAsync(now.AddDays(1), Cancellation);

        (past.Sittings, past.TotalActions, past.LastActivity).ShouldBe((2, 4, Kept(now.AddSeconds(1))));
        past.Recent.Select(action => action.Kind).ShouldBe(["read_messages"]);
        past.Joined.Single().LastReadAt.ShouldBe(Kept(now.AddSeconds(1)));
        times.ShouldBe(new RememberedTimes(
            Kept(now.AddSeconds(1)), 3, new RowAhead(1, "alice", Kept(ahead.AddSeconds(1)))));
    }

    [Fact]
    public async Task AClockThatWasFoundPlausibleIsKept()
    {
        var store = await OpenAsync();
        (await store.ClockAsync(Cancellation)).ShouldBeNull();

        await store.KeepClockAsync(Noon);
        await store.KeepClockAsync(Noon.AddMicroseconds(1));

        (await store.ClockAsync(Cancellation)).ShouldBe(Noon.AddMicroseconds(1));
    }

    private static DateTimeOffset Kept(DateTimeOffset time) => StoredTime.Kept(time);

    protected static async Task<string> ExportAsync(ISessionStore store)
    {
        using var stream = new MemoryStream();
        await SessionArchive.ExportAsync((IArchivable)store, stream, Cancellation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    protected static async Task<ImportReport> ImportAsync(ISessionStore store, string lines)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        return await SessionArchive.ImportAsync((IArchivable)store, stream, TimeProvider.System, Cancellation);
    }

    protected static async Task<List<SessionActivity>> ActiveAsync(ISessionStore store, DateTimeOffset? since = null)
    {
        var active = new List<SessionActivity>();
        await foreach (var session in store.ActiveSessionsAsync(since ?? Ever, Cancellation)) active.Add(session);
        return active;
    }
}
