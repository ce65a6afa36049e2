using HeatUp.Plans;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Plans;

public sealed class TokenBudgetTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2024, 1, 10, 23, 0, 0, TimeSpan.Zero));

    [Fact]
    public void WhatWasSpentBeforeTheStartCounts()
    {
        var budget = new TokenBudget(1000, 900, clock);

        budget.TryReserve(101).ShouldBeFalse();
        budget.TryReserve(100).ShouldBeTrue();
    }

    [Fact]
    public void CallsUnderWayHoldWhatTheyWillProbablyCost()
    {
        var budget = new TokenBudget(1000, 0, clock);
        budget.TryReserve(600).ShouldBeTrue();
        budget.TryReserve(600).ShouldBeFalse();

        budget.Settle(600, 100);

        budget.SpentToday.ShouldBe(100);
        budget.TryReserve(600).ShouldBeTrue();
    }

    [Fact]
    public void AtMidnightUtcTheDayBeginsAnew()
    {
        var budget = new TokenBudget(1000, 1000, clock);
        budget.TryReserve(1).ShouldBeFalse();

        clock.Advance(TimeSpan.FromHours(1));

        budget.SpentToday.ShouldBe(0);
        budget.TryReserve(1000).ShouldBeTrue();
    }

    [Fact]
    public void ACallOverMidnightIsPaidByTheNewDay()
    {
        var budget = new TokenBudget(1000, 0, clock);
        budget.TryReserve(500).ShouldBeTrue();
        clock.Advance(TimeSpan.FromHours(2));

        budget.Settle(500, 700);

        budget.SpentToday.ShouldBe(700);
        budget.TryReserve(300).ShouldBeTrue();
    }

    [Fact]
    public void WithoutALimitItOnlyCounts()
    {
        var budget = new TokenBudget(null, 5, clock);
        budget.TryReserve(long.MaxValue / 2).ShouldBeTrue();

        budget.Settle(long.MaxValue / 2, 7);

        budget.SpentToday.ShouldBe(12);
    }

    [Fact]
    public void ManyAtOnceDoNotOvershoot()
    {
        var budget = new TokenBudget(1000, 0, clock);
        var granted = 0;

        Parallel.For(0, 1000, _ =>
        {
            if (budget.TryReserve(10)) Interlocked.Increment(ref granted);
        });

        granted.ShouldBe(100);
    }
}
