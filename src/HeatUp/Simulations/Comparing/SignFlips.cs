namespace HeatUp.Simulations;

/// <summary>
/// What values that lie around a centre say of it, without any assumption but that each is as likely above it as
/// below by the same amount: a test whether the centre is zero, and an interval for it. Exact for few values; for more
/// of them a sample of a fixed seed stands for all, so that the same values always give the same answer.
/// </summary>
/// <remarks>
/// The test is Fisher's randomization test for pairs (R. A. Fisher, The Design of Experiments, 1935, section 21), of
/// which a sample is taken as M. Dwass does (Annals of Mathematical Statistics 28, 1957), counted as in B. Phipson and
/// G. K. Smyth, "Permutation p-values should never be zero" (2010). The interval is J. A. Hartigan's, "Using subsample
/// values as typical values" (Journal of the American Statistical Association 64, 1969): the means of all subsets cut
/// the line into parts that are equally likely to hold the centre.
/// </remarks>
public static class SignFlips
{
    /// <summary>The most values of which all combinations are looked at.</summary>
    public const int ExactMax = 20;

    /// <summary>The fewest values that bound an interval of 95 %.</summary>
    public const int IntervalMin = 6;

    private const int SampledFlips = 99_999;
    private const int SubsetsExactMax = 14;
    private const int SampledSubsets = 19_999;
    private const double Tail = 0.025;

    /// <summary>Two sums are equal if they differ by no more than this part of the largest: rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>
    /// How likely a sum at least as far from zero is if each value could as well have the other sign; 1 if all are
    /// zero.
    /// </summary>
    public static double PValue(IReadOnlyList<double> differences)
    {
        double[] sizes = [.. differences.Select(Math.Abs).Where(size => size > 0)];
        if (sizes.Length == 0) return 1;
        var bound = Math.Abs(differences.Sum()) - Rounding * sizes.Sum();
        if (sizes.Length > ExactMax) return Sampled(sizes, bound);
        // The first sign may stay: turning all of them changes no distance from zero.
        return Math.ScaleB(CountFar(sizes, 1, sizes[0], bound), 1 - sizes.Length);
    }

    /// <summary>
    /// The least that <see cref="PValue"/> can be for values of these sizes, whatever their signs. 1 if all are zero.
    /// </summary>
    public static double LeastPValue(IReadOnlyList<double> differences) =>
        PValue([.. differences.Select(Math.Abs)]);

    /// <summary>An interval that holds the centre with a probability of 95 %; null for fewer than
    /// <see cref="IntervalMin"/> values.</summary>
    public static (double Low, double High)? Interval(IReadOnlyList<double> values)
    {
        if (values.Count < IntervalMin) return null;
        var means = values.Count <= SubsetsExactMax ? AllMeans(values) : SampledMeans(values);
        Array.Sort(means);
        var outside = (int)(Tail * (means.Length + 1));
        return (means[outside - 1], means[^outside]);
    }

    private static long CountFar(double[] sizes, int at, double sum, double bound) => at == sizes.Length
        ? Math.Abs(sum) >= bound ? 1 : 0
        : CountFar(sizes, at + 1, sum + sizes[at], bound) + CountFar(sizes, at + 1, sum - sizes[at], bound);

    private static double Sampled(double[] sizes, double bound)
    {
        var rng = new Seed(0).Fork("signs").ToRng();
        var far = 1;
        for (var flip = 0; flip < SampledFlips; flip++)
        {
            var sum = 0.0;
            foreach (var size in sizes) sum += rng.Chance(1 / 2.0) ? size : -size;
            if (Math.Abs(sum) >= bound) far++;
        }
        return far / (SampledFlips + 1.0);
    }

    private static double[] AllMeans(IReadOnlyList<double> values)
    {
        var means = new double[(1 << values.Count) - 1];
        for (var subset = 1; subset <= means.Length; subset++)
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < values.Count; i++)
                if ((subset >> i & 1) == 1)
                    (sum, count) = (sum + values[i], count + 1);
            means[subset - 1] = sum / count;
        }
        return means;
    }

    private static double[] SampledMeans(IReadOnlyList<double> values)
    {
        var rng = new Seed(0).Fork("subsets").ToRng();
        var means = new double[SampledSubsets];
        for (var subset = 0; subset < means.Length; subset++)
        {
            var (sum, count) = (0.0, 0);
            while (count == 0)
                foreach (var value in values)
                    if (rng.Chance(1 / 2.0))
                        (sum, count) = (sum + value, count + 1);
            means[subset] = sum / count;
        }
        return means;
    }
}
