using System.Text;
using CsCheck;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

public sealed class ScenarioFileTests : IDisposable
{
    private const string Keys = "Allowed are $schema, sessions, days, end, start, seed, planner, pool, faults, "
        + "arrive_over_days, sittings_per_day, time_zones, recommendations, history, prices, max_tokens, thresholds, "
        + "changes, telegram_mode.";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EveryKeyIsRead()
    {
        var scenario = Good("""
            // a comment
            {
                "$schema": "../scenario.schema.json",
                "sessions": 250, "days": 30, "start": "2026-02-03T04:05:06+03:00", "seed": 18446744073709551615,
                "planner": "llm", "pool": "pools/mine.json", /* another */
                "faults": {"flood_wait": 0.02, "offline": 1e-5},
                "arrive_over_days": 10, "sittings_per_day": 2.5,
                "time_zones": {"Europe/Moscow": 0.6, "UTC+3": 0.4},
                "history": false,
                "prices": {"input": 0.15, "cached": 0.075, "output": 0.6, "currency": "EUR"}, "max_tokens": 1000000,
                "thresholds": {
                    "sitting_seconds": ["p(95)<600", {"threshold": "avg < 90", "abortOnFail": true}],
                    "success_rate": ["rate>0.95"],
                    "cached_rate": [{"threshold": "rate>0.5", "ifUnmeasured": "pass"}],
                },
                "telegram_mode": "sandbox",
            }
            """);

        scenario.Sessions.ShouldBe(250);
        scenario.Days.ShouldBe(30);
        scenario.Start.ShouldBe(new DateTimeOffset(2026, 2, 3, 1, 5, 6, TimeSpan.Zero));
        scenario.Start.Offset.ShouldBe(TimeSpan.Zero);
        scenario.Seed.ShouldBe(new Seed(ulong.MaxValue));
        scenario.Planner.ShouldBe(PlannerKind.Llm);
        scenario.Pool.ShouldBe("pools/mine.json");
        scenario.Faults.ToString().ShouldBe("flood_wait:0.02,offline:1E-05");
        scenario.ArriveOverDays.ShouldBe(10);
        scenario.SittingsPerDay.ShouldBe(2.5);
        scenario.TimeZones.ShouldBe([new("Europe/Moscow", 0.6), new("UTC+3", 0.4)]);
        scenario.History.ShouldBeFalse();
        scenario.Prices.ShouldBe(new TokenPrices(0.15, 0.075, 0.6, "EUR"));
        scenario.MaxTokens.ShouldBe(1_000_000);
        scenario.Thresholds.Select(threshold => (threshold.Metric.Name, threshold.Expression, threshold.AbortOnFail))
            .ShouldBe([
                ("success_rate", "rate>0.95", false),
                ("cached_rate", "rate>0.5", false),
                ("sitting_seconds", "p(95)<600", false),
                ("sitting_seconds", "avg<90", true)]);
        scenario.Thresholds.Where(threshold => threshold.PassesUnmeasured).Single().Metric.Name.ShouldBe("cached_rate");
    }

    [Fact]
    public void AnEmptyScenarioIsTheDefaultOne() =>
        ScenarioFile.ToJson(Good("{}")).ShouldBe(ScenarioFile.ToJson(new Scenario()));

    [Theory]
    [InlineData("2026-01-05", "2026-01-05T00:00:00Z")]
    [InlineData("2026-01-05T08:30", "2026-01-05T08:30:00Z")]
    [InlineData("2026-01-05T08:30Z", "2026-01-05T08:30:00Z")]
    [InlineData("2026-01-05T08:30:00-03:30", "2026-01-05T12:00:00Z")]
    [InlineData("2026-01-05T08:30:00.1234567Z", "2026-01-05T08:30:00.1234567Z")]
    public void TheStartIsADayOrAMoment(string start, string utc) =>
        Good($$"""{"start": "{{start}}"}""").Start.ShouldBe(DateTimeOffset.Parse(utc));

    [Theory]
    [InlineData("\"start\": \"2026-03-02\", \"end\": \"2026-03-16\"", 14)]
    [InlineData("\"end\": \"2026-03-03\", \"start\": \"2026-03-02T23:00Z\"", 1)]
    [InlineData("\"end\": \"2026-01-12\"", 7)]
    public void AnEndSaysTheDays(string keys, int days) => Good($"{{{keys}}}").Days.ShouldBe(days);

    [Theory]
    [InlineData("\"flood_wait:0.02,offline:1\"", "flood_wait:0.02,offline:1")]
    [InlineData("{\"offline\": 1, \"flood_wait\": 0.02}", "flood_wait:0.02,offline:1")]
    [InlineData("{\"offline\": -0}", "")]
    [InlineData("{}", "")]
    [InlineData("\"\"", "")]
    public void FaultsAreAnObjectOrAText(string json, string text) =>
        Good($$"""{"faults": {{json}}}""").Faults.ToString().ShouldBe(text);

    [Fact]
    public void ACachedTokenWithoutAPriceCostsWhatAnyInputDoes() =>
        Good("""{"prices": {"input": 2, "output": 3}}""").Prices.ShouldBe(new TokenPrices(2, 2, 3, "USD"));

    [Fact]
    public void WholeNumbersMayBeWrittenAsPeopleDo() => Good("""{"sessions": 1e3, "days": 7.0}""").Sessions.ShouldBe(1000);

    [Theory]
    // numbers
    [InlineData("\"sessions\": 0", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not 0.")]
    [InlineData("\"sessions\": -5", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not -5.")]
    [InlineData("\"sessions\": 1.5", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not 1.5.")]
    [InlineData("\"sessions\": \"5\"", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not \"5\".")]
    [InlineData("\"sessions\": null", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not null.")]
    [InlineData("\"sessions\": 1e400", "line 1, column 14: sessions must be a whole number from 1 to 10000000, not 1e400.")]
    [InlineData("\"days\": 0", "line 1, column 10: days must be a whole number from 1 to 3650, not 0.")]
    [InlineData("\"days\": 99999", "line 1, column 10: days must be a whole number from 1 to 3650, not 99999.")]
    [InlineData("\"seed\": -1", "line 1, column 10: seed must be a whole number from 0 to 18446744073709551615, not -1.")]
    [InlineData("\"seed\": 18446744073709551616",
        "line 1, column 10: seed must be a whole number from 0 to 18446744073709551615, not 18446744073709551616.")]
    [InlineData("\"arrive_over_days\": -1",
        "line 1, column 22: arrive_over_days must be a whole number from 0 to 3650, not -1.")]
    [InlineData("\"arrive_over_days\": 8",
        "line 1, column 22: arrive_over_days must be at most the 7 days that the run lasts, not 8.")]
    [InlineData("\"sittings_per_day\": 0",
        "line 1, column 22: sittings_per_day must be a number of more than 0 and at most 100, not 0.")]
    [InlineData("\"sittings_per_day\": 1e999",
        "line 1, column 22: sittings_per_day must be a number of more than 0 and at most 100, not 1e999.")]
    [InlineData("\"max_tokens\": 0", "line 1, column 16: max_tokens must be a whole number, 1 or more, not 0.")]
    // dates
    [InlineData("\"start\": \"05.01.2026\"",
        "line 1, column 11: start must be a day or a moment of the years 2000 to 2999, in UTC unless it says otherwise, such as "
        + "2026-01-05 or 2026-01-05T08:00:00Z, not \"05.01.2026\".")]
    [InlineData("\"start\": \"1999-12-31\"",
        "line 1, column 11: start must be a day or a moment of the years 2000 to 2999, in UTC unless it says otherwise, such as "
        + "2026-01-05 or 2026-01-05T08:00:00Z, not \"1999-12-31\".")]
    [InlineData("\"end\": \"2026-02-30\"", "line 1, column 9: end must be a day, such as 2026-01-12, not \"2026-02-30\".")]
    [InlineData("\"end\": \"2026-01-01\"",
        "line 1, column 9: end must be 1 to 3650 days after the start, which is 2026-01-05, not \"2026-01-01\".")]
    [InlineData("\"end\": \"2026-01-05\"",
        "line 1, column 9: end must be 1 to 3650 days after the start, which is 2026-01-05, not \"2026-01-05\".")]
    [InlineData("\"arrive_over_days\": 30, \"end\": \"2025-01-05\"",
        "line 1, column 33: end must be 1 to 3650 days after the start, which is 2026-01-05, not \"2025-01-05\".")]
    [InlineData("\"days\": 7, \"end\": \"2026-01-12\"",
        "line 1, column 13: end must not stand beside days: either of them says how long the run is.")]
    // words
    [InlineData("\"planner\": \"gpt\"", "line 1, column 13: planner must be builtin or llm, not \"gpt\".")]
    [InlineData("\"planner\": 1", "line 1, column 13: planner must be builtin or llm, not 1.")]
    [InlineData("\"history\": \"yes\"", "line 1, column 13: history must be true or false, not \"yes\".")]
    [InlineData("\"pool\": \" \"", "line 1, column 10: pool must be the path of a file of channels, not \" \".")]
    [InlineData("\"pool\": \"\\u0000\"",
        "line 1, column 10: pool must be the path of a file of channels, not \"\\u0000\".")]
    [InlineData("\"$schema\": 5", "line 1, column 13: $schema must be the address of this file's schema, not 5.")]
    [InlineData("\"telegram_mode\": \"live\"",
        "line 1, column 19: telegram_mode must be sandbox, not \"live\": a simulation runs on the sandbox only and can't "
        + "reach a real server.")]
    [InlineData("\"telegram_mode\": \"test\"",
        "line 1, column 19: telegram_mode must be sandbox, not \"test\": a simulation runs on the sandbox only and can't "
        + "reach a real server.")]
    [InlineData("\"telegram_mode\": null",
        "line 1, column 19: telegram_mode must be sandbox, not null: a simulation runs on the sandbox only and can't "
        + "reach a real server.")]
    [InlineData("\"TELEGRAM_MODE\": \"live\"",
        $"line 1, column 2: 'TELEGRAM_MODE' is no key of a scenario; did you mean 'telegram_mode'? {Keys}")]
    // faults
    [InlineData("\"faults\": {\"floodwait\": 0.1}",
        "line 1, column 13: faults: 'floodwait' is no fault of the sandbox; did you mean 'flood_wait'? Allowed are flood_wait, "
        + "private, join_request, not_occupied, channels_too_much, revoked, banned, frozen, peer_flood, offline, "
        + "vanished, not_a_channel, renamed, restricted, recounted.")]
    [InlineData("\"faults\": {\"offline\": 5}", "line 1, column 24: faults.offline must be a number from 0 to 1, not 5.")]
    [InlineData("\"faults\": {\"offline\": \"0.1\"}",
        "line 1, column 24: faults.offline must be a number from 0 to 1, not \"0.1\".")]
    [InlineData("\"faults\": {\"offline\": 0.1, \"offline\": 0.2}",
        "line 1, column 29: faults.offline is there already, at line 1, column 13.")]
    [InlineData("\"faults\": \"offline:2\"",
        "line 1, column 12: faults: '2' is no probability of 'offline'; allowed are numbers from 0 to 1, such as 0.05.")]
    [InlineData("\"faults\": 0.1",
        "line 1, column 12: faults must be an object or a text of faults with their probabilities, such as {\"offline\": 0.01} "
        + "or \"offline:0.01\", not 0.1.")]
    // time zones
    [InlineData("\"time_zones\": {\"Europe/Moskow\": 1}",
        "line 1, column 17: time_zones: 'Europe/Moskow' is no time zone; did you mean 'Europe/Moscow'? Allowed are names of "
        + "the IANA list that this system has, such as Europe/Berlin, and UTC with or without an offset up to 14 hours, such "
        + "as UTC, UTC+3 or UTC-03:30.")]
    [InlineData("\"time_zones\": {\"UTC+25\": 1}",
        "line 1, column 17: time_zones: 'UTC+25' is no time zone. Allowed are names of the IANA list that this system has, "
        + "such as Europe/Berlin, and UTC with or without an offset up to 14 hours, such as UTC, UTC+3 or UTC-03:30.")]
    [InlineData("\"time_zones\": {\"UTC\": 0}",
        "line 1, column 24: time_zones.UTC must be a number of more than 0 and at most 1000000, not 0.")]
    [InlineData("\"time_zones\": {}",
        "line 1, column 16: time_zones must be an object of time zones with their shares, such as {\"UTC+3\": 0.6, \"UTC\": 0.4}, "
        + "not {}.")]
    [InlineData("\"time_zones\": null",
        "line 1, column 16: time_zones must be an object of time zones with their shares, such as {\"UTC+3\": 0.6, \"UTC\": 0.4}, "
        + "not null.")]
    // prices
    [InlineData("\"prices\": {\"input\": -1, \"output\": 1}",
        "line 1, column 22: prices.input must be a number from 0 to 1000000000, not -1.")]
    [InlineData("\"prices\": {\"output\": 1}",
        "line 1, column 12: prices must have input, the price of a million tokens.")]
    [InlineData("\"prices\": {\"input\": 1, \"output\": 1, \"currency\": \"dollars\"}",
        "line 1, column 50: prices.currency must be three capital letters, such as USD, not \"dollars\".")]
    [InlineData("\"prices\": {\"input\": 1, \"output\": 1, \"cache\": 1}",
        "line 1, column 38: prices: 'cache' is no price; did you mean 'cached'? Allowed are input, cached, output, currency.")]
    [InlineData("\"prices\": 5",
        "line 1, column 12: prices must be an object of prices for a million tokens, such as {\"input\": 0.15, \"output\": 0.6}, "
        + "not 5.")]
    // thresholds
    [InlineData("\"thresholds\": {\"sucess_rate\": [\"rate>0.9\"]}",
        "line 1, column 17: thresholds: 'sucess_rate' is no metric; did you mean 'success_rate'? Allowed are sittings, actions, "
        + "joins, reads, posts_read, idles, refusals, accounts_lost, success_rate, completed_rate, active_rate, plan_distinct, "
        + "fallback_rate, cached_rate, tokens, channels_visited, channels_joined, joins_read_later, "
        + "sitting_seconds, actions_per_sitting, sittings_per_session.")]
    [InlineData("\"thresholds\": {\"joins\": [\"count>1\", \"rate>0.5\"]}",
        "line 1, column 38: thresholds.joins[1]: 'rate>0.5' does not fit the metric, a counter, which has count; write it like "
        + "count>100.")]
    [InlineData("\"thresholds\": {\"joins\": \"count>1\"}",
        "line 1, column 26: thresholds.joins must be an array, such as [\"rate>0.95\"], not \"count>1\".")]
    [InlineData("\"thresholds\": {\"joins\": [5]}",
        "line 1, column 27: thresholds.joins[0] must be a text such as \"rate>0.95\", or an object with it such as "
        + "{\"threshold\": \"rate>0.95\", \"abortOnFail\": true}, not 5.")]
    [InlineData("\"thresholds\": {\"joins\": [{\"abortOnFail\": true}]}",
        "line 1, column 27: thresholds.joins[0] must have threshold, a text such as \"rate>0.95\".")]
    [InlineData("\"thresholds\": {\"joins\": [{\"threshold\": \"count>1\", \"abort_on_fail\": true}]}",
        "line 1, column 52: thresholds.joins[0]: 'abort_on_fail' is no key of a threshold; did you mean 'abortOnFail'? Allowed "
        + "are threshold, abortOnFail, ifUnmeasured.")]
    [InlineData("\"thresholds\": {\"joins\": [{\"threshold\": \"count>1\", \"ifUnmeasured\": true}]}",
        "line 1, column 68: thresholds.joins[0].ifUnmeasured must be \"pass\" or \"fail\", not true.")]
    [InlineData("\"thresholds\": {\"joins\": [{\"threshold\": \"count>1\", \"abortOnFail\": 1}]}",
        "line 1, column 67: thresholds.joins[0].abortOnFail must be true or false, not 1.")]
    [InlineData("\"thresholds\": []",
        "line 1, column 16: thresholds must be an object of metrics with their thresholds, such as {\"success_rate\": "
        + "[\"rate>0.9\"]}, not [].")]
    // keys
    [InlineData("\"sesions\": 5", $"line 1, column 2: 'sesions' is no key of a scenario; did you mean 'sessions'? {Keys}")]
    [InlineData("\"Days\": 5", $"line 1, column 2: 'Days' is no key of a scenario; did you mean 'days'? {Keys}")]
    [InlineData("\"sittings-per-day\": 5",
        $"line 1, column 2: 'sittings-per-day' is no key of a scenario; did you mean 'sittings_per_day'? {Keys}")]
    [InlineData("\"proxies\": []", $"line 1, column 2: 'proxies' is no key of a scenario. {Keys}")]
    [InlineData("\"\": 5", $"line 1, column 6: '' is no key of a scenario. {Keys}")]
    [InlineData("\"\\udc00\": 5", $"line 1, column 2: '\\udc00' is no key of a scenario. {Keys}")]
    [InlineData("\"seed\": 1, \"seed\": 1", "line 1, column 13: seed is there already, at line 1, column 2.")]
    [InlineData("\"seed\": 1, \"see\\u0064\": 2", "line 1, column 13: seed is there already, at line 1, column 2.")]
    public void WhatIsWrongIsNamedWithItsPlaceAndWhatIsAllowed(string keys, string sentence)
    {
        var reading = ScenarioFile.Parse($"{{{keys}}}");

        reading.Problems.ShouldHaveSingleItem().ShouldBe(sentence);
        reading.Scenario.ShouldBeNull();
        reading.IsGood.ShouldBeFalse();
    }

    [Fact]
    public void AllProblemsAreSaidAtOnce()
    {
        var problems = ScenarioFile.Parse("""
            {
                "sessions": 0,
                "dais": 3, // not days
                "faults": {"offline": 5, "private": -1, "none": 1},
                "thresholds": {"success_rate": ["rate>95", "p(95)>1"], "speed": []},
                "sessions": 5,
            }
            """).Problems;

        problems.Select(problem => problem[..problem.IndexOf(':')]).ShouldBe([
            "line 6, column 5", "line 2, column 17", "line 3, column 5", "line 4, column 27", "line 4, column 41", "line 4, column 45",
            "line 5, column 37", "line 5, column 48", "line 5, column 60"], ignoreOrder: true);
    }

    [Fact]
    public void ManyProblemsAreCounted()
    {
        var keys = string.Join(",", Enumerable.Range(0, 500).Select(number => $"\"key{number}\": 1"));

        var problems = ScenarioFile.Parse($"{{{keys}}}").Problems;

        problems.Length.ShouldBe(51);
        problems[^1].ShouldBe("There are 450 more such problems.");
    }

    [Theory]
    [InlineData("\"a\":1,")]
    [InlineData("\"sesions\":1,")]
    [InlineData("\"thresholds\":{\"joins\":[5,5,5,5]},")]
    public void AFileFullOfProblemsTellsFiftyAndCountsTheRest(string problem)
    {
        var keys = string.Concat(Enumerable.Repeat(problem, ScenarioFile.BytesMax / problem.Length));

        var problems = ScenarioFile.Parse($"{{{keys}}}").Problems;

        problems.Length.ShouldBe(51);
        problems[^1].ShouldMatch("^There are [0-9]+ more such problems.$");
    }

    [Theory]
    [InlineData("", "1000000000", "for 7 days they would take about 1.4 TiB of memory and 13 TiB of disk.")]
    [InlineData(", \"days\": 365, \"sittings_per_day\": 2", "1000000000",
        "for 365 days they would take about 1.4 TiB of memory and 1.3 PiB of disk.")]
    [InlineData(", \"history\": false", "1000000000", "for 7 days they would take about 1.4 TiB of memory.")]
    [InlineData("", "10000001", "for 7 days they would take about 14.3 GiB of memory and 133.4 GiB of disk.")]
    public void MassesAreRefusedWithWhatTheyWouldTake(string keys, string sessions, string needs) =>
        ScenarioFile.Parse($$"""{"sessions": {{sessions}}{{keys}}}""").Problems.ShouldHaveSingleItem().ShouldBe(
            $"line 1, column 14: sessions must be a whole number from 1 to 10000000, not {sessions}: {needs}");

    [Theory]
    [InlineData("", "it is empty.")]
    [InlineData("[]", "it holds [], not an object of a scenario's keys.")]
    [InlineData("null", "it holds null, not an object of a scenario's keys.")]
    [InlineData("{\n  \"days\" 7\n}", "it is not JSON at line 2, column 10: '7' is invalid")]
    public void ABrokenTextSaysWhereAndWhy(string text, string why) =>
        ScenarioFile.Parse(text).Problems.ShouldHaveSingleItem().ShouldStartWith(why);

    [Fact]
    public void AFileIsReadAndNamedInItsProblems()
    {
        var good = folder.Write("good.json", [.. Encoding.UTF8.Preamble, .. "{\"days\": 3}"u8]);
        var bad = folder.Write("bad.json", "{\n\"days\": 0}");
        var missing = folder.File("none.json");

        ScenarioFile.Read(good).Scenario!.Days.ShouldBe(3);
        ScenarioFile.Read(bad).Problems.ShouldBe(
            [$"Scenario {bad}: line 2, column 9: days must be a whole number from 1 to 3650, not 0."]);
        ScenarioFile.Read(missing).Problems.ShouldBe([$"Scenario {missing}: it does not exist."]);
        ScenarioFile.Read(folder.Path).Problems.ShouldBe([$"Scenario {folder.Path}: it is a directory."]);
    }

    [Fact]
    public void AFileThatIsTooBigOrInAnotherEncodingIsNotRead()
    {
        using (var file = File.Create(folder.File("big.json"))) file.SetLength(ScenarioFile.BytesMax + 1L);

        ScenarioFile.Read(folder.File("big.json")).Problems.ShouldHaveSingleItem()
            .ShouldEndWith("it has 1048577 bytes, and 1048576 are read at most.");
        ScenarioFile.Read(folder.Write("utf16.json", Encoding.Unicode.GetPreamble())).Problems.ShouldHaveSingleItem()
            .ShouldEndWith("it is UTF-16 text; save it as UTF-8.");
    }

    [Fact]
    public void WhateverAFileHoldsItIsReadWithoutAnException()
    {
        var good = """
            {"sessions": 5, "days": 7, "faults": {"offline": 0.1}, "time_zones": {"UTC+3": 1, "Я": 2}, "seed": 1,
             "thresholds": {"joins": ["count>1", {"threshold": "count<9", "abortOnFail": true}]}, "pool": "\ud83d\ude00"}
            """u8.ToArray();
        var damage = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 4];

        damage.Sample(changes =>
        {
            var bytes = good.ToArray();
            foreach (var (at, value) in changes) bytes[at] = value;
            var reading = ScenarioFile.Parse(Encoding.UTF8.GetString(bytes));
            return reading.IsGood == reading.Problems.IsEmpty;
        });
    }

    [Fact]
    public void APoolOfTwoChannelsHasNothingToChooseFrom()
    {
        ScenarioFile.ProblemOf(ChannelPool.VerifiedOnly)!.ShouldStartWith(
            "The pool has only @durov and @telegram, which is nothing to choose from: a simulation needs 3 channels or more;");
        ScenarioFile.ProblemOf(ChannelPool.Of([new(ChannelName.Parse("@nytimes"), "", "", null, null)])).ShouldBeNull();
    }

    [Theory]
    [InlineData("mine.json", "scenarios/week.json", "scenarios/mine.json")]
    [InlineData("../mine.json", "/scenarios/week.json", "/scenarios/../mine.json")]
    [InlineData("/pools/mine.json", "scenarios/week.json", "/pools/mine.json")]
    [InlineData("mine.json", "week.json", "mine.json")]
    [InlineData("mine.json", null, "mine.json")]
    [InlineData(null, "week.json", null)]
    public void ThePoolLiesBesideTheScenario(string? pool, string? scenario, string? path) =>
        ScenarioFile.PoolPath(new Scenario { Pool = pool }, scenario)?.Replace('\\', '/').ShouldBe(path);

    private static Scenario Good(string json)
    {
        var reading = ScenarioFile.Parse(json);
        reading.Problems.ShouldBeEmpty();
        return reading.Scenario.ShouldNotBeNull();
    }
}
