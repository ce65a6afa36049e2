using HeatUp.Channels.Sources;

namespace HeatUp.Tests.Channels.Sources;

/// <summary>What holds of every way to count calls.</summary>
public abstract class CallLedgerContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract Task<ICallLedger> OpenAsync();

    [Fact]
    public async Task EachCallIsCountedAndNoneBeyondTheLimit()
    {
        var ledger = await OpenAsync();
        (await ledger.CallsAsync(Cancellation)).Times.ShouldBeEmpty();

        var may = new List<bool>();
        for (var call = 0; call < 3; call++) may.Add(await ledger.TryAddAsync(2, Cancellation));

        may.ShouldBe([true, true, false]);
        var calls = await ledger.CallsAsync(Cancellation);
        calls.Times.Count.ShouldBe(2);
        calls.Times.ShouldBeInOrder();
        calls.At.ShouldBeGreaterThanOrEqualTo(calls.Times[^1]);
        calls.FreeAt(1, 2).ShouldBe(calls.Times[0] + CallsMade.Period);
    }
}
