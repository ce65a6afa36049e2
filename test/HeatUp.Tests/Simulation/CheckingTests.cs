using HeatUp.Simulation.Checking;

namespace HeatUp.Tests.Simulation;

public sealed class CheckingTests(ITestOutputHelper output)
{
    private const int Seeds = 100;

    [Fact]
    public void NothingIsBrokenInAHundredWorldsAndAllKindsOfTroubleCameInThem()
    {
        var results = Enumerable.Range(1, Seeds).Select(seed => Checker.Check(new Seed((ulong)seed))).ToList();

        foreach (var result in results.Where(result => !result.Passed))
            output.WriteLine($"{result.Violation}\n  {string.Join("\n  ", result.Tail.TakeLast(14))}");
        results.Where(result => !result.Passed).Select(result => $"{result.Seed}: {result.Violation}").ShouldBeEmpty();
        foreach (var what in Enum.GetValues<Exercised>())
        {
            var count = results.Sum(result => result.Counts[what]);
            output.WriteLine($"{what}: {count}");
            count.ShouldBeGreaterThan(0, $"{what}");
        }
    }
}
