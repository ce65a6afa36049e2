using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Exports;

/// <summary>A table as it is exported: every format and its documentation follow from this.</summary>
/// <param name="Name">Its name, and that of its file.</param>
/// <param name="Meaning">What a row is.</param>
/// <param name="Columns">Its columns, in their order.</param>
internal sealed record Table<TRow>(string Name, string Meaning, params Column<TRow>[] Columns) : ITable
{
    /// <inheritdoc/>
    public IEnumerable<(string Name, string Type, bool IsNullable, string Meaning)> Described =>
        Columns.Select(column => (column.Name, column.Type, column.IsNullable, column.Meaning));
}

/// <summary>What is said of a table.</summary>
internal interface ITable
{
    /// <summary>Its name, and that of its file.</summary>
    string Name { get; }

    /// <summary>What a row is.</summary>
    string Meaning { get; }

    /// <summary>Its columns.</summary>
    IEnumerable<(string Name, string Type, bool IsNullable, string Meaning)> Described { get; }
}

/// <summary>The tables that are exported.</summary>
internal static class Tables
{
    /// <summary>The sessions.</summary>
    public static Table<SessionRow> Sessions { get; } = new("sessions",
        "A session of which anything is remembered, in the order of their names.",
        new TextColumn<SessionRow>("session_id", "its name", row => row.Session),
        new NumberColumn<SessionRow>("sittings", "how many of its sittings began, also those no longer remembered",
            row => row.Sittings),
        new NumberColumn<SessionRow>("actions", "how many rows of `history` it has", row => row.Actions),
        new NumberColumn<SessionRow>("channels", "how many rows of `memberships` it has", row => row.Channels),
        new TimeColumn<SessionRow>("first_at", "its oldest action", row => row.First, true),
        new TimeColumn<SessionRow>("last_at", "its newest action", row => row.Last, true));

    /// <summary>The sittings.</summary>
    public static Table<SittingRow> Sittings { get; } = new("sittings",
        "A plan and its run, in the order in which they began to be written; those that go on included.",
        new TextColumn<SittingRow>("run_id", "the run's name, 32 hexadecimal digits", run => $"{run.Id}"),
        new TextColumn<SittingRow>("session_id", "whose", run => run.Session.Value),
        new NumberColumn<SittingRow>("sitting", "the session's how many-th; its first is 1", run => run.Sitting),
        new TextColumn<SittingRow>("planner", "who planned: `llm` or `builtin`", run => run.Origin.Planner.Word()),
        new TextColumn<SittingRow>("fallback_reason", "why the built-in planner stood in for the model, if it did",
            run => run.Origin.FallbackReason, true),
        new TextColumn<SittingRow>("status",
            "`running`, `completed`, `failed`, `cancelled` or `interrupted`", run => run.Status.Word()),
        new TextColumn<SittingRow>("end_code", "why it ended early, as a word", run => run.End?.Code, true),
        new TextColumn<SittingRow>("end_detail", "the same for people", run => run.End?.Detail, true),
        new NumberColumn<SittingRow>("planned", "how many actions its plan has", run => run.Planned),
        new NumberColumn<SittingRow>("done", "how many of them were done", run => run.Done),
        new NumberColumn<SittingRow>("tokens_in", "what the plan cost: tokens that the model read",
            run => run.Origin.Tokens.Input),
        new NumberColumn<SittingRow>("tokens_out", "tokens that it wrote", run => run.Origin.Tokens.Output),
        new NumberColumn<SittingRow>("tokens_cached", "of `tokens_in`, those that its cache had",
            run => run.Origin.Tokens.Cached),
        new TimeColumn<SittingRow>("started_at", "when it began", run => run.StartedAt),
        new TimeColumn<SittingRow>("ended_at", "when it ended; none while it goes on", run => run.EndedAt, true));

    /// <summary>The steps.</summary>
    public static Table<StepRow> Steps { get; } = new("steps",
        "An action that was tried, with its outcome, in the order of `sittings` and of their plans.",
        new TextColumn<StepRow>("run_id", "the run, as in `sittings`", row => $"{row.Run}"),
        new TextColumn<StepRow>("session_id", "whose", row => row.Session.Value),
        new NumberColumn<StepRow>("sitting", "the session's how many-th", row => row.Sitting),
        new NumberColumn<StepRow>("step", "its place in the plan; the first is 1", row => row.Step.Number),
        new TextColumn<StepRow>("action", "`join_channel`, `read_messages` or `idle`", row => row.Step.Action.Kind),
        new TextColumn<StepRow>("channel", "such as `@durov`; none for `idle`",
            row => ActionJson.ChannelOf(row.Step.Action)?.Value, true),
        new NumberColumn<StepRow>("duration_seconds", "how long it was to take; none for `join_channel`",
            row => (long?)ActionJson.DurationOf(row.Step.Action)?.TotalSeconds, true),
        new TextColumn<StepRow>("reason", "why, in the planner's words", row => row.Step.Action.Reason),
        new TextColumn<StepRow>("outcome", "`done`, `refused`, `must_wait` or `account_lost`",
            row => row.Step.Outcome.Word),
        new NumberColumn<StepRow>("error_code", "the code of Telegram's error, if it said no",
            row => row.Step.Outcome.Error?.Code, true),
        new TextColumn<StepRow>("error_message", "its text, such as `FLOOD_WAIT_30`",
            row => row.Step.Outcome.Error?.Message, true),
        new NumberColumn<StepRow>("posts_read", "how many unread posts were looked at; 0 for other actions",
            row => (row.Step.Outcome as Outcome.Done)?.PostsRead ?? 0),
        new TimeColumn<StepRow>("wait_until", "of `must_wait`: before then Telegram wants nothing",
            row => (row.Step.Outcome as Outcome.MustWait)?.Until, true),
        new TimeColumn<StepRow>("started_at", "when it began, the wait before it over", row => row.Step.StartedAt),
        new TimeColumn<StepRow>("ended_at", "when it ended", row => row.Step.EndedAt));

    /// <summary>The history.</summary>
    public static Table<ActionRow> History { get; } = new("history",
        "An action that was done, whoever wrote it, in the order of `id`.",
        new NumberColumn<ActionRow>("id", "its number, which rises", row => row.Id),
        new TextColumn<ActionRow>("session_id", "whose", row => row.Session),
        new TextColumn<ActionRow>("action",
            "`join_channel`, `read_messages` or `idle`; other programs may have written other words",
            row => row.Action),
        new TextColumn<ActionRow>("channel", "such as `@durov`; none if `data` names none that can be",
            row => row.Channel, true),
        new NumberColumn<ActionRow>("duration_seconds", "how long it took, if `data` says so",
            row => row.DurationSeconds, true),
        new TextColumn<ActionRow>("reason", "why, if `data` says so", row => row.Reason, true),
        new TextColumn<ActionRow>("data", "`action_data` as it is stored, usually JSON", row => row.Data, true),
        new TimeColumn<ActionRow>("done_at", "when; none if another program wrote what is no time",
            row => row.At, true));

    /// <summary>The memberships.</summary>
    public static Table<MembershipRow> Memberships { get; } = new("memberships",
        "A channel that a session follows, in the order of the sessions' names.",
        new TextColumn<MembershipRow>("session_id", "who", row => row.Session),
        new TextColumn<MembershipRow>("channel", "what", row => row.Channel.Value),
        new TimeColumn<MembershipRow>("joined_at", "since when", row => row.JoinedAt),
        new TimeColumn<MembershipRow>("last_read_at", "when it last read there; none if never",
            row => row.LastReadAt, true));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ITable> All { get; } = [Sessions, Sittings, Steps, History, Memberships];
}

/// <summary>A sitting without its plan and its steps, of which many are kept at once.</summary>
internal readonly record struct SittingRow(
    RunId Id, SessionId Session, int Sitting, PlanOrigin Origin, RunStatus Status, RunEnd? End, int Planned, int Done,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public static SittingRow Of(RunRecord run) => new(
        run.Id, run.Session, run.Sitting, run.Plan.Origin, run.Status, run.End, run.Plan.Actions.Count,
        run.Steps.Count(step => step.IsDone), run.StartedAt, run.EndedAt);
}

/// <summary>A step, and whose it is.</summary>
internal readonly record struct StepRow(RunId Run, SessionId Session, int Sitting, Step Step);
