using HeatUp.Channels.Sources;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Channels.Sources;

public sealed class CallLedgerTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();

    private string Path => folder.File("calls.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ACallCountsForThirtyDays()
    {
        using (var ledger = CallLedger.Open(Path, clock)) ledger.Add();
        clock.Advance(TimeSpan.FromDays(29));
        using (var ledger = CallLedger.Open(Path, clock)) ledger.Used.ShouldBe(1);
        clock.Advance(TimeSpan.FromDays(1));
        using (var ledger = CallLedger.Open(Path, clock)) ledger.Used.ShouldBe(0);
    }

    [Fact]
    public void WhenCallsAreFreeAgainFollowsFromTheOldest()
    {
        using var ledger = CallLedger.Open(Path, clock);
        var first = clock.GetUtcNow();
        ledger.Add();
        clock.Advance(TimeSpan.FromDays(1));
        ledger.Add();

        ledger.FreeAt(1, 3).ShouldBe(clock.GetUtcNow());
        ledger.FreeAt(2, 3).ShouldBe(first.AddDays(30));
        ledger.FreeAt(3, 3).ShouldBe(first.AddDays(31));
        ledger.FreeAt(4, 3).ShouldBeNull();
    }

    [Fact]
    public void OneProcessCountsAtATime()
    {
        using var ledger = CallLedger.Open(Path, clock);

        Should.Throw<IOException>(() => CallLedger.Open(Path, clock)).Message.ShouldContain("in use by another process");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"yesterday\"]")]
    [InlineData("[null]")]
    [InlineData("")]
    public void AFileThatIsNoLedgerIsLeftAlone(string text)
    {
        File.WriteAllText(Path, text);

        Should.Throw<IOException>(() => CallLedger.Open(Path, clock)).Message.ShouldContain("Mend it");

        File.ReadAllText(Path).ShouldBe(text);
        Should.Throw<IOException>(() => CallLedger.Open(Path, clock)).Message.ShouldContain("Mend it", customMessage: "the turn is over");
    }

    [Fact]
    public void ACallFromTheFutureCountsAsOneOfNow()
    {
        File.WriteAllText(Path, """["2099-01-01T00:00:00Z"]""");
        using var ledger = CallLedger.Open(Path, clock);

        ledger.FreeAt(1, 1).ShouldBe(clock.GetUtcNow().AddDays(30));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaid() =>
        Should.Throw<IOException>(() => CallLedger.Open(folder.File("no/calls.json"), clock))
            .Message.ShouldContain("does not exist");
}
