using HeatUp.Checking;
using static HeatUp.Tests.Simulation.CheckingMutants;

namespace HeatUp.Tests.Simulation;

public sealed class CheckingTests(ITestOutputHelper output)
{
    private const int Seeds = 100;

    /// <summary>What each mutant must be caught for.</summary>
    private static readonly Dictionary<string, (PathParts Parts, ViolationKind Kind, string[] Invariants)> Mutants = new()
    {
        [nameof(ForgetsAStep)] = Unsafe(ForgetsAStep, Invariant.ToldIsStored, Invariant.NothingLost),
        [nameof(LosesTheLastStepOverARestart)] = Unsafe(LosesTheLastStepOverARestart, Invariant.NothingLost),
        [nameof(RepeatsTheLastStepAfterARestart)] =
            Unsafe(RepeatsTheLastStepAfterARestart, Invariant.NoRepetition, Invariant.StepsInOrder, Invariant.LossEnds),
        [nameof(ForgetsMemberships)] = Unsafe(ForgetsMemberships, Invariant.NothingLost),
        [nameof(PlansOutsideOfThePool)] = Unsafe(PlansOutsideOfThePool, Invariant.PlanPool),
        [nameof(JoinsAgain)] = Unsafe(JoinsAgain, Invariant.PlanJoins),
        [nameof(PlansTooMuch)] = Unsafe(PlansTooMuch, Invariant.PlanSize),
        [nameof(PlansForTooLong)] = Unsafe(PlansForTooLong, Invariant.PlanTimes),
        [nameof(LetsTwoIn)] = Unsafe(LetsTwoIn, Invariant.OneSitting),
        [nameof(RemembersEarlierTimes)] = Unsafe(RemembersEarlierTimes, Invariant.TimesForward),
        [nameof(RemembersTwice)] = Unsafe(RemembersTwice, Invariant.StepsInOrder),
        [nameof(GoesOnAfterAnUnrememberedStep)] =
            Unsafe(GoesOnAfterAnUnrememberedStep, Invariant.NothingAfterUnremembered, Invariant.ToldIsStored),
        [nameof(RemembersWhatDidNotHappen)] = Unsafe(RemembersWhatDidNotHappen, Invariant.TrueMemory),
        [nameof(DoesNotWait)] = Unsafe(DoesNotWait, Invariant.WaitObeyed),
        [nameof(DoesAllTwice)] = Unsafe(DoesAllTwice, Invariant.NoRepetition),
        [nameof(GoesOnAfterALoss)] = Unsafe(GoesOnAfterALoss, Invariant.TrueMemory),
        [nameof(CheckingMutants.Faults)] = Unsafe(CheckingMutants.Faults, Invariant.NoFault),
        [nameof(EndsALossAsSomethingElse)] =
            Unsafe(EndsALossAsSomethingElse, Invariant.LossEnds, Invariant.JoinRemembered),
        [nameof(SwallowsJoins)] = Unsafe(SwallowsJoins, Invariant.ToldIsStored, Invariant.JoinRemembered),
        [nameof(NeverWritesTheEnd)] = Lifeless(NeverWritesTheEnd, Invariant.SittingsEnd),
        [nameof(NeverResumes)] = Lifeless(NeverResumes, Invariant.SittingsEnd),
        [nameof(NeverReleases)] = Lifeless(NeverReleases, Invariant.SessionsFree),
        [nameof(PlansForEver)] = Lifeless(PlansForEver, Invariant.RequestsAnswered, Invariant.SessionsFree),
        [nameof(GoesRoundInCircles)] = Lifeless(GoesRoundInCircles, Invariant.SessionsFree),
    };

    public static TheoryData<string> MutantNames => [.. Mutants.Keys];

    [Fact]
    public void NothingIsBrokenInAHundredWorldsAndAllKindsOfTroubleCameInThem()
    {
        var results = Enumerable.Range(1, Seeds).Select(seed => Checker.Check(new Seed((ulong)seed))).ToList();

        results.Where(result => !result.Passed).Select(Told).ShouldBeEmpty();
        foreach (var what in Enum.GetValues<Exercised>())
        {
            var count = results.Sum(result => result.Counts[what]);
            output.WriteLine($"{what}: {count}");
            count.ShouldBeGreaterThan(0, $"{what}");
        }
    }

    [Theory]
    [MemberData(nameof(MutantNames))]
    public void BrokenCodeIsCaught(string mutant)
    {
        var (parts, kind, invariants) = Mutants[mutant];

        var caught = Enumerable.Range(1, Seeds).Select(seed => Checker.Check(new Seed((ulong)seed), parts)).First(result => !result.Passed);

        output.WriteLine(Told(caught));
        caught.Violation!.Kind.ShouldBe(kind, Told(caught));
        caught.Violation.Invariant.ShouldBeOneOf(invariants, Told(caught));
        caught.Violation.Sentence.ShouldEndWith(".");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(77)]
    public void ASeedAlwaysDoesTheSame(ulong number)
    {
        var seed = new Seed(number);
        var results = new CheckResult[4];

        // On several threads at once: checks share nothing.
        Parallel.For(0, results.Length, i => results[i] = Checker.Check(seed));

        results.Select(result => result.Transcript).Distinct().ShouldHaveSingleItem();
        results[1].Counts.ShouldBe(results[0].Counts, ignoreOrder: true);
        Checker.Check(new Seed(number + 1)).Transcript.ShouldNotBe(results[0].Transcript);
    }

    [Fact]
    public void AViolationIsFoundAgainWithItsSeed()
    {
        var first = Checker.Check(new Seed(1), RemembersTwice);
        var again = Checker.Check(new Seed(1), RemembersTwice);

        again.Violation.ShouldBe(first.Violation);
        again.Transcript.ShouldBe(first.Transcript);
        again.Tail.ShouldBe(first.Tail);
        first.Tail[^1].ShouldNotBeNull();
        first.Violation!.At.ShouldBeLessThanOrEqualTo(first.Until);
        first.Violation.Word.ShouldBe("safety");
    }

    private static string Told(CheckResult result) =>
        $"{result.Seed}: {result.Violation}\n  {string.Join("\n  ", result.Tail.TakeLast(20))}";

    private static (PathParts, ViolationKind, string[]) Unsafe(PathParts parts, params string[] invariants) =>
        (parts, ViolationKind.Safety, invariants);

    private static (PathParts, ViolationKind, string[]) Lifeless(PathParts parts, params string[] invariants) =>
        (parts, ViolationKind.Liveness, invariants);
}
