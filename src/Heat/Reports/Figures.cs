using System.Globalization;
using HeatUp.Channels;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Numbers, times and foreign words as people read them, the same on every machine.</summary>
internal static class Figures
{
    /// <summary>What stands where nothing could be measured.</summary>
    public const string None = "–";

    private const int WordMax = 120;
    private const int LongTextMax = 400;
    private const double PercentStep = 0.001;
    private const double Thousand = 1_000;

    /// <summary>Such as <c>12,345</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>98.1%</c>; nothing of nothing is none.</summary>
    public static string Share(double part, double all) => Percent(all > 0 ? part / all : null);

    /// <summary>Such as <c>98.1%</c>; a few of many are more than none, and nearly all are not all.</summary>
    public static string Percent(double? rate) => rate switch
    {
        null => None,
        > 0 and < PercentStep => "<0.1%",
        > 1 - PercentStep and < 1 => ">99.9%",
        { } value => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0}%"),
    };

    /// <summary>A number with as many digits as it takes to see that it misses a bound: <c>0.949999</c>.</summary>
    public static string Exact(double? value) => value is { } number
        ? number.ToString("#,0.######", CultureInfo.InvariantCulture)
        : None;

    /// <summary>A number that is looked at: three digits or so.</summary>
    public static string Rough(double? value) => value switch
    {
        null => None,
        { } number => number.ToString(Math.Abs(number) switch
        {
            >= 100 => "#,0",
            >= 10 => "0.0",
            _ => "0.00",
        }, CultureInfo.InvariantCulture),
    };

    /// <summary>Whole numbers as they are, others with three digits or so.</summary>
    public static string Number(double? value) => value is { } number && number == Math.Floor(number)
        ? number.ToString("#,0", CultureInfo.InvariantCulture)
        : Rough(value);

    /// <summary>A metric's value, in its unit.</summary>
    public static string Of(MetricResult metric, NamedValue value)
    {
        if (value.Value is not { } number) return None;
        if (Metric.Find(metric.Metric)?.Kind == MetricKind.Rate) return Percent(number);
        return Metric.Find(metric.Metric)?.Kind == MetricKind.Counter ? Exact(number) : In(metric.Unit, Rough(number));
    }

    /// <summary>As <see cref="Rough"/>, with the sign also of what is positive.</summary>
    public static string Signed(double? value) => value switch
    {
        null => None,
        < 0 => $"−{Rough(-value)}",
        _ => $"+{Rough(value)}",
    };

    /// <summary>A number in a unit; of none as it is.</summary>
    public static string In(string unit, string number) =>
        unit.Length == 0 || number == None ? number : $"{number} {Word(unit)}";

    /// <summary>Short enough for an axis: <c>800</c>, <c>2.5k</c>, <c>3M</c>, <c>2E+15</c>.</summary>
    public static string Short(double value) => value switch
    {
        >= Thousand * Thousand * Thousand => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
        >= Thousand * Thousand => string.Create(CultureInfo.InvariantCulture, $"{value / Thousand / Thousand:0.##}M"),
        >= Thousand => string.Create(CultureInfo.InvariantCulture, $"{value / Thousand:0.##}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}"),
    };

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day for a headline: <c>5 January 2026</c>.</summary>
    public static string LongDay(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A day for an axis: <c>5 Jan</c>.</summary>
    public static string ShortDay(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>A month for an axis: <c>Jan 2026</c>.</summary>
    public static string Month(DateOnly day) => day.ToString("MMM yyyy", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Length(TimeSpan length) => length switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{length.Minutes} min {length.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(length.TotalHours)} h {length.Minutes} min"),
    };

    /// <summary>A word that a stranger may have written, on one line and without what can't be seen.</summary>
    public static string Word(string text) => ForeignText.Clean(text, WordMax);

    /// <summary>The same of a sentence.</summary>
    public static string Sentence(string text) => ForeignText.Clean(text, LongTextMax);

    /// <summary>A program's word as people write it: <c>must_wait</c> is "must wait".</summary>
    public static string Spoken(string word) => Word(word).Replace('_', ' ');
}
