using System.Collections.Immutable;
using System.Globalization;

namespace HeatUp.Simulations;

/// <summary>
/// Who lives in a simulation, and when they look at Telegram. Everything is a function of the seed and the session's
/// number, computed when it is asked for, so that a million sessions cost no memory here. Thread-safe.
/// </summary>
public sealed class Population
{
    /// <summary>The shortest time between two sittings of a session. Assumed.</summary>
    public static readonly TimeSpan BreakMin = TimeSpan.FromMinutes(5);

    private const string NameFormat = "D8";
    private const double DaysPerMonth = 30;
    private const double ChronotypeSpreadHours = 1.5;
    private const double ChronotypeMaxHours = 6;
    private const double RateSpread = 0.5;

    private readonly Seed seed;
    private readonly Scenario scenario;
    private readonly long start;
    private readonly long end;
    private readonly long[][] midnights;
    private readonly double[] zonesUpTo;

    /// <summary>The population of a scenario.</summary>
    public Population(Scenario scenario)
    {
        this.scenario = scenario;
        seed = scenario.Seed.Fork("population");
        (start, end) = (scenario.Start.UtcTicks, scenario.End.UtcTicks);
        // In an order of their own, which is that of the default: how a scenario lists them must not decide who lives
        // where.
        ZoneShare[] zones =
        [
            .. scenario.TimeZones.OrderByDescending(zone => zone.Share)
                .ThenByDescending(zone => zone.Zone, StringComparer.Ordinal),
        ];
        var total = zones.Sum(zone => zone.Share);
        var sum = 0.0;
        zonesUpTo = [.. zones.Select(zone => (sum += zone.Share) / total)];
        midnights = [.. zones.Select(zone => MidnightsIn(zone.Zone))];
    }

    /// <summary>
    /// Where sessions live unless the scenario says otherwise: fixed offsets, so that no machine's time zone data
    /// matter. The shares are assumed.
    /// </summary>
    public static ImmutableArray<ZoneShare> ZonesDefault { get; } =
        [new("UTC+3", 0.6), new("UTC+5", 0.2), new("UTC+2", 0.1), new("UTC+1", 0.1)];

    /// <summary>
    /// The mean number of sittings a day when the scenario gives none: 63 % of users open Telegram more than 25 times
    /// a month, 8 % 15 to 25 times (MTS, fourth quarter of 2023); how often the others do is assumed.
    /// </summary>
    public static double SittingsPerDayDefault =>
        (0.63 * (25 + 60) / 2 + 0.08 * (15 + 25) / 2 + 0.29 * (1 + 15) / 2) / DaysPerMonth;

    /// <summary>
    /// The mean number of actions of a sitting. Assumed, for estimates before anything was simulated.
    /// </summary>
    internal const int ActionsPerSittingMean = 5;

    /// <summary>The name of a session, such as <c>s00000042</c>.</summary>
    public static SessionId NameOf(int session) =>
        SessionId.Parse("s" + session.ToString(NameFormat, CultureInfo.InvariantCulture));

    /// <summary>Writes the name of a session into a buffer, and answers the part that it takes.</summary>
    internal static ReadOnlySpan<byte> NameOf(int session, Span<byte> utf8)
    {
        utf8[0] = (byte)'s';
        session.TryFormat(utf8[1..], out var written, NameFormat, CultureInfo.InvariantCulture);
        return utf8[..(written + 1)];
    }

    /// <summary>The number of the session of this name, one of <see cref="NameOf(int)"/>.</summary>
    public static int NumberOf(SessionId session)
    {
        // Asked for at each step, and four times as fast as a parser that looks what it is given.
        var number = 0;
        foreach (var digit in session.Value.AsSpan(1)) number = 10 * number + (digit - '0');
        return number;
    }

    /// <summary>When a session arrives.</summary>
    public DateTimeOffset ArrivalOf(int session)
    {
        var late = TimeSpan.FromDays(scenario.ArriveOverDays) * Luck(session, "arrival");
        return At(start + late.Ticks);
    }

    /// <summary>
    /// When a session has its first sitting after a time, before the scenario's end; null if it has none.
    /// </summary>
    public DateTimeOffset? NextSitting(int session, DateTimeOffset after)
    {
        var traits = TraitsOf(session);
        var days = midnights[traits.Zone];
        var day = Math.Max(DayOf(days, after), 0);
        for (; day + 1 < days.Length && days[day] < end; day++)
            if (FirstOn(traits, days, day, after.UtcTicks) is { } found)
                return found < end ? At(found) : null;
        return null;
    }

    /// <summary>The hour of the day at which a session sees this time, 0 to 23.</summary>
    public int LocalHour(int session, DateTimeOffset time)
    {
        var days = midnights[TraitsOf(session).Zone];
        return (int)((time.UtcTicks - days[DayOf(days, time)]) / TimeSpan.TicksPerHour % 24);
    }

    /// <summary>How many sittings a day a session has on average.</summary>
    public double SittingsPerDay(int session) => TraitsOf(session).Rate;

    /// <summary>The day of a zone in which a time lies. A day may have 23 or 25 hours.</summary>
    private static int DayOf(long[] midnights, DateTimeOffset time)
    {
        var day = (int)((time.UtcTicks - midnights[0]) / TimeSpan.TicksPerDay);
        day = Math.Clamp(day, 0, midnights.Length - 1);
        if (day > 0 && midnights[day] > time.UtcTicks) day--;
        else if (day + 1 < midnights.Length && midnights[day + 1] <= time.UtcTicks) day++;
        return day;
    }

    private static DateTimeOffset At(long ticks) =>
        new(ticks - ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>The first of a day's sittings after a time; null if there is none.</summary>
    private static long? FirstOn(in Traits traits, long[] midnights, int day, long after)
    {
        var length = midnights[day + 1] - midnights[day];
        var rng = traits.Days.Fork(day).ToRng();
        var first = long.MaxValue;
        for (var left = Poisson(traits.Rate, ref rng); left > 0; left--)
        {
            var share = ReaderCurve.ShareAt(rng.NextDouble()) + traits.Chronotype / 24;
            share -= Math.Floor(share);
            var at = midnights[day] + (long)(share * length);
            at -= at % TimeSpan.TicksPerMillisecond;
            if (at > after && at < first) first = at;
        }
        return first == long.MaxValue ? null : first;
    }

    /// <summary>Knuth's way (The Art of Computer Programming, volume 2, 3.4.1), good to means of hundreds.</summary>
    private static int Poisson(double mean, ref Rng rng)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = rng.NextDouble(); product > limit; product *= rng.NextDouble()) count++;
        return count;
    }

    private static double Normal(ref Rng rng) =>
        Math.Sqrt(-2 * Math.Log(1 - rng.NextDouble())) * Math.Cos(2 * Math.PI * rng.NextDouble());

    private Traits TraitsOf(int session)
    {
        var own = seed.Fork(session);
        var rng = own.ToRng();
        var zone = rng.NextDouble();
        var index = 0;
        while (index + 1 < zonesUpTo.Length && zone >= zonesUpTo[index]) index++;
        var chronotype = Math.Clamp(
            ChronotypeSpreadHours * Normal(ref rng), -ChronotypeMaxHours, ChronotypeMaxHours);
        return new Traits(index, chronotype, RateOf(ref rng), own.Fork("days"));
    }

    private double RateOf(ref Rng rng)
    {
        var kind = rng.NextDouble();
        var within = rng.NextDouble();
        if (scenario.SittingsPerDay is { } mean)
        {
            // Log-normal with this mean: a few look far more often than most.
            var factor = Math.Exp(RateSpread * Normal(ref rng) - RateSpread * RateSpread / 2);
            return Math.Min(mean * factor, Scenario.SittingsPerDayMax);
        }
        var (low, high) = kind < 0.63 ? (25, 60) : kind < 0.71 ? (15, 25) : (1, 15);
        return (low + (high - low) * within) / DaysPerMonth;
    }

    private double Luck(int session, string purpose) => seed.Fork(session).Fork(purpose).ToRng().NextDouble();

    /// <summary>The midnights of a zone, in UTC, from that before the start to that after the end.</summary>
    private long[] MidnightsIn(string name)
    {
        if (!TimeZones.TryFind(name, out var zone)) throw new ArgumentException($"'{name}' is no time zone.");
        var first = TimeZoneInfo.ConvertTime(scenario.Start, zone).Date.AddDays(-1);
        return [.. Enumerable.Range(0, scenario.Days + 4).Select(day => Midnight(first.AddDays(day), zone))];
    }

    private static long Midnight(DateTime local, TimeZoneInfo zone) => (local - zone.GetUtcOffset(local)).Ticks;

    private readonly record struct Traits(int Zone, double Chronotype, double Rate, Seed Days);
}
