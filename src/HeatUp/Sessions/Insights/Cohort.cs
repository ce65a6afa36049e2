namespace HeatUp.Sessions;

/// <summary>Sessions that were new at the same time, and how many of them came back.</summary>
/// <param name="Week">The Monday of the week in which they did something for the first time, in UTC; null for those of
/// all weeks.</param>
/// <param name="Sessions">How many they are.</param>
/// <param name="Returned">Of those that began at least 1, 7 and 30 days ago: who did something so many days later or
/// after that.</param>
public sealed record Cohort(DateOnly? Week, long Sessions, IReadOnlyList<SuccessRate> Returned)
{
    /// <summary>After how many days is asked who came back.</summary>
    public static IReadOnlyList<int> DaysLater { get; } = [1, 7, 30];

    /// <summary>The Monday of a day's week.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    /// <summary>Counts cohorts: all first, then by week, the newest first; none if no session is new.</summary>
    /// <param name="sessions">Of each session, the first and the last day of UTC on which it did something.</param>
    /// <param name="question">Of which days.</param>
    internal static IReadOnlyList<Cohort> Of(
        IEnumerable<(DateOnly First, DateOnly Last)> sessions, AnalyticsQuestion question)
    {
        var from = DateOnly.FromDateTime(question.From.UtcDateTime);
        var today = DateOnly.FromDateTime(question.Until.UtcDateTime.AddTicks(-1));
        var all = new Counting();
        var weeks = new SortedDictionary<DateOnly, Counting>();
        foreach (var (first, last) in sessions)
        {
            if (first < from || first > today) continue;
            var monday = MondayOf(first);
            if (!weeks.TryGetValue(monday, out var week)) weeks[monday] = week = new Counting();
            all.Add(first, last, today);
            week.Add(first, last, today);
        }
        return weeks.Count == 0
            ? []
            : [all.Of(null), .. weeks.Reverse().Select(week => week.Value.Of(week.Key))];
    }

    private sealed class Counting
    {
        private readonly Tried[] later = new Tried[DaysLater.Count];
        private long sessions;

        public void Add(DateOnly first, DateOnly last, DateOnly today)
        {
            sessions++;
            for (var i = 0; i < later.Length; i++)
                if (today.DayNumber - first.DayNumber >= DaysLater[i])
                    later[i] = later[i].With(last.DayNumber - first.DayNumber >= DaysLater[i]);
        }

        public Cohort Of(DateOnly? week) =>
            new(week, sessions, [.. later.Select((one, at) => one.Rate($"{DaysLater[at]}"))]);
    }
}
