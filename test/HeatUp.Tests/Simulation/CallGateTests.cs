using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class CallGateTests
{
    [Fact]
    public async Task WhoComesFirstIsLetInFirst()
    {
        var gate = new CallGate(2, null, 0);
        var calls = Enumerable.Range(0, 5).Select(_ => EnterAsync(gate, 1)).ToList();
        calls.Count(call => call.IsCompleted).ShouldBe(2);
        gate.Inside.ShouldBe(2);

        foreach (var next in calls.Skip(2))
        {
            next.IsCompleted.ShouldBeFalse();
            gate.Leave(1, 1);
            (await next).ShouldBeTrue();
        }
        gate.Inside.ShouldBe(2);
    }

    [Fact]
    public async Task ACallThatFitsOnlyIfOthersTurnOutCheaperWaitsForThem()
    {
        var gate = new CallGate(10, 1_000, 100);
        (await EnterAsync(gate, 800)).ShouldBeTrue();
        var next = EnterAsync(gate, 200);
        next.IsCompleted.ShouldBeFalse();

        gate.Leave(800, 700);

        (await next).ShouldBeTrue();
    }

    [Fact]
    public async Task OnceACallDoesNotFitNoneIsLetInAnyMore()
    {
        var gate = new CallGate(10, 1_000, 0);
        (await EnterAsync(gate, 800)).ShouldBeTrue();
        var (large, small) = (EnterAsync(gate, 300), EnterAsync(gate, 10));

        gate.Leave(800, 800);

        (await large).ShouldBeFalse();
        (await small).ShouldBeFalse();
        (await EnterAsync(gate, 1)).ShouldBeFalse();
        gate.Inside.ShouldBe(0);
    }

    [Fact]
    public async Task AllOfTheBoundMayBeSpentAndNotOneMore()
    {
        (await EnterAsync(new CallGate(1, 1_000, 400), 600)).ShouldBeTrue();
        (await EnterAsync(new CallGate(1, 1_000, 400), 601)).ShouldBeFalse();
    }

    [Fact]
    public async Task WhoGivesUpTakesNoPlace()
    {
        var gate = new CallGate(1, null, 0);
        (await EnterAsync(gate, 1)).ShouldBeTrue();
        using var impatient = new CancellationTokenSource();
        var gone = gate.EnterAsync(1, impatient.Token).AsTask();
        var next = EnterAsync(gate, 1);

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        gate.Leave(1, 1);

        (await next).ShouldBeTrue();
        gate.Inside.ShouldBe(1);
    }

    [Fact]
    public async Task TheEarliestSittingIsPlannedNext()
    {
        var queue = new PlanQueue(1);
        var noon = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        await EnterAsync(queue, noon);
        var late = EnterAsync(queue, noon.AddHours(2));
        using var impatient = new CancellationTokenSource();
        var gone = queue.EnterAsync(noon, impatient.Token).AsTask();
        var early = EnterAsync(queue, noon.AddHours(1));
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);

        queue.Leave();
        await early;
        late.IsCompleted.ShouldBeFalse();

        queue.Leave();
        await late;
        queue.Leave();
        await EnterAsync(queue, noon);
    }

    private static Task<bool> EnterAsync(CallGate gate, long tokens) =>
        gate.EnterAsync(tokens, TestContext.Current.CancellationToken).AsTask();

    private static Task EnterAsync(PlanQueue queue, DateTimeOffset at) =>
        queue.EnterAsync(at, TestContext.Current.CancellationToken).AsTask();
}
