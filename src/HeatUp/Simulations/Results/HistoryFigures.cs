using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// What a database's history comes to, in the figures of a simulation: of a run's <c>history.db</c> those of its
/// summary, without what only the simulation knows (thresholds, the sessions' own time, who never came).
/// </summary>
/// <param name="From">The first day that is counted, at 0:00 UTC; null if nothing is remembered.</param>
/// <param name="Days">How many days are counted; 0 if nothing is remembered.</param>
/// <param name="Sessions">How many sessions had a sitting in them.</param>
/// <param name="Summary">The figures.</param>
public sealed record HistoryFigures(DateTimeOffset? From, int Days, long Sessions, Summary Summary)
{
    /// <summary>The most days that are counted: the newest.</summary>
    public const int DaysMax = 3_650;

    /// <summary>How many sittings began.</summary>
    public long Sittings => Summary.Days.Sum(day => day.Sittings);

    /// <summary>How many actions were tried.</summary>
    public long Actions => Summary.Days.Sum(day => day.Actions);

    /// <summary>
    /// Reads what a store remembers in one pass, whatever its size. What is older than its first run is told by the
    /// history's rows alone: actions that were done, without sittings.
    /// </summary>
    /// <param name="history">What is remembered.</param>
    /// <param name="known">Channels whose categories are known.</param>
    /// <param name="days">How many days up to the newest row, 1 to <see cref="DaysMax"/>.</param>
    /// <exception cref="StoreException">It can't be read.</exception>
    public static HistoryFigures Read(IHistoryReader history, ChannelPool known, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, DaysMax);
        var pool = PoolOf(history, known);
        var (ofRuns, ofActions) = (history.RunTimes(), history.ActionTimes());
        if ((ofRuns ?? ofActions) is not { } times)
        {
            var nothing = new Scenario { Sessions = 1, Days = 1 };
            var empty = Summarizing.OfHistory(nothing, pool, new Tally(nothing, null, pool));
            return new(null, 0, 0, empty with { Days = [] });
        }
        var newest = Midnight(times.Until);
        var oldest = Midnight(ofActions is { } actions && actions.From < times.From ? actions.From : times.From);
        var start = newest - oldest < TimeSpan.FromDays(days) ? oldest : newest.AddDays(1 - days);
        var (runs, sessions) = history.CountsSince(start);
        var scenario = ScenarioOf(start, (newest - start).Days + 1, runs, sessions);
        var tally = new Tally(scenario, null, pool);
        new Feeding(tally, pool).All(history, start, ofRuns?.From ?? DateTimeOffset.MaxValue);
        return new(start, scenario.Days, sessions, Summarizing.OfHistory(scenario, pool, tally));
    }

    private static Scenario ScenarioOf(DateTimeOffset start, int days, long runs, long sessions) => new()
    {
        Start = start,
        Days = days,
        Sessions = (int)Math.Max(1, sessions),
        SittingsPerDay = runs / ((double)Math.Max(1, sessions) * days),
    };

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static ChannelPool PoolOf(IHistoryReader history, ChannelPool known) =>
        ChannelPool.Of(known.All.Concat(history.ChannelNames().Where(name => !known.Contains(name))
            .Select(name => new Channel(name, "", Channel.NoCategory, null, null))));

    /// <summary>Tells a tally what rows say, as a simulation tells it what happens.</summary>
    private sealed class Feeding(Tally tally, ChannelPool pool)
    {
        private readonly Dictionary<string, int> numbers = [];
        private readonly List<Remembered> memories = [];
        private readonly ChannelNumbers channels = new(pool);
        private readonly JoinCount joins = new();

        public void All(IHistoryReader history, DateTimeOffset since, DateTimeOffset firstRun)
        {
            foreach (var (at, action) in history.ActionsBefore(firstRun))
                if (at >= since)
                    tally.SawAlone(new Step(1, action, Outcome.Done.Plain, at, at));
            foreach (var run in history.RunsSince(since)) Feed(run);
            tally.Take(joins);
        }

        private void Feed(RunRecord run)
        {
            if (!numbers.TryGetValue(run.Session.Value, out var session))
            {
                numbers[run.Session.Value] = session = memories.Count;
                memories.Add(new Remembered());
                tally.Arrived();
            }
            var memory = memories[session];
            memory.Sittings++;
            tally.Saw(new Happening(run.StartedAt.UtcTicks, session, run));
            foreach (var step in run.Steps)
            {
                if (step.IsDone) memory.Remember(step, channels, joins);
                tally.Saw(new Happening(step.EndedAt.UtcTicks, session, step));
            }
            if (run is { End: { } end, EndedAt: { } at }) tally.Saw(new Happening(at.UtcTicks, session, end));
        }
    }
}
