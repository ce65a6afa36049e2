namespace HeatUp.Runs.Sandbox;

/// <summary>
/// When a channel posts: a pure function of its seed and the day, kept for as many days as count as unread. Each
/// channel has a rate of its own; on each day its posts come independently of one another, along <see
/// cref="DayCurve"/>. Thread-safe.
/// </summary>
internal sealed class PostSchedule
{
    private readonly Seed seed;
    private readonly Day?[] recent = new Day?[(int)SandboxFigures.UnreadFor.TotalDays + 2];

    public PostSchedule(Seed seed)
    {
        this.seed = seed;
        var rng = seed.Fork("rate").ToRng();
        var median = HeavyTail.MedianOf(SandboxFigures.PostsPerDayMean, SandboxFigures.PostsPerDaySpread);
        var rate = HeavyTail.LogNormal(ref rng, median, SandboxFigures.PostsPerDaySpread);
        // Rounded, since the last bit of a logarithm isn't the same on all machines.
        PerDay = Math.Round(Math.Min(rate, SandboxFigures.PostsPerDayMax), 3);
    }

    /// <summary>How many posts a day has on average.</summary>
    public double PerDay { get; }

    /// <summary>
    /// How many posts came after a time (UTC) and not after another; <paramref name="most"/> if there were more.
    /// Posts older than <see cref="SandboxFigures.UnreadFor"/> are not looked for.
    /// </summary>
    public int CountBetween(DateTime after, DateTime until, int most)
    {
        var last = until.Ticks;
        var first = Math.Max(after.Ticks, last - SandboxFigures.UnreadFor.Ticks);
        var count = 0;
        var (firstDay, lastDay) = (DayOf(first), DayOf(last));
        for (var day = lastDay; day >= firstDay && count < most; day--)
        {
            var posts = On(day);
            count += day == lastDay ? posts.CountUntil(last) : posts.Count;
            if (day == firstDay) count -= posts.CountUntil(first);
        }
        return Math.Clamp(count, 0, most);
    }

    /// <summary>When the posts of a day came, in order.</summary>
    public IEnumerable<DateTimeOffset> PostsOn(DateOnly date)
    {
        var posts = On(date.DayNumber);
        return posts.Milliseconds.Select(at => new DateTimeOffset(date, default, default).AddMilliseconds(at));
    }

    private static int DayOf(long ticks) => (int)(ticks / TimeSpan.TicksPerDay);

    private Day On(int number)
    {
        ref var place = ref recent[number % recent.Length];
        var day = Volatile.Read(ref place);
        if (day?.Number != number) Volatile.Write(ref place, day = Draw(number));
        return day;
    }

    private Day Draw(int number)
    {
        var rng = seed.Fork(number).ToRng();
        var times = new List<int>();
        // A Poisson process over the day's share, which gives the times in order and their number at once.
        for (var at = HeavyTail.Exponential(ref rng); at < PerDay; at += HeavyTail.Exponential(ref rng))
            times.Add(DayCurve.MillisecondAt(at / PerDay));
        return new Day(number, [.. times]);
    }

    private sealed record Day(int Number, int[] Milliseconds)
    {
        public int Count => Milliseconds.Length;

        public int CountUntil(long ticks)
        {
            var sinceMidnight = (ticks - Number * TimeSpan.TicksPerDay) / TimeSpan.TicksPerMillisecond;
            var (low, high) = (0, Milliseconds.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Milliseconds[middle] <= sinceMidnight) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }
}
