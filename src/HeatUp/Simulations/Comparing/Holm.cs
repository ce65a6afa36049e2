namespace HeatUp.Simulations;

/// <summary>
/// S. Holm's correction for looking at many things at once ("A simple sequentially rejective multiple test procedure",
/// Scandinavian Journal of Statistics 6, 1979): whatever depends on what, the probability that anything at all is
/// reported where nothing is stays below the level.
/// </summary>
internal static class Holm
{
    /// <summary>The p-values as they are compared with the level of all together, in the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var (left, least) = (pValues.Count, 0.0);
        foreach (var (index, p) in pValues.Index().OrderBy(one => one.Item))
        {
            least = Math.Max(least, Math.Min(1, p * left--));
            adjusted[index] = least;
        }
        return adjusted;
    }
}
