using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>One plan of the built-in planner while it is written, action by action. Lives on the stack.</summary>
internal ref struct SittingDraft
{
    private const int ActionsOfExplorersMin = 4;
    private const int JoinsOfExplorersMax = 3;
    private const int JoinsOfNewcomersMax = 2;
    private const int FollowedByNewcomersMax = 2;
    private const double JoinChanceOfExplorers = 0.8;
    private const double JoinChanceOfFollowers = 0.5;
    private const double ReadsWhatItJoinedChance = 0.85;
    private const double BreakChance = 0.4;
    private const double PatienceShare = 0.4;
    private const double ReadAgainFactor = 0.001;
    private const double UnreadDaysMax = 30;
    private const int ChannelsCompared = 4;

    /// <summary>With so few channels to visit, a sitting is short and has a break after each of them.</summary>
    private const int FewChannelsMax = 2;

    /// <summary>How many of the joins follow a suggestion, if there are any; the others explore.</summary>
    private const double SuggestedShare = 0.8;

    private readonly Recollection past;
    private readonly IReadOnlyList<ChannelName> suggested;
    private readonly DateTimeOffset now;
    private readonly PoolInterests pool;
    private readonly Persona persona;
    private readonly PlannedAction[] actions;
    private readonly bool explores;
    private readonly bool hasFew;
    private readonly Span<double> joinable;
    private Rng rng;
    private int count;
    private int joinsLeft;

    /// <param name="request">What the plan is for.</param>
    /// <param name="pool">The request's pool, prepared.</param>
    /// <param name="persona">Whose plan.</param>
    /// <param name="rng">The sitting's own chance.</param>
    /// <param name="joinable">Room for as many numbers as the pool has channels.</param>
    public SittingDraft(PlanRequest request, PoolInterests pool, Persona persona, Rng rng, Span<double> joinable)
    {
        (past, now, suggested) = (request.Past, request.Now, request.Suggested);
        this.pool = pool;
        this.persona = persona;
        this.rng = rng;
        this.joinable = joinable;
        explores = AnyFollowed(0) < 0;
        joinsLeft = JoinsOfThisSitting();
        var actionsMin = explores ? ActionsOfExplorersMin : PlanLimits.ActionsMin;
        var wanted = this.rng.Between(actionsMin, PlanLimits.ActionsMax);
        if (joinsLeft > 0) WeighJoinable();
        var toVisit = ChannelsToVisit();
        hasFew = toVisit <= FewChannelsMax;
        // One channel takes the shortest sitting there is; each further one a little more.
        actions = new PlannedAction[hasFew ? Math.Min(wanted, PlanLimits.ActionsMin + toVisit - 1) : wanted];
    }

    /// <summary>The actions.</summary>
    public PlannedAction[] Write()
    {
        while (count < actions.Length)
        {
            var action = Next();
            actions[count++] = action;
        }
        return actions;
    }

    /// <summary>How many channels it follows or may join now; at least 1, at most one more than are few.</summary>
    private readonly int ChannelsToVisit()
    {
        var found = 0;
        for (var i = 0; i < past.Joined.Count && found <= FewChannelsMax; i++)
            if (pool.IndexOf(past.Joined[i].Channel) >= 0)
                found++;
        var joins = 0;
        for (var i = 0; joins < joinsLeft && i < joinable.Length; i++)
            if (joinable[i] > 0)
                joins++;
        return Math.Clamp(found + joins, 1, FewChannelsMax + 1);
    }

    private int JoinsOfThisSitting()
    {
        if (explores) return JoinsOfExplorersMax;
        // Who follows hardly anything would read the same channel again and again.
        if (past.Joined.Count <= FollowedByNewcomersMax) return JoinsOfNewcomersMax;
        return rng.Chance(persona.Curiosity) ? 1 : 0;
    }

    private PlannedAction Next()
    {
        var previous = count > 0 ? actions[count - 1] : null;
        if (previous is JoinChannel joined && rng.Chance(ReadsWhatItJoinedChance)) return FirstRead(joined.Channel);
        if (previous is JoinChannel or ReadMessages && (hasFew || rng.Chance(BreakChance))) return Break();
        var joinChance = !explores ? JoinChanceOfFollowers : count > 0 ? JoinChanceOfExplorers : 1;
        var wantsToJoin = rng.Chance(joinChance);
        return (wantsToJoin ? Join() : null) ?? Read() ?? Join() ?? (PlannedAction)Break();
    }

    private JoinChannel? Join()
    {
        var channel = joinsLeft > 0 ? DrawJoinable() : -1;
        if (channel < 0) return null;
        joinsLeft--;
        joinable[channel] = 0;
        return new JoinChannel(pool.NameOf(channel), OneOf(pool.ReasonsOf(channel).Joins));
    }

    private ReadMessages FirstRead(ChannelName channel) =>
        new(channel, ReadingTime(), OneOf(pool.ReasonsOf(pool.IndexOf(channel)).FirstReads));

    private ReadMessages? Read()
    {
        var channel = explores ? AnyJoinedNow() : LikedAndLongUnread();
        return channel < 0
            ? null
            : new ReadMessages(pool.NameOf(channel), ReadingTime(), OneOf(pool.ReasonsOf(channel).Reads));
    }

    private Idle Break()
    {
        var (min, max) = ((int)PlanLimits.IdleMin.TotalSeconds, (int)PlanLimits.IdleMax.TotalSeconds);
        if (hasFew) min = (min + max) / 2;
        return new Idle(Seconds(rng.Between(min, max)), OneOf(CategoryReasons.Breaks));
    }

    private TimeSpan ReadingTime()
    {
        var depth = (1 - PatienceShare) * rng.NextDouble() + PatienceShare * persona.Patience;
        var (min, max) = ((int)PlanLimits.ReadMin.TotalSeconds, (int)PlanLimits.ReadMax.TotalSeconds);
        return Seconds(min + (int)((max - min + 1) * depth));
    }

    private void WeighJoinable()
    {
        pool.Weigh(persona, joinable);
        for (var i = 0; i < past.Joined.Count; i++)
            if (pool.IndexOf(past.Joined[i].Channel) is >= 0 and var channel)
                joinable[channel] = 0;
        if (suggested.Count > 0) PreferSuggested();
    }

    /// <summary>
    /// Raises the weights of what is suggested, the earlier the more and as the persona likes it, so that together they
    /// have their share of the whole.
    /// </summary>
    private readonly void PreferSuggested()
    {
        var (all, preferred) = (0.0, 0.0);
        foreach (var weight in joinable) all += weight;
        for (var i = 0; i < suggested.Count; i++) preferred += Preference(i);
        if (preferred == 0) return;
        var scale = SuggestedShare / (1 - SuggestedShare) * all / preferred;
        for (var i = 0; i < suggested.Count; i++)
            if (Preference(i) is > 0 and var preference)
                joinable[pool.IndexOf(suggested[i])] += scale * preference;
    }

    private readonly double Preference(int place) =>
        pool.IndexOf(suggested[place]) is >= 0 and var channel && !past.HasJoined(suggested[place])
            ? pool.InterestIn(channel, persona) / (1 + place)
            : 0;

    private int DrawJoinable()
    {
        var sum = 0.0;
        foreach (var weight in joinable) sum += weight;
        var left = sum * rng.NextDouble();
        var drawn = -1;
        for (var i = 0; i < joinable.Length && left >= 0; i++)
        {
            if (joinable[i] == 0) continue;
            drawn = i;
            left -= joinable[i];
        }
        return drawn;
    }

    private int LikedAndLongUnread()
    {
        var (best, bestScore) = (-1, 0.0);
        for (var i = 0; i < ChannelsCompared; i++)
        {
            var membership = past.Joined[rng.Next(past.Joined.Count)];
            var channel = pool.IndexOf(membership.Channel);
            var score = channel < 0 || !MayRead(membership.Channel) ? 0 : Score(membership, channel);
            if (score > bestScore) (best, bestScore) = (channel, score);
        }
        return best >= 0 ? best : AnyFollowed(rng.Next(past.Joined.Count));
    }

    private double Score(Membership membership, int channel)
    {
        var unreadDays = membership.LastReadAt is { } read
            ? Math.Clamp((now - read).TotalDays, 0, UnreadDaysMax)
            : UnreadDaysMax;
        var again = ReadsOf(membership.Channel) > 0 ? ReadAgainFactor : 1;
        // Even what was read a minute ago may be read again.
        return (unreadDays + 0.01) * pool.InterestIn(channel, persona) * again;
    }

    private readonly int ReadsOf(ChannelName channel)
    {
        var reads = 0;
        for (var i = 0; i < count; i++)
            if (actions[i] is ReadMessages read && read.Channel == channel)
                reads++;
        return reads;
    }

    private readonly bool MayRead(ChannelName channel) => ReadsOf(channel) < PlanLimits.ReadsOfChannelMax;

    /// <summary>
    /// The first channel of the pool that it follows and may read once more, from this membership on and round; -1 if
    /// there is none.
    /// </summary>
    private readonly int AnyFollowed(int start)
    {
        for (var i = 0; i < past.Joined.Count; i++)
        {
            var followed = past.Joined[(start + i) % past.Joined.Count].Channel;
            if (pool.IndexOf(followed) is >= 0 and var channel && MayRead(followed)) return channel;
        }
        return -1;
    }

    private int AnyJoinedNow()
    {
        var start = count > 0 ? rng.Next(count) : 0;
        for (var i = 0; i < count; i++)
            if (actions[(start + i) % count] is JoinChannel joined && MayRead(joined.Channel))
                return pool.IndexOf(joined.Channel);
        return -1;
    }

    private string OneOf(string[] texts) => texts[rng.Next(texts.Length)];

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds((long)seconds);
}
