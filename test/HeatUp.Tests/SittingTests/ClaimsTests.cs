using HeatUp.Plans;
using HeatUp.Sessions;
using HeatUp.Tests.Sessions;

namespace HeatUp.Tests.SittingTests;

public sealed class ClaimsTests
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly SessionId Bob = SessionId.Parse("bob");

    [Fact]
    public void ASessionIsGivenToOneRunAndAgainAfterItsRelease()
    {
        var claims = new Claims(10);

        var claim = Take(claims, Alice, Run(1)).Claim.ShouldNotBeNull();
        Take(claims, Alice, Run(2)).ShouldBe((null, new SittingStart.AlreadyRunning(Run(1))));
        claims.Has(Run(1)).ShouldBeTrue();
        claim.Dispose();
        claims.Has(Run(1)).ShouldBeFalse();
        Take(claims, Alice, Run(2)).Claim.ShouldNotBeNull();
    }

    [Fact]
    public void TwoClaimsOfOneNameAreTwoClaims()
    {
        var claims = new Claims(10);
        Take(claims, Alice, Run(1));

        Take(claims, Alice, Run(1)).Claim.ShouldBeNull();
    }

    [Fact]
    public void AClaimThatWasReleasedTwiceReleasesNoOther()
    {
        var claims = new Claims(10);
        var first = Take(claims, Alice, Run(1)).Claim.ShouldNotBeNull();
        first.Dispose();
        Take(claims, Alice, Run(3));

        first.Dispose();

        Take(claims, Alice, Run(2)).ShouldBe((null, new SittingStart.AlreadyRunning(Run(3))));
    }

    [Fact]
    public void NoMoreAreLetInThanMayRun()
    {
        var claims = new Claims(1);
        var claim = Take(claims, Alice, Run(1)).Claim.ShouldNotBeNull();

        claims.Free.ShouldBe(0);
        Take(claims, Bob, Run(2)).InTheWay.ShouldBeOfType<SittingStart.TooMany>();
        Take(claims, Alice, Run(3)).InTheWay.ShouldBeOfType<SittingStart.AlreadyRunning>("the busy session is told so first");
        claim.Dispose();
        claim.Dispose();
        claims.Free.ShouldBe(1);
        Take(claims, Bob, Run(2)).Claim.ShouldNotBeNull();
        Take(claims, Alice, Run(4)).InTheWay.ShouldBeOfType<SittingStart.TooMany>();
    }

    [Fact]
    public async Task OfManyClaimsAtOnceOneHasTheSession()
    {
        for (var round = 0; round < 200; round++)
        {
            var claims = new Claims(1);
            // All claim under one name, as requests of one instant do.
            var answers = await AtOnceAsync(8, _ => Take(claims, Alice, Run(1)));

            answers.Count(answer => answer.Claim is not null).ShouldBe(1);
            answers.Count(answer => answer.InTheWay == new SittingStart.AlreadyRunning(Run(1))).ShouldBe(7);
        }
    }

    [Fact]
    public async Task OfManySessionsAtOnceAsManyAreLetInAsMayRun()
    {
        var claims = new Claims(5);

        var answers = await AtOnceAsync(40, i => Take(claims, SessionId.Parse($"s{i}"), Run(i)));

        answers.Count(answer => answer.Claim is not null).ShouldBe(5);
        answers.Count(answer => answer.InTheWay is SittingStart.TooMany).ShouldBe(35);
    }

    [Fact]
    public void AClaimUnderWhichASittingHasBegunIsKeptUntilTheSittingEnds()
    {
        var claims = new Claims(5);
        Sitting sitting;
        using (var claim = Take(claims, Alice, Run(1)).Claim.ShouldNotBeNull()) sitting = Admit(claim);

        claims.Find(sitting.Id).ShouldBe(sitting);
        claims.Sittings.ShouldBe([sitting]);
        Take(claims, Alice, Run(2)).InTheWay.ShouldBe(new SittingStart.AlreadyRunning(sitting.Id));
        sitting.Ended(HeatUp.Runs.RunEnd.Completed, DateTimeOffset.UnixEpoch);
        claims.Find(sitting.Id).ShouldBeNull();
        Take(claims, Alice, Run(2)).Claim.ShouldNotBeNull();
    }

    [Fact]
    public void WhereItIsClosedNobodyIsLetInAndWhoBeginsThenIsInterrupted()
    {
        var claims = new Claims(5);
        var claim = Take(claims, Alice, Run(1)).Claim.ShouldNotBeNull();

        claims.Close();

        Take(claims, Bob, Run(2)).InTheWay.ShouldBeOfType<SittingStart.Stopping>();
        Admit(claim).IsInterrupted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ThereMustBeRoomForOne(int sittingsMax) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Claims(sittingsMax));

    private static (Claim? Claim, SittingStart? InTheWay) Take(Claims claims, SessionId session, RunId run)
    {
        claims.TryTake(session, run, out var claim, out var refusal);
        return (claim, refusal);
    }

    private static Sitting Admit(Claim claim) => claim.Admit(
        Remembered.Run(Alice), new Hold(claim.Run, Alice, 1, 1), Recollection.OfNobody(Alice));

    private static RunId Run(int number) => RunId.For(new Seed(1), Alice, number, Remembered.Noon);

    private static async Task<T[]> AtOnceAsync<T>(int count, Func<int, T> claim)
    {
        using var start = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return claim(i);
        }, TaskCreationOptions.LongRunning)));
    }
}
