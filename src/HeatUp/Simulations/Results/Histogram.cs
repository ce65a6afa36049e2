namespace HeatUp.Simulations;

/// <summary>
/// How often each whole number came, up to a bound; what is more counts as the bound. Exact, and the same in whatever
/// order it was filled.
/// </summary>
internal sealed class Histogram(int max)
{
    private readonly long[] counts = new long[max + 1];

    public long Count { get; private set; }

    public long Sum { get; private set; }

    public void Add(int value, long times = 1)
    {
        counts[Math.Clamp(value, 0, max)] += times;
        Count += times;
        Sum += value * times;
    }

    /// <summary>Counts one of these numbers as the other.</summary>
    public void Move(int from, int to)
    {
        Add(from, -1);
        Add(to);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i <= max; i++) counts[i] += other.counts[i];
        Count += other.Count;
        Sum += other.Sum;
    }

    /// <summary>How often this number came.</summary>
    public long this[int value] => counts[value];

    public double Mean => Count == 0 ? double.NaN : (double)Sum / Count;

    /// <summary>The number that this percentage of all doesn't exceed, by nearest rank; NaN if there is none.</summary>
    public double Percentile(double percent)
    {
        if (Count == 0) return double.NaN;
        // As a decimal: 0.55 of 100 is 55, and as a double a little more.
        var rank = Math.Max(1, (long)Math.Ceiling((decimal)percent * Count / 100));
        var value = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[value]) value++;
        return value;
    }
}
