namespace HeatUp.Simulations;

/// <summary>
/// At which hours of their day people look at Telegram: least from 5 to 6 o'clock, most from 15 to 18, 1.9 times as
/// much (the reader curve of YSimulator, docs/agents, gives these two; the hours between are drawn smoothly).
/// </summary>
internal static class ReaderCurve
{
    /// <summary>The weight of each hour, midnight first.</summary>
    public static readonly double[] Weights =
    [
        0.022, 0.020, 0.019, 0.018, 0.0175, 0.017, 0.018, 0.020, 0.023, 0.026, 0.028, 0.029,
        0.030, 0.031, 0.0315, 0.032, 0.032, 0.032, 0.0315, 0.031, 0.030, 0.029, 0.027, 0.024,
    ];

    private static readonly double Total = Weights.Sum();

    /// <summary>The part of the day (0 to just under 1) before which this part of its sittings begins.</summary>
    public static double ShareAt(double part)
    {
        var left = part * Total;
        var hour = 0;
        while (hour < 23 && left >= Weights[hour]) left -= Weights[hour++];
        return (hour + Math.Min(left / Weights[hour], 0.999999)) / 24;
    }

    /// <summary>The share of an hour among all.</summary>
    public static double ShareOf(int hour) => Weights[hour] / Total;
}
