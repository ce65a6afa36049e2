using HeatUp.Channels;
using HeatUp.Primitives;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

/// <summary>Runs whose rules change in their middle.</summary>
public sealed class BranchTests
{
    private static readonly ChannelPool Pool = ChannelPool.Of(
        ChannelFile.Read(Repository.File("channels_data.json")).Channels);

    private static readonly DateTimeOffset At = new(2026, 1, 9, 5, 30, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Midnight = new(2026, 1, 9, 0, 0, 0, TimeSpan.Zero);

    private static Scenario Origin => new() { Sessions = 80, Days = 9, Seed = new Seed(7), Faults = Faults("offline:0.01,revoked:0.002") };

    [Theory]
    [InlineData("faults.flood_wait=0.2")]
    [InlineData("faults.private=0.5")]
    [InlineData("faults=banned:0.1")]
    [InlineData("sittings_per_day=4")]
    [InlineData("recommendations=true")]
    public void ABranchIsTheSameUntilItsHourAndAnotherAfterwards(string setting)
    {
        var (origin, branch) = (Live(Origin), Live(Branch(setting)));

        branch.Transcript.ShouldNotBe(origin.Transcript);
        var marks = branch.Epochs.ToDictionary(mark => mark.Until, mark => mark.Transcript);
        origin.Epochs.Where(mark => mark.Until <= Midnight).Count().ShouldBe(4);
        foreach (var mark in origin.Epochs) (marks[mark.Until] == mark.Transcript).ShouldBe(mark.Until <= Midnight);
        for (var day = 0; day < 4; day++) branch.Summary.Days[day].ShouldBe(origin.Summary.Days[day]);
    }

    [Fact]
    public void ABranchIsAScenarioThatGivesTheSameOnAnyNumberOfThreadsAndFromItsText()
    {
        var branch = Branch("faults.flood_wait=0.2", "sittings_per_day=3", "recommendations=true");
        var read = ScenarioFile.Parse(ScenarioFile.ToJson(branch)).Scenario.ShouldNotBeNull();

        ScenarioFile.ToJson(read).ShouldBe(ScenarioFile.ToJson(branch));
        Live(read, threads: 3).Transcript.ShouldBe(Live(branch).Transcript);
    }

    [Fact]
    public void ABranchWithoutAChangeIsTheRunItself()
    {
        ScenarioFile.ToJson(Branch()).ShouldBe(ScenarioFile.ToJson(Origin));
        ScenarioFile.ToJson(Branch("sittings_per_day=2")).ShouldContain("changes");
        ScenarioFile.ToJson(Branch("faults.offline=0.01", "recommendations=false")).ShouldBe(ScenarioFile.ToJson(Origin));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ABranchThatWasStoppedGoesOnAsOneThatNeverWas(int epochs)
    {
        using var folder = new TempFolder();
        // Days of epochs, because a model of what is followed is made at their ends.
        var branch = Branch("faults.flood_wait=0.2", "sittings_per_day=3", "recommendations=true");
        var whole = Live(branch, 1, folder.File("whole.db"));
        Live(branch, 2, folder.File("part.db"), epochs).Status.ShouldBe(RunFolderStatus.Stopped);

        var resumed = Live(branch, 2, folder.File("part.db"));

        resumed.Transcript.ShouldBe(whole.Transcript);
        resumed.Epochs.ShouldBe(whole.Epochs);
        File.ReadAllBytes(folder.File("part.db")).Length.ShouldBe(File.ReadAllBytes(folder.File("whole.db")).Length);
    }

    [Fact]
    public void SessionsLiveByOtherHabitsAtOnce()
    {
        var (origin, branch) = (Live(Origin).Summary, Live(Branch("sittings_per_day=12")).Summary);

        branch.Days[5].Sittings.ShouldBeGreaterThan(8 * origin.Days[5].Sittings);
        Live(Branch("sittings_per_day=0.01")).Summary.Days[5].Sittings.ShouldBeLessThan(origin.Days[5].Sittings / 5);
    }

    [Fact]
    public void ALostAccountStaysLostWhenHabitsChange()
    {
        var revoked = Origin with { Faults = Faults("revoked:1") };
        var branch = Read(revoked, "sittings_per_day=20").Scenario.ShouldNotBeNull();

        var summary = Live(branch).Summary;
        summary.Metrics.Single(metric => metric.Metric == "sittings").Values[0].Value.ShouldBe(
            summary.Metrics.Single(metric => metric.Metric == "accounts_lost").Values[0].Value, "each session has one sitting, its last");
    }

    [Fact]
    public void AChangeCanEndWhatAnEarlierOneBegan()
    {
        var twice = Read(Branch("faults.flood_wait=0.9"), At.AddDays(2), "faults.flood_wait=0").Scenario.ShouldNotBeNull();
        var days = Live(twice).Summary.Days;

        twice.Changes.Length.ShouldBe(2);
        double Success(int day) => days[day].Done / (double)days[day].Actions;
        Success(5).ShouldBeLessThan(0.7);
        Success(8).ShouldBeGreaterThan(0.9);
        Success(2).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void WhatIsOfTheWholeRunIsSetForIt()
    {
        var branch = Branch(
            "days=30", "thresholds.success_rate=[\"rate>0.5\"]", "history=false", """prices={"input":1,"output":2}""");

        (branch.Days, branch.History, branch.Thresholds.Single().Expression, branch.Changes.Length).ShouldBe((30, false, "rate>0.5", 0));
        Live(branch).Epochs.Take(4).ShouldBe(Live(Origin).Epochs.Take(4));
    }

    [Theory]
    [InlineData("sessions=5",
        "--set sessions=5: sessions can't change in the middle of a run: who lives there is drawn when a run begins.")]
    [InlineData("seed=8", "--set seed=8: seed can't change in the middle of a run: all that happened until then came from it.")]
    [InlineData("start=2026-01-06", "start can't change in the middle of a run")]
    [InlineData("time_zones.UTC=1", "time_zones can't change in the middle of a run")]
    [InlineData("planner=llm", "planner can't change in the middle of a run")]
    [InlineData("faults.flod_wait=0.1", "'flod_wait' is no fault of the sandbox; did you mean 'flood_wait'?")]
    [InlineData("sitings_per_day=1", "'sitings_per_day' is no key of a scenario; did you mean 'sittings_per_day'?")]
    [InlineData("faults.flood_wait=2", "faults.flood_wait must be a number from 0 to 1, not 2.")]
    [InlineData("faults.flood_wait=often", "faults.flood_wait must be a number from 0 to 1, not often.")]
    [InlineData("sittings_per_day=null", "sittings_per_day can only change to a number.")]
    [InlineData("recommendations", "write a key, an equals sign and a value")]
    [InlineData("=1", "write a key, an equals sign and a value")]
    [InlineData("days=3", "--at must be before the run's end, which is 2026-01-08T00:00Z then.")]
    public void WhatCannotChangeIsRefusedWithItsReason(string setting, string said) =>
        Read(Origin, setting).Problems.ShouldHaveSingleItem().ShouldContain(said);

    [Theory]
    [InlineData("2026-01-05",
        "--at must lie in the run: after 2026-01-05T00:00Z and before 2026-01-14T00:00Z; this one is 2026-01-05T00:00Z.")]
    [InlineData("2026-01-14", "before 2026-01-14T00:00Z")]
    [InlineData("noon", "--at must be a day or a moment")]
    [InlineData("2026-01-12T00:00Z", null)]
    [InlineData("2026-01-12T03:00+03:00", null)]
    public void TheHourLiesInTheRun(string hour, string? said)
    {
        var problem = Branching.ReadHour(hour, Origin, Origin.End, out var at);

        if (said is not null) problem.ShouldNotBeNull().ShouldContain(said);
        else (problem, at).ShouldBe((null, new DateTimeOffset(2026, 1, 12, 0, 0, 0, TimeSpan.Zero)));
        Branching.ReadHour("2026-01-12", Origin, Origin.Start.AddDays(2), out _).ShouldNotBeNull()
            .ShouldContain("at most 2026-01-07T00:00Z, which it reached");
    }

    [Theory]
    [InlineData("""[{"at": "2026-01-04", "recommendations": true}]""", "after the start (2026-01-05T00:00Z)")]
    [InlineData("""[{"at": "2026-01-12", "recommendations": true}]""", "before the end (2026-01-12T00:00Z)")]
    [InlineData("""[{"at": "2026-01-07", "recommendations": true}, {"at": "2026-01-07", "sittings_per_day": 1}]""", "one after the other")]
    [InlineData("""[{"at": "2026-01-07"}]""", "must be a time with faults, sittings_per_day or recommendations")]
    [InlineData("""[{"recommendations": true}]""", "changes[0] must have at, the time from which on it holds.")]
    [InlineData("""[{"at": "2026-01-07", "seed": 1}]""", "'seed' is no key of a change")]
    [InlineData("""[{"at": "2026-01-07", "faults": {"flod_wait": 1}}]""", "did you mean 'flood_wait'?")]
    [InlineData("""[{"at": "2026-01-07", "sittings_per_day": 0}]""", "changes[0].sittings_per_day must be a number of more than 0")]
    [InlineData("""{"at": "2026-01-07"}""", "changes must be an array of changes")]
    [InlineData("null", "changes must be an array of changes")]
    public void ChangesOfAFileAreChecked(string changes, string said) =>
        ScenarioFile.Parse($$"""{"days": 7, "changes": {{changes}}}""").Problems.ShouldHaveSingleItem().ShouldContain(said);

    private static Scenario Branch(params string[] settings)
    {
        var reading = Read(Origin, settings);
        reading.Problems.ShouldBeEmpty();
        return reading.Scenario.ShouldNotBeNull();
    }

    private static ScenarioReading Read(Scenario origin, params string[] settings) => Read(origin, At, settings);

    private static ScenarioReading Read(Scenario origin, DateTimeOffset at, params string[] settings) =>
        Branching.Read(origin, at, settings);

    private static SimulationEnd Live(Scenario scenario, int threads = 1, string? history = null, int stopAfter = int.MaxValue)
    {
        using var stop = new CancellationTokenSource();
        using var run = new SimulationRun(scenario, Pool, null, threads, history);
        var epochs = 0;
        return run.Run(_ => { if (++epochs == stopAfter) stop.Cancel(); }, stop.Token);
    }

    private static SandboxFaults Faults(string text) =>
        SandboxFaults.TryParse(text, out var faults, out var problem) ? faults : throw new ArgumentException(problem);
}
