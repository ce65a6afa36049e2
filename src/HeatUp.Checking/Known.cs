using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Checking;

/// <summary>What the observers know of a session from what the memory has answered.</summary>
internal sealed class KnownSession
{
    private readonly HashSet<ChannelName> joined = [];
    private readonly HashSet<ChannelName> maybeJoined = [];
    private int maybeDone;

    /// <summary>How many sittings began.</summary>
    public int Sittings { get; set; }

    /// <summary>How many actions are remembered for certain.</summary>
    public int Done { get; private set; }

    /// <summary>When the newest of them ended.</summary>
    public DateTimeOffset LastDone { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The run that is open; null if none.</summary>
    public KnownRun? Open { get; set; }

    /// <summary>The process that has the session online, and for which run; null if none has.</summary>
    public (Life Life, KnownRun Run)? Online { get; set; }

    public bool HasJoined(ChannelName channel) => joined.Contains(channel);

    /// <summary>The memory was asked for it: until it answers nobody knows whether it is remembered.</summary>
    public void MayRemember(Step step)
    {
        if (!step.IsDone) return;
        maybeDone++;
        if (step.Action is JoinChannel join) maybeJoined.Add(join.Channel);
    }

    /// <summary>It is remembered for certain.</summary>
    public void Remember(Step step)
    {
        if (!step.IsDone) return;
        maybeDone--;
        Done++;
        LastDone = StoredTime.Kept(step.EndedAt);
        if (step.Action is JoinChannel join) joined.Add(join.Channel);
    }

    /// <summary>What is wrong with a recollection; null if nothing.</summary>
    public string? FaultOf(Recollection past)
    {
        var channels = past.Joined.Select(membership => membership.Channel).ToHashSet();
        if (past.Sittings < Sittings) return $"recalls {past.Sittings} sittings; {Sittings} began.";
        if (past.TotalActions < Done || past.TotalActions > Done + maybeDone)
            return $"recalls {past.TotalActions} actions; {Done} are remembered, and perhaps {maybeDone} more.";
        if (!channels.IsSupersetOf(joined)) return "does not recall all channels that it joined.";
        if (!channels.All(channel => joined.Contains(channel) || maybeJoined.Contains(channel)))
            return "recalls a channel that it did not join.";
        return Done > 0 && !(past.LastActivity >= LastDone) ? $"recalls no activity at {LastDone:O}." : null;
    }
}

/// <summary>What the observers know of a run from what the memory and Telegram have answered.</summary>
internal sealed class KnownRun(RunRecord run, Life owner, KnownSession session)
{
    public RunRecord Run => run;

    public KnownSession Session => session;

    /// <summary>Whose it is.</summary>
    public Life Owner { get; set; } = owner;

    /// <summary>The steps that are remembered for certain.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>The step that the memory was asked for without a good answer so far; null if none.</summary>
    public Step? InDoubt { get; set; }

    /// <summary>Whether the memory of <see cref="InDoubt"/> failed, and not just its process.</summary>
    public bool HasForgotten { get; set; }

    /// <summary>Whether the memory was asked to end it.</summary>
    public bool MayHaveEnded { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>What Telegram said last in the step that goes on, and when it may be asked again.</summary>
    public (int Step, Outcome Outcome, DateTimeOffset NotBefore)? Answer { get; set; }

    /// <summary>The number of the step that is to come.</summary>
    public int NextStep => Steps.Count + 1;

    public PlannedAction? NextAction => NextStep <= run.Plan.Actions.Count ? run.Plan.Actions[NextStep - 1] : null;

    /// <summary>Whether a join was carried out that is not remembered.</summary>
    public bool HasJoinToRemember =>
        NextAction is JoinChannel && Answer is { Outcome: Outcome.Done } answer && answer.Step == NextStep;

    /// <summary>The time before which nothing of it may be remembered any more.</summary>
    public DateTimeOffset LastTime => Steps.Count > 0 ? Steps[^1].EndedAt : run.StartedAt;
}
