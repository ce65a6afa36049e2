using System.Collections.Immutable;
using System.Globalization;
using HeatUp.Channels;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Checking;

/// <summary>What a seed draws: who lives in its little world, and how rough it is.</summary>
internal sealed record Circumstances
{
    public static readonly DateTimeOffset Start = new(2025, 6, 2, 0, 0, 0, TimeSpan.Zero);

    private const int SessionsMin = 2;
    private const int SessionsMax = 8;
    private const int DaysMax = 3;
    private const int SittingsPerDayMin = 4;
    private const int SittingsPerDayMax = 12;
    private const int ChannelsMin = 3;
    private const int ChannelsMax = 30;

    private static readonly ImmutableArray<string> Categories = ["News", "Science", "Music", "Sport"];

    public required int Sessions { get; init; }

    public required TimeSpan Length { get; init; }

    public required int SittingsPerSession { get; init; }

    public required ChannelPool Pool { get; init; }

    public required bool HasModel { get; init; }

    public required SandboxFaults Faults { get; init; }

    /// <summary>How often Telegram asks for a wait that a sitting bears.</summary>
    public required double ShortWaitChance { get; init; }

    /// <summary>How often a call of the store fails.</summary>
    public required double StoreFailureChance { get; init; }

    /// <summary>Whether processes crash.</summary>
    public required bool HasCrashes { get; init; }

    public required int Stops { get; init; }

    public required int ClockJumps { get; init; }

    /// <summary>How often the service looks for runs that others left.</summary>
    public required TimeSpan ResumeEvery { get; init; }

    public DateTimeOffset QuietFrom => Start + Length;

    public static Circumstances Of(Seed seed)
    {
        var rng = seed.Fork("circumstances").ToRng();
        var days = rng.Between(1, DaysMax);
        return new Circumstances
        {
            Sessions = rng.Between(SessionsMin, SessionsMax),
            Length = TimeSpan.FromDays(days),
            SittingsPerSession = days * rng.Between(SittingsPerDayMin, SittingsPerDayMax),
            Pool = PoolOf(rng.Between(ChannelsMin, ChannelsMax)),
            HasModel = rng.Chance(0.4),
            Faults = FaultsOf(ref rng),
            ShortWaitChance = rng.Chance(0.5) ? 0.03 : 0,
            StoreFailureChance = rng.Chance(0.7) ? 0.03 * rng.NextDouble() : 0,
            HasCrashes = rng.Chance(0.8),
            Stops = rng.Next(5),
            ClockJumps = rng.Chance(0.5) ? rng.Between(1, 6) : 0,
            ResumeEvery = TimeSpan.FromSeconds(30 * rng.Between(1, 10)),
        };
    }

    private static ChannelPool PoolOf(int channels) => ChannelPool.Of(
        Enumerable.Range(1, channels).Select(number => new Channel(
            ChannelName.Parse(string.Create(CultureInfo.InvariantCulture, $"channel{number}")),
            null, Categories[number % Categories.Length], null, null)));

    private static SandboxFaults FaultsOf(ref Rng rng)
    {
        if (rng.Chance(0.2)) return SandboxFaults.None;
        // Whole thousandths, so that their text is short and exact.
        var text = string.Create(CultureInfo.InvariantCulture,
            $"flood_wait:{Thousandths(ref rng, 60)},private:{Thousandths(ref rng, 200)},"
            + $"join_request:{Thousandths(ref rng, 100)},not_occupied:{Thousandths(ref rng, 100)},"
            + $"channels_too_much:{Thousandths(ref rng, 100)},revoked:{Thousandths(ref rng, 2)},"
            + $"banned:{Thousandths(ref rng, 1)},frozen:{Thousandths(ref rng, 1)},"
            + $"peer_flood:{Thousandths(ref rng, 1)},offline:{Thousandths(ref rng, 50)}");
        return SandboxFaults.TryParse(text, out var faults, out var problem)
            ? faults
            : throw new InvalidOperationException(problem);
    }

    private static decimal Thousandths(ref Rng rng, int most) => rng.Next(most + 1) / 1000m;
}
