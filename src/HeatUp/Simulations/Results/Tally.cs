using System.Diagnostics;
using System.Runtime.InteropServices;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// Counts what happens. Whole numbers only, so that the tallies of shards add up to the same in whatever order. A whole
/// adds up at once what is small, and what grows with the sessions, the days or the plans only when it is asked for:
/// thresholds are looked at after each epoch, and ask for little.
/// </summary>
internal sealed class Tally : IWitness
{
    /// <summary>The longest sitting that is told from longer ones, in seconds.</summary>
    public const int SittingSecondsMax = 3_600;

    private const string FloodWait = "Too Many Requests: retry after …";
    private const int SittingsMax = 10_000;
    private const int PlansSampledMax = 200_000;

    private readonly IReadOnlyList<Tally> parts = [];
    private readonly Population? population;
    private readonly long start;
    private readonly ulong sampleMask;
    private readonly Dictionary<int, SessionTally> sessions = [];
    private readonly Histogram sittingsOfSeen = new(SittingsMax);
    private DayTally[]? days;
    private HashSet<ulong>? plans;

    /// <summary>A tally of nothing yet.</summary>
    /// <param name="scenario">Which days, and how much to expect.</param>
    /// <param name="population">Who lives; null if nobody knows the sessions' own time.</param>
    /// <param name="pool">The channels.</param>
    public Tally(Scenario scenario, Population? population, ChannelPool pool)
    {
        this.population = population;
        start = scenario.Start.UtcTicks;
        Channels = new ChannelNumbers(pool);
        days = [.. Enumerable.Range(0, scenario.Days).Select(_ => new DayTally(Channels.Count))];
        ByChannel = [.. Enumerable.Range(0, Channels.Count).Select(_ => new ChannelTally())];
        plans = [];
        var expected = scenario.Sessions * scenario.SittingsPerDayMean * scenario.Days;
        // A plan is in the sample by its content: then all that equal it are, too.
        while (expected / (sampleMask + 1) > PlansSampledMax) sampleMask = sampleMask * 2 + 1;
    }

    private Tally(IReadOnlyList<Tally> parts)
    {
        this.parts = parts;
        Channels = parts[0].Channels;
        ByChannel = [.. Enumerable.Range(0, Channels.Count).Select(_ => new ChannelTally())];
        foreach (var part in parts) Add(part);
    }

    /// <summary>
    /// What the tallies of a population's shards come to together; good as long as nothing is counted in them.
    /// </summary>
    public static Tally Of(IReadOnlyList<Tally> parts) => new(parts);

    public ChannelNumbers Channels { get; }

    public DayTally[] Days => days ??= [.. parts[0].Days.Select((_, day) => SumOfDay(day))];

    public long[] HoursUtc { get; } = new long[24];

    public long[] HoursLocal { get; } = new long[24];

    public long Arrivals { get; private set; }

    public long Sittings { get; private set; }

    public long Actions { get; private set; }

    public long PlansSampled { get; private set; }

    public int PlansDistinct => (plans ??= [.. parts.SelectMany(part => part.plans!)]).Count;

    public long ActionsDone { get; private set; }

    public long PostsRead { get; private set; }

    public TokenUsage Tokens { get; private set; }

    /// <summary>The days on which a session had a sitting, over all sessions.</summary>
    public long SessionDays { get; private set; }

    /// <summary>Those of them on which it read a channel.</summary>
    public long ReadingDays { get; private set; }

    /// <summary>How many channels the sessions follow, each counted for each.</summary>
    public long JoinsKept { get; private set; }

    /// <summary>How many of them were read again in a later sitting than that which joined them.</summary>
    public long JoinsReadLater { get; private set; }

    /// <summary>How many sessions lost their account, each counted once.</summary>
    public long AccountsLost { get; private set; }

    public Dictionary<(string Action, string Outcome), long> Outcomes { get; } = [];

    public Dictionary<string, long> Refusals { get; } = [];

    public Dictionary<(string Status, string? Code), long> Ends { get; } = [];

    public Dictionary<string, long> Planners { get; } = [];

    public Dictionary<string, long> Fallbacks { get; } = [];

    public Histogram PlanSizes { get; } = new(PlanLimits.ActionsMax);

    public Histogram SittingSeconds { get; } = new(SittingSecondsMax);

    public Histogram ActionsPerSitting { get; } = new(PlanLimits.ActionsMax);

    public ChannelTally[] ByChannel { get; }

    /// <summary>How many sittings each session has begun, those that had none included.</summary>
    public Histogram SittingsPerSession()
    {
        var histogram = new Histogram(SittingsMax);
        histogram.Add(sittingsOfSeen);
        histogram.Add(0, Arrivals - SessionsSeen);
        return histogram;
    }

    /// <summary>How many sessions follow this many channels or more.</summary>
    public long SessionsWithChannels(int least) => Sessions.Count(session => session.Joins >= least);

    /// <summary>How many sessions had a sitting.</summary>
    public long SessionsSeen => sessions.Count + parts.Sum(part => part.SessionsSeen);

    /// <summary>How many sessions look more often than this in a month, by the days that were simulated.</summary>
    public long SessionsMoreOftenThan(int aMonth, double days) =>
        Sessions.Count(session => session.Sittings * 30 / days > aMonth);

    private IEnumerable<SessionTally> Sessions => parts.SelectMany(part => part.Sessions).Concat(sessions.Values);

    /// <summary>A session arrived.</summary>
    public void Arrived() => Arrivals++;

    /// <summary>Takes what became of the joins from the sessions' memory, which knows it anyhow.</summary>
    public void Take(JoinCount joins)
    {
        JoinsKept += joins.Kept;
        JoinsReadLater += joins.ReadLater;
    }

    /// <summary>Takes the tokens from whoever knows that several plans came of one call.</summary>
    public void Use(TokenUsage tokens) => Tokens = tokens;

    /// <inheritdoc/>
    public void Saw(in Happening happening)
    {
        ref var session = ref CollectionsMarshal.GetValueRefOrAddDefault(sessions, happening.Session, out var known);
        var day = DayOf(happening.At);
        if (happening.What is Step step) Saw(step, day, ref session);
        else if (happening.What is RunRecord run) Saw(run, happening, day, !known, ref session);
        else if (happening.What is RunEnd end) Saw(end, happening.At, ref session);
    }

    /// <summary>It was done, in a sitting of which nothing else is known.</summary>
    public void SawAlone(Step step)
    {
        var nobody = default(SessionTally);
        Saw(step, DayOf(step.EndedAt.UtcTicks), ref nobody);
    }

    private int DayOf(long at) => Math.Clamp((int)((at - start) / TimeSpan.TicksPerDay), 0, days!.Length - 1);

    private DayTally SumOfDay(int day)
    {
        var sum = new DayTally(Channels.Count);
        foreach (var part in parts) sum.Add(part.Days[day]);
        return sum;
    }

    private void Add(Tally other)
    {
        Arrivals += other.Arrivals;
        Sittings += other.Sittings;
        Actions += other.Actions;
        ActionsDone += other.ActionsDone;
        AccountsLost += other.AccountsLost;
        PlansSampled += other.PlansSampled;
        PostsRead += other.PostsRead;
        Tokens += other.Tokens;
        SessionDays += other.SessionDays;
        ReadingDays += other.ReadingDays;
        for (var i = 0; i < ByChannel.Length; i++) ByChannel[i].Add(other.ByChannel[i]);
        for (var i = 0; i < HoursUtc.Length; i++)
        {
            HoursUtc[i] += other.HoursUtc[i];
            HoursLocal[i] += other.HoursLocal[i];
        }
        Add(Outcomes, other.Outcomes);
        Add(Refusals, other.Refusals);
        Add(Ends, other.Ends);
        Add(Planners, other.Planners);
        Add(Fallbacks, other.Fallbacks);
        PlanSizes.Add(other.PlanSizes);
        SittingSeconds.Add(other.SittingSeconds);
        ActionsPerSitting.Add(other.ActionsPerSitting);
        sittingsOfSeen.Add(other.sittingsOfSeen);
    }

    private static void Add<TKey>(Dictionary<TKey, long> counts, Dictionary<TKey, long> others) where TKey : notnull
    {
        foreach (var (key, count) in others) Count(counts, key, count);
    }

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key, long times = 1) where TKey : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += times;

    private void Saw(RunRecord run, in Happening happening, int day, bool isNew, ref SessionTally session)
    {
        var today = days![day];
        Sittings++;
        today.Sittings++;
        if (isNew) today.NewSessions++;
        if (isNew || session.LastDay != day)
        {
            today.ActiveSessions++;
            SessionDays++;
        }
        session.LastDay = (short)day;
        if (isNew) sittingsOfSeen.Add(0);
        sittingsOfSeen.Move(session.Sittings, ++session.Sittings);
        session.Steps = 0;
        session.BeganAt = happening.At;
        HoursUtc[(int)(happening.At / TimeSpan.TicksPerHour % 24)]++;
        if (population is not null)
            HoursLocal[population.LocalHour(happening.Session, new DateTimeOffset(happening.At, TimeSpan.Zero))]++;
        SawPlan(run.Plan);
    }

    private void SawPlan(Plan plan)
    {
        Count(Planners, plan.Origin.Planner.Word());
        if (plan.Origin.FallbackCode is { } code) Count(Fallbacks, code);
        Tokens += plan.Origin.Tokens;
        PlanSizes.Add(plan.Actions.Count);
        var hash = 0UL;
        for (var i = 0; i < plan.Actions.Count; i++) hash = Rng.Mix(hash ^ CodeOf(plan.Actions[i]));
        if ((hash & sampleMask) != 0) return;
        PlansSampled++;
        plans!.Add(hash);
    }

    private ulong CodeOf(PlannedAction action)
    {
        var kind = action switch
        {
            JoinChannel => 1UL,
            ReadMessages => 2UL,
            Idle => 3UL,
            _ => throw new UnreachableException(),
        };
        var channel = ActionJson.ChannelOf(action) is { } name ? (ulong)Channels.Of(name) + 1 : 0;
        var seconds = (ulong)(ActionJson.DurationOf(action)?.TotalSeconds ?? 0);
        return kind | channel << 8 | seconds << 32;
    }

    private void Saw(Step step, int day, ref SessionTally session)
    {
        var today = days![day];
        Actions++;
        today.Actions++;
        session.Steps++;
        Count(Outcomes, (step.Action.Kind, step.Outcome.Word));
        if (step.Outcome.Error is { } error) Count(Refusals, WordOf(error));
        if (step.Outcome is Outcome.Done done) SawDone(step.Action, done, day, today, ref session);
    }

    /// <summary>Flood waits of all lengths are one word.</summary>
    private static string WordOf(TelegramError error) =>
        error.Kind == TelegramErrorKind.FloodWait ? FloodWait : error.Message;

    private void SawDone(PlannedAction action, Outcome.Done done, int day, DayTally today, ref SessionTally session)
    {
        ActionsDone++;
        today.Done++;
        if (ActionJson.ChannelOf(action) is not { } name) return;
        var number = Channels.Of(name);
        var channel = ByChannel[number];
        if (action is JoinChannel)
        {
            today.Joins++;
            today.JoinsByChannel[number]++;
            channel.Joins++;
            session.Joins++;
            return;
        }
        today.Reads++;
        channel.Reads++;
        channel.PostsRead += done.PostsRead;
        PostsRead += done.PostsRead;
        if (session.LastReadingDay != day + 1) ReadingDays++;
        session.LastReadingDay = (short)(day + 1);
    }

    private void Saw(RunEnd end, long at, ref SessionTally session)
    {
        Count(Ends, (end.Status.Word(), end.Code));
        SittingSeconds.Add((int)((at - session.BeganAt) / TimeSpan.TicksPerSecond));
        ActionsPerSitting.Add(session.Steps);
        if (end.Code != EndCode.AccountLost || session.IsLost) return;
        // A service's session may ask again, and hear the same again.
        session.IsLost = true;
        AccountsLost++;
        days![DayOf(at)].AccountsLost++;
    }

    private struct SessionTally
    {
        public long BeganAt;
        public int Sittings;
        public short LastDay;
        public short LastReadingDay;
        public short Joins;
        public byte Steps;
        public bool IsLost;
    }
}

/// <summary>What happened on a day.</summary>
internal sealed class DayTally(int channels)
{
    public long Sittings;
    public long Actions;
    public long Done;
    public long Joins;
    public long Reads;
    public long ActiveSessions;
    public long NewSessions;
    public long AccountsLost;

    public long[] JoinsByChannel { get; } = new long[channels];

    public void Add(DayTally other)
    {
        Sittings += other.Sittings;
        Actions += other.Actions;
        Done += other.Done;
        Joins += other.Joins;
        Reads += other.Reads;
        ActiveSessions += other.ActiveSessions;
        NewSessions += other.NewSessions;
        AccountsLost += other.AccountsLost;
        for (var i = 0; i < JoinsByChannel.Length; i++) JoinsByChannel[i] += other.JoinsByChannel[i];
    }
}

/// <summary>What happened in a channel.</summary>
internal sealed class ChannelTally
{
    public long Joins;
    public long Reads;
    public long PostsRead;

    public void Add(ChannelTally other)
    {
        Joins += other.Joins;
        Reads += other.Reads;
        PostsRead += other.PostsRead;
    }
}
