namespace HeatUp.Primitives;

/// <summary>
/// Where all chance comes from. A seed is forked by what it is for (a session, a purpose, a number), never by the order
/// of calls, so that the same seed gives the same bytes on any number of threads.
/// </summary>
/// <param name="Value">The 64 bits.</param>
public readonly record struct Seed(ulong Value)
{
    /// <summary>The seed for one purpose or one session under this seed.</summary>
    public Seed Fork(string purpose)
    {
        // FNV-1a over UTF-16 units, then a finalizer: stable over processes and versions of .NET, unlike
        // string.GetHashCode.
        var hash = 14695981039346656037UL ^ Value;
        foreach (var unit in purpose)
        {
            hash = (hash ^ (byte)unit) * 1099511628211UL;
            hash = (hash ^ (byte)(unit >> 8)) * 1099511628211UL;
        }
        return new Seed(Rng.Mix(hash));
    }

    /// <summary>The seed of a session under this seed.</summary>
    public Seed Fork(SessionId session) => Fork(session.Value);

    /// <summary>The seed of one of a numbered series under this seed.</summary>
    public Seed Fork(long number) => new(Rng.Mix(Value ^ Rng.Mix((ulong)number + Rng.Golden)));

    /// <summary>A generator that starts here. Two generators of one seed give the same numbers.</summary>
    public Rng ToRng() => new(Value);
}

/// <summary>
/// A small seeded generator (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014). A mutable struct: pass it by reference, or fork a <see cref="Seed"/> instead. Not for secrets; not
/// thread-safe.
/// </summary>
public struct Rng(ulong state)
{
    internal const ulong Golden = 0x9E3779B97F4A7C15UL;

    private ulong state = state;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits() => Mix(state += Golden);

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1; <paramref name="bound"/> is 1 or more.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Next(high - low + 1);

    /// <summary>A number from 0 to just under 1, on a grid of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A time from <paramref name="low"/> to just under <paramref name="high"/>.</summary>
    public TimeSpan Between(TimeSpan low, TimeSpan high) => low + (high - low) * NextDouble();

    /// <summary>True with this probability; 0 or less is never, 1 or more always.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    internal static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }
}
