using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// Keeps what was counted of past hours, so that only hours whose rows have changed since are counted again: the store
/// keeps a count of changes for each hour. Kept in memory, and lost with the process. Thread-safe: one question is
/// counted at a time, others wait for it and use what it counted.
/// </summary>
internal sealed class AnalyticsCache : IDisposable
{
    /// <summary>How much memory may be used; the oldest hours are counted anew each time if they don't fit.</summary>
    public const long BytesMax = 256L << 20;

    /// <summary>For how many channels is kept what was counted of them alone.</summary>
    private const int ChannelsMax = 4;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly List<Kept> kept = [];
    private readonly NameTable names = new();

    /// <summary>Asks a store.</summary>
    /// <param name="question">What.</param>
    /// <param name="count">Reads the changes, then has the rows counted of each pass that is called for, all in one
    /// snapshot; false if it must be asked again.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<AnalyticsSum> AskAsync(
        AnalyticsQuestion question, Func<AnalyticsWork, ValueTask<bool>> count, CancellationToken cancellation)
    {
        // A session has few rows, found by its index.
        if (question.Session is not null) return await AskAsync(question, null, new NameTable(), count);
        await gate.WaitAsync(cancellation);
        try
        {
            return await AskAsync(question, Of(question.Channel).Hours, names, count);
        }
        finally
        {
            Bound();
            gate.Release();
        }
    }

    /// <summary>Lets go of a session's name; the hours in which it did something are counted anew.</summary>
    public async ValueTask ForgetAsync(SessionId session)
    {
        await gate.WaitAsync(CancellationToken.None);
        names.Forget(session);
        gate.Release();
    }

    public void Dispose() => gate.Dispose();

    private static async ValueTask<AnalyticsSum> AskAsync(
        AnalyticsQuestion question, Dictionary<long, Hour>? hours, NameTable names,
        Func<AnalyticsWork, ValueTask<bool>> count)
    {
        while (true)
        {
            var work = new AnalyticsWork(question, hours, names);
            if (await count(work)) return work.Sum();
        }
    }

    private Kept Of(ChannelName? channel)
    {
        var at = kept.FindIndex(one => one.Channel == channel);
        var found = at < 0 ? new Kept(channel, []) : kept[at];
        if (at >= 0) kept.RemoveAt(at);
        kept.Add(found);
        // That of all channels is asked for most, and is never given up for others.
        if (kept.Count > ChannelsMax + 1) kept.RemoveAt(kept.FindIndex(one => one.Channel is not null));
        return found;
    }

    private void Bound()
    {
        var bytes = kept.Sum(one => one.Hours.Values.Sum(hour => hour.Tally?.Bytes ?? 0));
        foreach (var (of, hour) in kept.SelectMany(one => one.Hours.Keys.Select(hour => (one.Hours, hour)))
            .OrderBy(one => one.hour).ToList())
        {
            if (bytes <= BytesMax) return;
            bytes -= of[hour].Tally?.Bytes ?? 0;
            of.Remove(hour);
        }
    }

    /// <summary>An hour that was counted; no tally if nothing happened in it.</summary>
    internal readonly record struct Hour(long Changes, HourTally? Tally);

    private sealed record Kept(ChannelName? Channel, Dictionary<long, Hour> Hours);
}

/// <summary>
/// What must be counted for a question: the parts of hours at its two ends, and of the whole hours between them those
/// that have changed. One caller.
/// </summary>
internal sealed class AnalyticsWork(
    AnalyticsQuestion question, Dictionary<long, AnalyticsCache.Hour>? kept, NameTable names)
{
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

    /// <summary>The passes that are to be made, in order; the store counts each before it asks for the next.</summary>
    /// <param name="changed">How often each hour's rows have changed, as of the same snapshot; of hours that are not
    /// named, never.</param>
    public IEnumerable<AnalyticsPass> Passes(IReadOnlyDictionary<long, long> changed)
    {
        changes = changed;
        if (kept is null || FirstWhole >= AfterWhole)
        {
            yield return Pass(from, until, out var all);
            Take(all);
            yield break;
        }
        var (first, after) = (FirstWhole * HourTally.MicrosOfHour, AfterWhole * HourTally.MicrosOfHour);
        if (from < first)
        {
            yield return Pass(from, first, out var head);
            Take(head);
        }
        for (var hour = FirstWhole; hour < AfterWhole; hour++)
        {
            if (!IsStale(hour)) continue;
            var begin = hour;
            while (hour < AfterWhole && IsStale(hour)) hour++;
            yield return Pass(begin * HourTally.MicrosOfHour, hour * HourTally.MicrosOfHour, out var stale);
            Keep(begin, hour, stale.Close());
        }
        if (after >= until) yield break;
        yield return Pass(after, until, out var tail);
        Take(tail);
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

    private bool IsStale(long hour) =>
        !kept!.TryGetValue(hour, out var one) || one.Changes != changes.GetValueOrDefault(hour);

    private AnalyticsPass Pass(long begin, long end, out AnalyticsPass pass) =>
        pass = new AnalyticsPass(begin, end, question.Channel, names);

    private void Take(AnalyticsPass pass) => ends.AddRange(pass.Close().Select(one => (one.Key, one.Value)));

    private void Keep(long begin, long end, IReadOnlyDictionary<long, HourTally> counted)
    {
        for (var hour = begin; hour < end; hour++)
            kept![hour] = new(changes.GetValueOrDefault(hour), counted.GetValueOrDefault(hour));
    }
}
