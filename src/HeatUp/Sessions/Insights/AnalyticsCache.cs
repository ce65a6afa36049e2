using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// Keeps what was counted of past hours, so that only hours whose rows have changed since are counted again: the store
/// keeps a count of changes for each hour. Kept in memory, and lost with the process. Thread-safe: one question is
/// counted at a time, others wait for it and use what it counted.
/// </summary>
internal sealed class AnalyticsCache : IDisposable
{
    /// <summary>How much memory may be used, about; the oldest hours are counted each time if they don't fit.</summary>
    public const long BytesMax = 256L << 20;

    /// <summary>For how many channels is kept what was counted of them alone.</summary>
    private const int ChannelsMax = 4;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly List<Kept> kept = [];
    private NameTable names = new();

    /// <summary>Asks a store.</summary>
    /// <param name="question">What.</param>
    /// <param name="count">Reads the changes, then counts the rows of each pass that is called for, all in one
    /// snapshot; false if it must be asked again.</param>
    /// <param name="result">What is made of the sum.</param>
    /// <param name="cancellation">Gives up; what was counted so far is kept.</param>
    public async ValueTask<Analytics> AskAsync(
        AnalyticsQuestion question, Func<AnalyticsWork, ValueTask<bool>> count, Func<AnalyticsSum, Analytics> result,
        CancellationToken cancellation)
    {
        // A session has few rows, found by its index.
        if (question.Session is not null)
            return result(await SumAsync(new(question, null, new NameTable(), cancellation), count));
        await gate.WaitAsync(cancellation);
        try
        {
            Bound();
            return result(await SumAsync(new(question, HoursOf(question.Channel), names, cancellation), count));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private static async ValueTask<AnalyticsSum> SumAsync(
        AnalyticsWork work, Func<AnalyticsWork, ValueTask<bool>> count)
    {
        while (!await count(work)) { }
        return work.Sum();
    }

    private Dictionary<long, CountedHour> HoursOf(ChannelName? channel)
    {
        var at = kept.FindIndex(one => one.Channel == channel);
        var found = at < 0 ? new Kept(channel, []) : kept[at];
        if (at >= 0) kept.RemoveAt(at);
        kept.Add(found);
        // That of all channels is asked for most, and is never given up for others.
        if (kept.Count > ChannelsMax + 1) kept.RemoveAt(kept.FindIndex(one => one.Channel is not null));
        return found.Hours;
    }

    private void Bound()
    {
        // The numbers of names mean something in all hours or in none.
        if (names.Bytes > BytesMax / 2)
        {
            kept.Clear();
            names = new NameTable();
        }
        var bytes = names.Bytes + kept.Sum(one => one.Hours.Values.Sum(hour => hour.Bytes));
        if (bytes <= BytesMax) return;
        foreach (var (of, hour) in kept.SelectMany(one => one.Hours.Keys.Select(hour => (one.Hours, hour)))
            .OrderBy(one => one.hour).ToList())
        {
            if (bytes <= BytesMax) return;
            bytes -= of[hour].Bytes;
            of.Remove(hour);
        }
    }

    private sealed record Kept(ChannelName? Channel, Dictionary<long, CountedHour> Hours);
}

/// <summary>An hour that was counted; no tally if nothing happened in it.</summary>
internal readonly record struct CountedHour(long Changes, HourTally? Tally)
{
    private const int EntryBytes = 48;

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => EntryBytes + (Tally?.Bytes ?? 0);
}

/// <summary>
/// What must be counted for a question: the parts of hours at its two ends, and of the whole hours between them those
/// that have changed. One caller.
/// </summary>
internal sealed class AnalyticsWork(
    AnalyticsQuestion question, Dictionary<long, CountedHour>? kept, NameTable names, CancellationToken cancellation)
{
    /// <summary>The longest pass: what it counted is kept, also if the next one is given up.</summary>
    private const int PassHoursMax = 7 * 24;

    /// <summary>So many hours that have not changed are counted again, rather than that a pass ends.</summary>
    private const int GapMax = 6;

    private readonly long from = StoredTime.Micros(question.From);
    // A tick is a tenth of a microsecond.
    private readonly long until = StoredTime.Micros(question.Until.AddTicks(TimeSpan.TicksPerMicrosecond - 1));
    private readonly List<(long Hour, HourTally Tally)> ends = [];
    private IReadOnlyDictionary<long, long> changes = new Dictionary<long, long>();

    public AnalyticsQuestion Question => question;

    /// <summary>The hour in which the question begins.</summary>
    public long FirstHour => from / HourTally.MicrosOfHour;

    /// <summary>The hour in which it ends.</summary>
    public long LastHour => (until - 1) / HourTally.MicrosOfHour;

    private long FirstWhole => (from + HourTally.MicrosOfHour - 1) / HourTally.MicrosOfHour;

    private long AfterWhole => until / HourTally.MicrosOfHour;

    /// <summary>
    /// The passes that are to be made, in order; the store counts each before it asks for the next. A store that fails
    /// on the way may begin again.
    /// </summary>
    /// <param name="changed">How often each hour's rows have changed, as of the same snapshot; of hours that are not
    /// named, never.</param>
    public IEnumerable<AnalyticsPass> Passes(IReadOnlyDictionary<long, long> changed)
    {
        changes = changed;
        ends.Clear();
        if (kept is null || FirstWhole >= AfterWhole)
        {
            var all = Pass(from, until);
            yield return all;
            KeepEnd(all);
            yield break;
        }
        var (first, after) = (FirstWhole * HourTally.MicrosOfHour, AfterWhole * HourTally.MicrosOfHour);
        if (from < first)
        {
            var head = Pass(from, first);
            yield return head;
            KeepEnd(head);
        }
        for (var hour = FirstWhole; hour < AfterWhole; hour++)
        {
            if (!IsStale(hour)) continue;
            var end = EndOfPass(hour);
            var whole = Pass(hour * HourTally.MicrosOfHour, end * HourTally.MicrosOfHour);
            yield return whole;
            Keep(hour, end, whole.Close());
            hour = end - 1;
        }
        if (after >= until) yield break;
        var tail = Pass(after, until);
        yield return tail;
        KeepEnd(tail);
    }

    /// <summary>All together, once the passes are made.</summary>
    public AnalyticsSum Sum()
    {
        var sum = new AnalyticsSum(question, names);
        foreach (var (hour, tally) in ends) sum.Add(hour, tally);
        if (kept is null) return sum;
        for (var hour = FirstWhole; hour < AfterWhole; hour++)
            if (kept.TryGetValue(hour, out var one) && one.Tally is { } tally) sum.Add(hour, tally);
        return sum;
    }

    /// <summary>Behind the last hour of the pass that begins with a stale one.</summary>
    private long EndOfPass(long begin)
    {
        var end = begin + 1;
        for (var hour = end; hour < AfterWhole && hour - end <= GapMax && hour - begin < PassHoursMax; hour++)
            if (IsStale(hour)) end = hour + 1;
        return end;
    }

    private bool IsStale(long hour) =>
        !kept!.TryGetValue(hour, out var one) || one.Changes != changes.GetValueOrDefault(hour);

    private AnalyticsPass Pass(long begin, long end) => new(begin, end, question.Channel, names, cancellation);

    private void KeepEnd(AnalyticsPass pass) => ends.AddRange(pass.Close().Select(one => (one.Key, one.Value)));

    private void Keep(long begin, long end, IReadOnlyDictionary<long, HourTally> counted)
    {
        for (var hour = begin; hour < end; hour++)
            kept![hour] = new(changes.GetValueOrDefault(hour), counted.GetValueOrDefault(hour));
    }
}
