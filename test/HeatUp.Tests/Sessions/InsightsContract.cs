using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Simulations;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions;

/// <summary>What every store answers to people who look at it.</summary>
public abstract class InsightsContract
{
    private const int Histories = 12;

    private static readonly string[] Names = ["@durov", "@telegram", "@some_news", "@sports", "@DUROV"];

    private static readonly ChannelPool Pool = ChannelPool.Of(
    [
        new Channel(ChannelName.Parse("@durov"), "", "Technology", null, null),
        new Channel(ChannelName.Parse("@sports"), "", "Sports", null, null),
    ]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a memory of its own.</summary>
    protected abstract Task<ISessionStore> OpenAsync();

    [Fact]
    public async Task OfNothingThereIsNothingToTell()
    {
        await using var store = await OpenAsync();
        var insights = (IInsights)store;

        (await insights.SessionsAsync(new("", null, SessionOrder.Newest, 0, 10), Cancellation)).Sessions.ShouldBeEmpty();
        (await insights.RunsOfAsync(Alice, null, 10, Cancellation)).ShouldBeEmpty();
        (await insights.OpenRunsAsync(10, Cancellation)).ShouldBeEmpty();
        (await insights.FollowersAsync(Cancellation)).ShouldBeEmpty();
        var figures = await insights.AnalyseAsync(AnalyticsQuestion.Of(30, Noon, TimeZoneInfo.Utc), Pool, Cancellation);
        (figures.Sittings, figures.Done, figures.Failed, figures.Days.Count).ShouldBe((0, 0, 0, 30));
    }

    [Fact]
    public async Task SessionsAreFoundByNameAndByHowTheirLastSittingEndedInTheOrderThatIsAskedFor()
    {
        await using var store = await OpenAsync();
        var insights = (IInsights)store;
        await store.SitAsync(Alice, 1, Noon, Join("@durov"));
        await store.SitAsync(Alice, 2, Noon.AddDays(2), Idle(), Idle());
        await store.LiveAsync(Bob, 1, Noon.AddDays(1), Idle());
        await store.SitAsync(SessionId.Parse("анна"), 1, Noon.AddDays(3));
        await ((IArchivable)store).AddAsync([new(Row("python", Idle(), Noon.AddDays(5)), 1)], Cancellation);

        async Task<string> Ask(string search, string? last, SessionOrder order, int skip = 0, int most = 10)
        {
            var page = await insights.SessionsAsync(new(search, last, order, skip, most), Cancellation);
            return $"{page.Total}: {string.Join(' ', page.Sessions.Select(one => one.Session))}";
        }

        (await Ask("", null, SessionOrder.Newest)).ShouldBe("4: python alice bob анна");
        (await Ask("", null, SessionOrder.Name)).ShouldBe("4: alice bob python анна");
        (await Ask("", null, SessionOrder.Sittings)).ShouldBe("4: alice bob анна python");
        (await Ask("", null, SessionOrder.Actions)).ShouldBe("4: alice bob python анна");
        (await Ask("", null, SessionOrder.Name, 1, 2)).ShouldBe("4: bob python");
        (await Ask("LI", null, SessionOrder.Name)).ShouldBe("1: alice");
        (await Ask("нн", null, SessionOrder.Name)).ShouldBe("1: анна");
        (await Ask("%", null, SessionOrder.Name)).ShouldBe("0: ");
        (await Ask("", "running", SessionOrder.Name)).ShouldBe("1: bob");
        (await Ask("", "completed", SessionOrder.Name)).ShouldBe("2: alice анна");
        (await Ask("", SessionsQuestion.NoRun, SessionOrder.Name)).ShouldBe("1: python");
        var line = (await insights.SessionsAsync(new("alice", null, SessionOrder.Name, 0, 1), Cancellation)).Sessions.Single();
        line.ShouldBe(new SessionLine("alice", 2, 3, Noon.AddDays(2).AddSeconds(2), "completed", null));
    }

    [Fact]
    public async Task ASessionsSittingsComeNewestFirstAndOpenOnesAreFoundWhoeverHasThem()
    {
        await using var store = await OpenAsync();
        var insights = (IInsights)store;
        for (var sitting = 1; sitting <= 3; sitting++) await store.SitAsync(Alice, sitting, Noon.AddDays(sitting), Join("@durov"));
        var open = await store.LiveAsync(Alice, 4, Noon.AddDays(4), Read("@durov"));

        (await insights.RunsOfAsync(Alice, null, 2, Cancellation)).Select(run => run.Sitting).ShouldBe([4, 3]);
        (await insights.RunsOfAsync(Alice, 3, 5, Cancellation)).Select(run => run.Sitting).ShouldBe([2, 1]);
        var found = (await insights.OpenRunsAsync(5, Cancellation)).ShouldHaveSingleItem();
        (found.Id, found.Steps.Count).ShouldBe((open.Id, 1));
        (await insights.FollowersAsync(Cancellation)).ShouldHaveSingleItem().ShouldBe(new(ChannelName.Parse("@durov"), 1));
        (await store.ForgetAsync(SessionId.Parse("nobody"), Cancellation)).Kind.ShouldBe(ForgettingKind.Unknown);
    }

    [Fact]
    public async Task AnalyticsOfAnyHistoryAreThoseOfAPlainCountInAnyZone()
    {
        for (var seed = 1u; seed <= Histories; seed++)
        {
            await using var store = await OpenAsync();
            var (runs, others) = RandomHistory(new Random((int)seed));
            await ((IArchivable)store).AddAsync([.. runs.Select(run => new Archived(new ArchiveRecord.Ran(run), 1)),
                .. RowsOf(runs).Concat(others.Select(one => Row(one.Session, one.Action, one.At)))
                    .Select(row => new Archived(row, 1))], Cancellation);
            foreach (var name in (string[])["UTC", "Europe/Berlin", "Asia/Kathmandu", "UTC-03:30"])
                foreach (var question in QuestionsIn(name))
                {
                    var figures = await ((IInsights)store).AnalyseAsync(question, Pool, Cancellation);
                    Told(figures).ShouldBe(Told(Counted(question, runs, others)), $"history {seed}, {name}, {question}");
                }
        }
    }

    private static AnalyticsQuestion[] QuestionsIn(string name)
    {
        TimeZones.TryFind(name, out var zone).ShouldBeTrue();
        // Around the end of summer time.
        var now = new DateTimeOffset(2024, 10, 28, 13, 0, 0, TimeSpan.Zero);
        return
        [
            AnalyticsQuestion.Of(3, now, zone!), AnalyticsQuestion.Of(30, now, zone!),
            AnalyticsQuestion.Of(30, now, zone!, session: Alice),
            AnalyticsQuestion.Of(30, now, zone!, channel: ChannelName.Parse("@durov")),
        ];
    }

    [Fact]
    public async Task AnalyticsFollowWhatIsWrittenForgottenAndCleanedUp()
    {
        for (var seed = 1u; seed <= 3; seed++)
        {
            await using var store = await OpenAsync();
            var (runs, others) = RandomHistory(new Random((int)seed));
            var ever = (Runs: runs.ToList(), Others: others.ToList());
            var question = AnalyticsQuestion.Of(30, new DateTimeOffset(2024, 10, 28, 13, 10, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
            var ofChannel = question with { Channel = ChannelName.Parse("@durov") };
            await ImportAsync(runs, others);
            await CheckAsync("the import");

            (string, PlannedAction, DateTimeOffset) late = ("python", Read("@sports"), runs[3].StartedAt.AddMinutes(2));
            await ImportAsync([], [late]);
            others.Add(late);
            ever.Others.Add(late);
            await CheckAsync("a row of another program in an hour that was counted");

            var begun = await store.SitAsync(Alice, 1, question.Until.AddHours(-2), Join("@durov"), Read("@durov"), Idle());
            var sat = (await store.FindRunAsync(begun.Id, Cancellation))!;
            runs.Add(sat);
            ever.Runs.Add(sat);
            await CheckAsync("a sitting");

            (await store.ForgetAsync(Bob, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);
            foreach (var list in new[] { runs, ever.Runs }) list.RemoveAll(run => run.Session == Bob);
            await CheckAsync("a session was forgotten");

            var before = runs[5].StartedAt.AddHours(-1);
            await store.CleanUpAsync(before, isAwaited: true, Cancellation);
            runs.RemoveAll(run => run.StartedAt < before);
            others.RemoveAll(one => one.At < before);
            await CheckAsync("the cleanup");

            async Task ImportAsync(
                List<RunRecord> ran, List<(string Session, PlannedAction Action, DateTimeOffset At)> rows) =>
                await ((IArchivable)store).AddAsync([.. ran.Select(run => new Archived(new ArchiveRecord.Ran(run), 1)),
                    .. RowsOf(ran).Concat(rows.Select(one => Row(one.Session, one.Action, one.At)))
                        .Select(row => new Archived(row, 1))], Cancellation);

            async Task CheckAsync(string what)
            {
                foreach (var asked in new[] { question, ofChannel, question with { From = question.From.AddMinutes(20) } })
                    Told(await ((IInsights)store).AnalyseAsync(asked, Pool, Cancellation))
                        .ShouldBe(Told(Counted(asked, runs, others, ever)), $"history {seed}, after {what}, {asked}");
            }
        }
    }

    [Theory]
    [InlineData(0, 10, 0, 0.277533)]
    [InlineData(8, 10, 0.490162, 0.943318)]
    [InlineData(10, 10, 0.722467, 1)]
    public void AnIntervalIsWilsons(int done, int tried, double low, double high)
    {
        var rate = SuccessRate.Of("x", done, tried);

        (rate.Low!.Value, rate.High!.Value).ShouldBe((low, high));
    }

    /// <summary>All of the figures as text; what is equal in number in an order that doesn't matter here.</summary>
    private static string Told(Analytics of)
    {
        var parts = new List<string> { $"{of.From:o} {of.Until:o} {of.Zone} {of.Sessions} {of.Sittings} {of.Done} {of.Failed}" };
        parts.AddRange(of.Days.Select(day => $"{day}"));
        foreach (var (name, rates) in new[]
        {
            ("actions", of.Actions), ("hours", of.Hours), ("weekdays", of.Weekdays), ("categories", of.Categories),
            ("origins", of.Origins), ("lengths", of.Plans.Lengths), ("joins", of.Plans.Joins), ("beginnings", of.Plans.Beginnings),
        })
            parts.AddRange(rates.Select(rate => $"{name} {rate}"));
        parts.AddRange(of.Channels.Select(one => $"{one}".ToLowerInvariant()).Order(StringComparer.Ordinal));
        parts.AddRange(of.Refusals.Select(one => $"{one}").Order(StringComparer.Ordinal));
        parts.AddRange(of.Ends.Select(one => $"{one}").Order(StringComparer.Ordinal));
        parts.AddRange(of.CoReadings.Select(one => $"{one}".ToLowerInvariant()).Order(StringComparer.Ordinal));
        parts.AddRange(of.Cohorts.Select(one => $"{one.Week} {one.Sessions} {string.Join(' ', one.Returned)}"));
        var plans = of.Plans;
        parts.Add($"{plans.Made} {plans.Different} {plans.ByModel} {plans.Tokens} {plans.TokensPerPlan} {plans.TokensPerAction}");
        return string.Join('\n', parts);
    }

    private static IEnumerable<ArchiveRecord> RowsOf(IEnumerable<RunRecord> runs) => runs.SelectMany(run => run.Steps
        .Where(step => step.IsDone).Select(step => (ArchiveRecord)Row(run.Session.Value, step.Action, step.EndedAt)));

    private static ArchiveRecord.Action Row(string session, PlannedAction action, DateTimeOffset at) => new(
        Encoding.UTF8.GetBytes(session), Encoding.UTF8.GetBytes(action.Kind), PythonJson.Of(action),
        Encoding.UTF8.GetBytes(StoredTime.Text(at)));

    private static (List<RunRecord> Runs, List<(string Session, PlannedAction Action, DateTimeOffset At)> Others)
        RandomHistory(Random random)
    {
        var start = new DateTimeOffset(2024, 10, 1, 0, 0, 0, TimeSpan.Zero);
        var runs = new List<RunRecord>();
        foreach (var session in new[] { Alice, Bob })
        {
            var at = start;
            for (var sitting = 1; sitting <= 12; sitting++)
            {
                at = at.AddMinutes(random.Next(60, 4_500)).AddMicroseconds(random.Next(1_000_000));
                runs.Add(RandomRun(random, session, sitting, at));
            }
        }
        var others = Enumerable.Range(0, 20).Select(number => (
            random.Next(2) == 0 ? "alice" : "python", RandomAction(random),
            start.AddMinutes(random.Next(40_000)).AddMicroseconds(number))).ToList();
        return (runs, others);
    }

    private static RunRecord RandomRun(Random random, SessionId session, int sitting, DateTimeOffset at)
    {
        var actions = Enumerable.Range(0, random.Next(3, 8)).Select(_ => RandomAction(random)).ToArray();
        var origin = random.Next(3) switch
        {
            0 => PlanOrigin.Builtin,
            1 => new PlanOrigin(PlannerKind.Llm, null, new TokenUsage(random.Next(9_000), random.Next(500), random.Next(90))),
            _ => new PlanOrigin(PlannerKind.Builtin, "offline: no answer", new TokenUsage(7, 0, 0)),
        };
        var tried = random.Next(4) == 0 ? random.Next(actions.Length) : actions.Length;
        var steps = actions.Take(tried).Select((action, index) => Step(index + 1, action, RandomOutcome(random, at),
            at.AddSeconds(20 * (index + 1)))).ToList();
        var end = tried == actions.Length ? RunEnd.Completed : random.Next(2) == 0 ? RunEnd.Cancelled : RunEnd.TooOld;
        return new RunRecord(RunId.For(new Seed(7), session, sitting, at), session, sitting, new Plan(actions, origin), at,
            steps, end, at.AddMinutes(5));
    }

    private static PlannedAction RandomAction(Random random) => random.Next(3) switch
    {
        0 => Join(Names[random.Next(Names.Length)]),
        1 => Read(Names[random.Next(Names.Length)]),
        _ => Idle(),
    };

    private static Outcome RandomOutcome(Random random, DateTimeOffset at) => random.Next(12) switch
    {
        0 => new Outcome.Refused(new(400, "CHANNEL_PRIVATE")),
        1 => new Outcome.MustWait(at.AddHours(1), new(420, $"FLOOD_WAIT_{random.Next(1, 900)}")),
        2 => new Outcome.AccountLost(new(401, "AUTH_KEY_UNREGISTERED")),
        _ => Outcome.Done.Plain,
    };

    /// <summary>The same figures, counted as plainly as possible.</summary>
    private static Analytics Counted(
        AnalyticsQuestion of, List<RunRecord> all, List<(string Session, PlannedAction Action, DateTimeOffset At)> others,
        (List<RunRecord> Runs, List<(string Session, PlannedAction Action, DateTimeOffset At)> Others)? ever = null)
    {
        bool IsOf(string session) => of.Session is not { } only || only.Value == session;
        bool Names(PlannedAction action) => of.Channel is not { } only || ActionJson.ChannelOf(action) == only;
        bool IsIn(DateTimeOffset at) => at >= of.From && at < of.Until;
        DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, of.Zone).DateTime;
        var runs = all.Where(run => IsOf(run.Session.Value) && IsIn(run.StartedAt) && run.Plan.Actions.Any(Names)).ToList();
        var steps = (from run in all
                     where IsOf(run.Session.Value)
                     from step in run.Steps
                     where IsIn(step.EndedAt) && Names(step.Action)
                     select (Run: run, Session: run.Session.Value, step.Action, At: step.EndedAt, step.Outcome)).ToList();
        var foreign = others.Where(one => IsOf(one.Session) && IsIn(one.At) && Names(one.Action)).ToList();
        var tried = steps.Select(one => (one.Session, one.Action, one.At, IsDone: one.Outcome is Outcome.Done))
            .Concat(foreign.Select(one => (one.Session, one.Action, one.At, IsDone: true))).ToList();
        SuccessRate Rate(string name, Func<(string, PlannedAction Action, DateTimeOffset At, bool IsDone), bool> which) =>
            SuccessRate.Of(name, tried.Count(one => which(one) && one.IsDone), tried.Count(which));
        IEnumerable<SuccessRate> PlansBy<T>(Func<RunRecord, T> key) where T : notnull => runs.GroupBy(key).Select(
            one => SuccessRate.Of($"{one.Key}", one.Count(run => run.Steps.Count(step => step.IsDone) == run.Plan.Actions.Count),
                one.Count()));
        static IEnumerable<SuccessRate> Most(IEnumerable<SuccessRate> rates) =>
            rates.OrderByDescending(one => one.Tried).ThenBy(one => one.Name, StringComparer.Ordinal);
        var days = Enumerable.Range(0, 40).Select(day => DateOnly.FromDateTime(Local(of.From)).AddDays(day))
            .TakeWhile(day => day <= DateOnly.FromDateTime(Local(of.Until.AddTicks(-1))));
        var origins = Most(steps.GroupBy(one => one.Run.Plan.Origin is { FallbackReason: not null } ? "fallback"
                : one.Run.Plan.Origin.Planner == PlannerKind.Llm ? "llm" : "builtin")
            .Select(one => SuccessRate.Of(one.Key, one.Count(step => step.Outcome is Outcome.Done), one.Count()))
            .Concat(foreign.Count > 0 ? [SuccessRate.Of("unknown", foreign.Count, foreign.Count)] : Array.Empty<SuccessRate>()));
        var byChannel = tried.Where(one => one.Action is not HeatUp.Plans.Idle)
            .GroupBy(one => ActionJson.ChannelOf(one.Action)!.Value).ToList();
        string CategoryOf(ChannelName name) => Pool.Find(name)?.Category ?? "not in the pool";
        var llm = runs.Where(run => run.Plan.Origin.Planner == PlannerKind.Llm).ToList();
        var tokens = runs.Aggregate(default(TokenUsage), (sum, run) => sum + run.Plan.Origin.Tokens);
        var doneByLlm = steps.Count(one => one.Run.Plan.Origin.Planner == PlannerKind.Llm && one.Outcome is Outcome.Done);
        AnalyticsDay DayOf(DateOnly day)
        {
            bool On(DateTimeOffset at) => DateOnly.FromDateTime(Local(at)) == day;
            var then = tried.Where(one => On(one.At)).ToList();
            return new(day, runs.Count(run => On(run.StartedAt)), then.Count(one => one.IsDone), then.Count(one => !one.IsDone),
                then.Count(one => one is { IsDone: true, Action: JoinChannel }),
                then.Count(one => one is { IsDone: true, Action: ReadMessages }));
        }
        HashSet<string> ReadersOf(ChannelName channel) =>
            [.. tried.Where(one => one.IsDone && one.Action is ReadMessages read && read.Channel == channel).Select(one => one.Session)];
        List<CoReading> CoReadings()
        {
            var all = byChannel.Select(one => (Name: one.Key.Value.ToLowerInvariant(), Readers: ReadersOf(one.Key)))
                .OrderByDescending(one => one.Readers.Count).ThenBy(one => one.Name, StringComparer.Ordinal).ToList();
            return [.. from first in all
                       from second in all.Skip(all.IndexOf(first) + 1)
                       let both = first.Readers.Intersect(second.Readers).Count()
                       let either = first.Readers.Union(second.Readers).Count()
                       where both > 0
                       select new CoReading(first.Name, second.Name, both, either, Math.Round((double)both / either, 4))];
        }
        List<Cohort> Cohorts()
        {
            if (!of.IsOfAll) return [];
            var today = DateOnly.FromDateTime(of.Until.UtcDateTime.AddTicks(-1));
            // The first and the last day of all time, and not of the days in question alone.
            var days = (ever?.Runs ?? all)
                .SelectMany(run => run.Steps.Where(step => step.IsDone).Select(step => (run.Session.Value, At: step.EndedAt)))
                .Concat((ever?.Others ?? others).Select(one => (one.Session, one.At)))
                .GroupBy(one => one.Item1, one => DateOnly.FromDateTime(one.At.UtcDateTime))
                .Select(one => (First: one.Min(), Last: one.Max()))
                .Where(one => one.First >= DateOnly.FromDateTime(of.From.UtcDateTime) && one.First <= today).ToList();
            SuccessRate After(int later, IEnumerable<(DateOnly First, DateOnly Last)> these)
            {
                var old = these.Where(one => one.First.AddDays(later) <= today).ToList();
                return SuccessRate.Of($"{later}", old.Count(one => one.First.AddDays(later) <= one.Last), old.Count);
            }
            Cohort CohortOf(DateOnly? week, List<(DateOnly, DateOnly)> these) =>
                new(week, these.Count, [After(1, these), After(7, these), After(30, these)]);
            return days.Count == 0 ? [] : [CohortOf(null, days), .. days
                .GroupBy(one => one.First.AddDays(-(((int)one.First.DayOfWeek + 6) % 7))).OrderByDescending(one => one.Key)
                .Select(week => CohortOf(week.Key, [.. week]))];
        }
        static string PlanText(RunRecord run) => string.Join(' ', run.Plan.Actions.Select(one =>
            $"{one.Kind} {ActionJson.ChannelOf(one)?.Value.ToLowerInvariant()}"));
        double? Per(int count) => count == 0 ? null : Math.Round((double)tokens.Total / count, 1);
        return new(of.From, of.Until, of.Zone.Id,
            tried.Select(one => one.Session).Concat(runs.Select(run => run.Session.Value)).Distinct().Count(),
            runs.Count, tried.Count(one => one.IsDone), tried.Count(one => !one.IsDone),
            [.. days.Select(DayOf)],
            [.. new[] { "join_channel", "read_messages", "idle" }.Select(kind => Rate(kind, one => one.Action.Kind == kind))],
            [.. Enumerable.Range(0, 24).Select(hour => Rate($"{hour:00}", one => Local(one.At).Hour == hour))],
            [.. "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".Split(' ')
                .Select(day => Rate(day, one => $"{Local(one.At).DayOfWeek}" == day))],
            [.. byChannel.Select(one => new ChannelActivity(one.Key.Value, Pool.Find(one.Key)?.Category,
                one.Count(of => of.IsDone && of.Action is JoinChannel), one.Count(of => of.IsDone && of.Action is ReadMessages),
                one.Count(of => of.IsDone && of.Action is ReadMessages) - ReadersOf(one.Key).Count, ReadersOf(one.Key).Count,
                one.Count(of => !of.IsDone)))],
            [.. Most(byChannel.GroupBy(one => CategoryOf(one.Key)).Select(one => SuccessRate.Of(one.Key,
                one.Sum(of => of.Count(action => action.IsDone)), one.Sum(of => of.Count()))))],
            [.. origins],
            [.. steps.Where(one => one.Outcome is not Outcome.Done).GroupBy(one => (one.Outcome.Word,
                    one.Outcome.Error!.Message.StartsWith("FLOOD", StringComparison.Ordinal) ? "FLOOD_WAIT" : one.Outcome.Error.Message,
                    one.Action.Kind))
                .Select(one => new RefusalCount(one.Key.Word, one.Key.Item2, one.Key.Kind, one.Count()))],
            [.. runs.GroupBy(run => (Status: run.Status.Word(), run.End!.Code))
                .Select(one => new SittingEnds(one.Key.Status, one.Key.Code, one.Count()))],
            new(runs.Count, runs.Select(PlanText).Distinct().Count(),
                [.. PlansBy(run => run.Plan.Actions.Count).OrderBy(one => one.Name, StringComparer.Ordinal)],
                [.. PlansBy(run => run.Plan.Actions.OfType<JoinChannel>().Count()).OrderBy(one => one.Name, StringComparer.Ordinal)],
                [.. Most(PlansBy(run => $"{run.Plan.Actions[0].Kind}, {run.Plan.Actions[1].Kind}"))],
                llm.Count, tokens, Per(llm.Count), Per(doneByLlm)), CoReadings(), Cohorts());
    }
}
