namespace HeatUp.Runs;

/// <summary>How long waits take on the sandbox, as a factor: 1 as planned, 0 not at all.</summary>
public readonly record struct Pace
{
    /// <summary>The slowest pace.</summary>
    public const double FactorMax = 1000;

    /// <summary>A pace.</summary>
    /// <param name="factor">0 to <see cref="FactorMax"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, too large or not a number.</exception>
    public Pace(double factor)
    {
        if (!(factor is >= 0 and <= FactorMax)) throw new ArgumentOutOfRangeException(nameof(factor), factor, null);
        Factor = factor;
    }

    /// <summary>As planned.</summary>
    public static Pace Real { get; } = new(1);

    /// <summary>No waiting at all.</summary>
    public static Pace None { get; } = new(0);

    /// <summary>What every wait is multiplied with.</summary>
    public double Factor { get; }

    /// <summary>How long a planned wait takes at this pace.</summary>
    public TimeSpan Of(TimeSpan planned) => Factor == 1 ? planned : planned * Factor;
}
