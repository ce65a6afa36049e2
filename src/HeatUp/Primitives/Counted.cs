using System.Globalization;

namespace HeatUp.Primitives;

/// <summary>Numbers of things as people say them.</summary>
public static class Counted
{
    /// <summary>Such as <c>1 session</c>, <c>1,200 sessions</c>.</summary>
    public static string Of(long count, string thing) => Of(count, thing, $"{thing}s");

    /// <summary>The same for a thing whose plural is irregular.</summary>
    public static string Of(long count, string thing, string things) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? thing : things)}");

    /// <summary>Such as <c>1 second</c>, <c>2.5 seconds</c>.</summary>
    public static string Seconds(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{time.TotalSeconds} {(time.TotalSeconds == 1 ? "second" : "seconds")}");
}
