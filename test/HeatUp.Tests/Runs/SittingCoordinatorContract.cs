using HeatUp.Runs;

namespace HeatUp.Tests.Runs;

/// <summary>What every coordinator keeps.</summary>
public abstract class SittingCoordinatorContract
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly SessionId Bob = SessionId.Parse("bob");

    /// <summary>A coordinator with room for this many sittings.</summary>
    protected abstract ValueTask<ISittingCoordinator> OpenAsync(int sittingsMax);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASessionIsGivenToOneRunAndAgainAfterItsRelease()
    {
        var coordinator = await OpenAsync(10);

        (await coordinator.ClaimAsync(Alice, Run(1), Cancellation)).ShouldBe(new Claim(ClaimKind.Claimed, Run(1)));
        (await coordinator.ClaimAsync(Alice, Run(2), Cancellation)).ShouldBe(new Claim(ClaimKind.Taken, Run(1)));
        await coordinator.ReleaseAsync(Alice, Run(1));
        (await coordinator.ClaimAsync(Alice, Run(2), Cancellation)).ShouldBe(new Claim(ClaimKind.Claimed, Run(2)));
    }

    [Fact]
    public async Task TwoClaimsOfOneNameAreTwoClaims()
    {
        var coordinator = await OpenAsync(10);
        await coordinator.ClaimAsync(Alice, Run(1), Cancellation);

        (await coordinator.ClaimAsync(Alice, Run(1), Cancellation)).Kind.ShouldBe(ClaimKind.Taken);
    }

    [Fact]
    public async Task OnlyTheHolderCanRelease()
    {
        var coordinator = await OpenAsync(10);
        await coordinator.ClaimAsync(Alice, Run(1), Cancellation);

        await coordinator.ReleaseAsync(Alice, Run(2));
        await coordinator.ReleaseAsync(Bob, Run(1));

        (await coordinator.ClaimAsync(Alice, Run(3), Cancellation)).Holder.ShouldBe(Run(1));
    }

    [Fact]
    public async Task NoMoreAreLetInThanMayRun()
    {
        var coordinator = await OpenAsync(1);
        await coordinator.ClaimAsync(Alice, Run(1), Cancellation);

        (await coordinator.ClaimAsync(Bob, Run(2), Cancellation)).ShouldBe(new Claim(ClaimKind.Full, default));
        (await coordinator.ClaimAsync(Alice, Run(3), Cancellation)).Kind.ShouldBe(ClaimKind.Taken);
        await coordinator.ReleaseAsync(Alice, Run(1));
        await coordinator.ReleaseAsync(Alice, Run(1));
        (await coordinator.ClaimAsync(Bob, Run(2), Cancellation)).Kind.ShouldBe(ClaimKind.Claimed);
        (await coordinator.ClaimAsync(Alice, Run(4), Cancellation)).Kind.ShouldBe(ClaimKind.Full);
    }

    [Fact]
    public async Task OfManyClaimsAtOnceOneHasTheSession()
    {
        for (var round = 0; round < 200; round++)
        {
            var coordinator = await OpenAsync(1);
            // All claim under one name, as requests of one instant do.
            var claims = await AtOnceAsync(8, _ => coordinator.ClaimAsync(Alice, Run(1), Cancellation));

            claims.Count(claim => claim.Kind == ClaimKind.Claimed).ShouldBe(1);
            claims.Count(claim => claim == new Claim(ClaimKind.Taken, Run(1))).ShouldBe(7);
        }
    }

    [Fact]
    public async Task OfManySessionsAtOnceAsManyAreLetInAsMayRun()
    {
        var coordinator = await OpenAsync(5);

        var claims = await AtOnceAsync(40, i => coordinator.ClaimAsync(SessionId.Parse($"s{i}"), Run(i), Cancellation));

        claims.Count(claim => claim.Kind == ClaimKind.Claimed).ShouldBe(5);
        claims.Count(claim => claim.Kind == ClaimKind.Full).ShouldBe(35);
    }

    private static RunId Run(int number) => RunId.For(new Seed(1), Alice, number, DateTimeOffset.UnixEpoch);

    private static async Task<Claim[]> AtOnceAsync(int count, Func<int, ValueTask<Claim>> claim)
    {
        using var start = new ManualResetEventSlim();
        var claims = Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
            async () =>
            {
                start.Wait(Cancellation);
                return await claim(i);
            }, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();
        start.Set();
        return await Task.WhenAll(claims);
    }
}
