namespace HeatUp.Runs.Sandbox;

/// <summary>Draws in which few are large and many are small.</summary>
internal static class HeavyTail
{
    /// <summary>A log-normal number of this median; the spread is the standard deviation of its logarithm.</summary>
    public static double LogNormal(ref Rng rng, double median, double spread) =>
        median * Math.Exp(spread * Normal(ref rng));

    /// <summary>The median of the log-normal numbers of this mean and spread.</summary>
    public static double MedianOf(double mean, double spread) => mean * Math.Exp(-spread * spread / 2);

    /// <summary>A time from low to high, each order of magnitude equally likely, in whole seconds.</summary>
    public static TimeSpan LogUniform(ref Rng rng, TimeSpan low, TimeSpan high) =>
        TimeSpan.FromSeconds(Math.Floor(low.TotalSeconds * Math.Pow(high / low, rng.NextDouble())));

    /// <summary>The time to the next of events that happen once per unit of time, independently.</summary>
    public static double Exponential(ref Rng rng) => -Math.Log(1 - rng.NextDouble());

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    private static double Normal(ref Rng rng) =>
        Math.Sqrt(2 * Exponential(ref rng)) * Math.Cos(2 * Math.PI * rng.NextDouble());
}
