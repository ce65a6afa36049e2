namespace HeatUp.Channels.Recommendations;

/// <summary>The best of many scores.</summary>
internal static class TopList
{
    /// <summary>
    /// The places of the best scores, the best first; of equal ones the lower place comes first. Those with a score of
    /// negative infinity are never among them.
    /// </summary>
    public static int[] Of(ReadOnlySpan<float> scores, int count)
    {
        var top = new int[Math.Min(count, scores.Length)];
        var length = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] == float.NegativeInfinity) continue;
            if (length == top.Length && (length == 0 || scores[i] <= scores[top[^1]])) continue;
            if (length < top.Length) length++;
            var at = length - 1;
            for (; at > 0 && scores[top[at - 1]] < scores[i]; at--) top[at] = top[at - 1];
            top[at] = i;
        }
        return top[..length];
    }
}
