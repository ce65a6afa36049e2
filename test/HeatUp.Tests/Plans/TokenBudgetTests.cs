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
    public async Task CallsUnderWayHoldWhatTheyWillProbablyCost()
    {
        var budget = new TokenBudget(1000, 0, clock);
        budget.TryReserve(600).ShouldBeTrue();
        budget.TryReserve(600).ShouldBeFalse();

        await budget.SettleAsync(600, Tokens(100));

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
    public async Task ACallOverMidnightIsPaidByTheNewDay()
    {
        var budget = new TokenBudget(1000, 0, clock);
        budget.TryReserve(500).ShouldBeTrue();
        clock.Advance(TimeSpan.FromHours(2));

        await budget.SettleAsync(500, Tokens(700));

        budget.SpentToday.ShouldBe(700);
        budget.TryReserve(300).ShouldBeTrue();
    }

    [Fact]
    public async Task WithoutALimitItOnlyCounts()
    {
        var budget = new TokenBudget(null, 5, clock);
        budget.TryReserve(long.MaxValue / 2).ShouldBeTrue();

        await budget.SettleAsync(long.MaxValue / 2, Tokens(7));

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

    [Fact]
    public async Task WhatOthersSpendOnTheSameDayCountsFromTheNextCallOn()
    {
        var ledger = new Ledger();
        var (mine, others) = (new TokenBudget(1000, 0, clock, ledger), new TokenBudget(1000, 0, clock, ledger));
        await others.SettleAsync(0, Tokens(600));

        await mine.SettleAsync(0, Tokens(100));

        mine.SpentToday.ShouldBe(700);
        mine.TryReserve(301).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatCannotBeWrittenCountsAndIsWrittenWithTheNext()
    {
        var ledger = new Ledger { IsFull = true };
        var budget = new TokenBudget(1000, 0, clock, ledger);
        await budget.SettleAsync(0, Tokens(600));
        budget.SpentToday.ShouldBe(600);
        ledger.IsFull = false;

        await budget.SettleAsync(0, Tokens(100));

        budget.SpentToday.ShouldBe(700);
        ledger.Days.Values.ShouldBe([Tokens(700)]);
    }

    [Fact]
    public async Task EachDayHasItsOwnSum()
    {
        var ledger = new Ledger();
        var budget = new TokenBudget(null, 0, clock, ledger);
        await budget.SettleAsync(0, Tokens(600));
        clock.Advance(TimeSpan.FromHours(1));
        await budget.SettleAsync(0, Tokens(100));

        ledger.Days.OrderBy(day => day.Key).Select(day => day.Value).ShouldBe([Tokens(600), Tokens(100)]);
        budget.SpentToday.ShouldBe(100);
    }

    private static TokenUsage Tokens(long output) => new(0, output, 0);

    private sealed class Ledger : ITokenLedger
    {
        public Dictionary<DateOnly, TokenUsage> Days { get; } = [];

        public bool IsFull { get; set; }

        public ValueTask<TokenUsage> AddTokensAsync(DateOnly day, TokenUsage tokens)
        {
            if (IsFull) throw new IOException("The disk is full.");
            return new(Days[day] = Days.GetValueOrDefault(day) + tokens);
        }

        public ValueTask<TokenUsage> TokensOfAsync(DateOnly day, CancellationToken cancellation) =>
            new(Days.GetValueOrDefault(day));
    }
}
