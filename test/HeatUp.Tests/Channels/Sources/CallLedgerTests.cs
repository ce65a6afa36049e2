using HeatUp.Channels.Sources;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Channels.Sources;

/// <summary>Calls to TGStat, counted in a file.</summary>
public sealed class CallLedgerTests : CallLedgerContract, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = FakeTime.AtNoon();

    private string Path => folder.File("calls.json");

    private CallLedger? open;

    public void Dispose()
    {
        open?.Dispose();
        folder.Dispose();
    }

    private protected override Task<ICallLedger> OpenAsync()
    {
        open ??= CallLedger.Open(Path, clock);
        return Task.FromResult<ICallLedger>(open);
    }

    [Fact]
    public async Task ACallCountsForThirtyDays()
    {
        using (var ledger = CallLedger.Open(Path, clock)) (await ledger.TryAddAsync(1, Cancellation)).ShouldBeTrue();
        clock.Advance(TimeSpan.FromDays(29));
        using (var ledger = CallLedger.Open(Path, clock)) (await ledger.CallsAsync(Cancellation)).Times.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromDays(1));
        using (var ledger = CallLedger.Open(Path, clock)) (await ledger.CallsAsync(Cancellation)).Times.ShouldBeEmpty();
    }

    [Fact]
    public void WhenCallsAreFreeAgainFollowsFromTheOldest()
    {
        var now = clock.GetUtcNow();
        var calls = new CallsMade([now.AddDays(-1), now], now);

        calls.FreeAt(1, 3).ShouldBe(now);
        calls.FreeAt(2, 3).ShouldBe(now.AddDays(29));
        calls.FreeAt(3, 3).ShouldBe(now.AddDays(30));
        calls.FreeAt(4, 3).ShouldBeNull();
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
    public async Task ACallFromTheFutureCountsAsOneOfNow()
    {
        File.WriteAllText(Path, """["2099-01-01T00:00:00Z"]""");
        using var ledger = CallLedger.Open(Path, clock);

        (await ledger.CallsAsync(Cancellation)).FreeAt(1, 1).ShouldBe(clock.GetUtcNow().AddDays(30));
    }

    [Fact]
    public void AFolderThatIsNotThereIsSaid() =>
        Should.Throw<IOException>(() => CallLedger.Open(folder.File("no/calls.json"), clock))
            .Message.ShouldContain("does not exist");
}
