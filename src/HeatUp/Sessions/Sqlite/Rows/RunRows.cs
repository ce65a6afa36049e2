using System.Globalization;
using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions.Archive;

namespace HeatUp.Sessions.Sqlite;

/// <summary>Runs and their steps: the statements.</summary>
internal static class RunRows
{
    /// <summary>The epoch of a run that has only had the owner that began it; the column's default.</summary>
    public const long FirstEpoch = 1;

    private const string Columns = """
        run_id, session_id, sitting, planner, fallback_reason, plan, tokens_in, tokens_out, tokens_cached,
        status, end_code, end_detail, started_at, ended_at
        """;

    private const string InsertRun = $"""
        INSERT INTO runs ({Columns}, owner)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (run_id) DO NOTHING
        """;

    private const string InsertStep = """
        INSERT INTO steps (
            run, step, action, outcome, error_code, error_message, posts_read, wait_until, started_at, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    // As nearly all are, and several times as fast.
    private const string InsertDone = """
        INSERT INTO steps (run, step, outcome, posts_read, started_at, ended_at) VALUES (?1, ?2, 'done', ?3, ?4, ?5)
        """;

    private const string Find = $"SELECT {Columns}, number FROM runs WHERE run_id = ?1";
    private const string Ended = $"""
        SELECT {Columns}, number FROM runs WHERE ended_at IS NOT NULL AND number > ?1 ORDER BY number LIMIT ?2
        """;

    private const string Begun = $"""
        SELECT {Columns}, number FROM runs WHERE number > ?1 AND started_at >= ?2 ORDER BY number LIMIT ?3
        """;

    private const string NewestOf = $"""
        SELECT {Columns}, number FROM runs WHERE session_id = ?1 AND sitting < ?2 ORDER BY sitting DESC LIMIT ?3
        """;

    // In an order that only the index of open runs can be sorted into: the table's own order would be walked through.
    private const string Unended = $"""
        SELECT {Columns}, number FROM runs WHERE ended_at IS NULL ORDER BY +number DESC LIMIT ?1
        """;

    private const string StepsOf = """
        SELECT step, action, outcome, error_code, error_message, posts_read, wait_until, started_at, ended_at
        FROM steps WHERE run = ?1 ORDER BY step
        """;

    /// <summary>Writes a run without its steps; false if it is there already.</summary>
    public static bool Insert(SqliteDatabase db, RunRecord run, long owner)
    {
        var tokens = run.Plan.Origin.Tokens;
        return db[InsertRun]
            .Bind(1, run.Id.ToString()).Bind(2, run.Session.Value).Bind(3, run.Sitting)
            .Bind(4, run.Plan.Origin.Planner.Word())
            .Bind(5, run.Plan.Origin.FallbackReason)
            .Bind(6, PythonJson.Of(run.Plan.Actions))
            .Bind(7, tokens.Input).Bind(8, tokens.Output).Bind(9, tokens.Cached)
            .Bind(10, run.Status.Word()).Bind(11, run.End?.Code).Bind(12, run.End?.Detail)
            .Bind(13, run.StartedAt).Bind(14, run.EndedAt).Bind(15, owner)
            .Run() > 0;
    }

    /// <summary>Writes a step of the run of this number.</summary>
    /// <param name="db">Where.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="step">The step.</param>
    /// <param name="plan">The run's plan as it is stored.</param>
    /// <param name="action">The step's action as it would be stored; it is, if the plan has another.</param>
    public static void Insert(
        SqliteDatabase db, long run, Step step, ReadOnlySpan<byte> plan, ReadOnlySpan<byte> action) =>
        Insert(db, run, step.Number, step.Outcome, ActionAt(plan, step.Number).SequenceEqual(action) ? default : action,
            step.StartedAt, step.EndedAt);

    /// <summary>Writes a step of the run of this number; its action is that of the plan if none is given.</summary>
    public static void Insert(
        SqliteDatabase db, long run, int number, Outcome outcome, ReadOnlySpan<byte> action,
        DateTimeOffset startedAt, DateTimeOffset endedAt)
    {
        if (action.IsEmpty && outcome is Outcome.Done done)
        {
            db[InsertDone].Bind(1, run).Bind(2, number).Bind(3, done.PostsRead)
                .Bind(4, StoredTime.Micros(startedAt)).Bind(5, StoredTime.Micros(endedAt)).Run();
            return;
        }
        var insert = db[InsertStep].Bind(1, run).Bind(2, number)
            .Bind(4, outcome.Word).Bind(6, outcome.Error?.Message)
            .Bind(7, (outcome as Outcome.Done)?.PostsRead ?? 0)
            .Bind(9, StoredTime.Micros(startedAt)).Bind(10, StoredTime.Micros(endedAt));
        if (action.IsEmpty) insert.BindNull(3);
        else insert.Bind(3, action);
        if (outcome.Error is { } error) insert.Bind(5, error.Code);
        else insert.BindNull(5);
        if (outcome is Outcome.MustWait wait) insert.Bind(8, StoredTime.Micros(wait.Until));
        else insert.BindNull(8);
        insert.Run();
    }

    /// <summary>The text of an action in a plan's, by its number; the first is 1. Empty if there is none.</summary>
    private static ReadOnlySpan<byte> ActionAt(ReadOnlySpan<byte> plan, int number)
    {
        try
        {
            var json = new Utf8JsonReader(plan);
            json.Read();
            for (var at = 1; json.Read() && json.TokenType == JsonTokenType.StartObject; at++)
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                if (at == number) return plan[start..(int)json.BytesConsumed];
            }
        }
        catch (JsonException) { /* Somebody changed it by hand: the step says itself what was done. */ }
        return default;
    }

    public static RunRecord? FindIn(SqliteDatabase db, RunId run) =>
        Read(db, db[Find].Bind(1, run.ToString())).FirstOrDefault();

    /// <summary>A session's runs before a sitting, the newest first.</summary>
    public static IReadOnlyList<RunRecord> Of(SqliteDatabase db, SessionId session, int? before, int most) =>
        Read(db, db[NewestOf].Bind(1, session.Value).Bind(2, before ?? int.MaxValue).Bind(3, most));

    /// <summary>Open runs, the newest first.</summary>
    public static IReadOnlyList<RunRecord> Open(SqliteDatabase db, int most) => Read(db, db[Unended].Bind(1, most));

    /// <summary>
    /// Ended runs in the order of their numbers, from after <paramref name="number"/> on, which becomes that of the
    /// last; in place of one that can't be read, why.
    /// </summary>
    public static List<ArchiveRecord> EndedAfter(SqliteDatabase db, ref long number, int most) =>
        ReadOrExplain(db, db[Ended].Bind(1, number).Bind(2, most), ref number);

    private static List<ArchiveRecord> ReadOrExplain(SqliteDatabase db, SqliteStatement rows, ref long number)
    {
        var runs = new List<ArchiveRecord>();
        try
        {
            while (rows.Step())
            {
                number = rows.Int64(14);
                runs.Add(ReadOrExplain(db, rows));
            }
        }
        finally
        {
            rows.Reset();
        }
        return runs;
    }

    private static ArchiveRecord ReadOrExplain(SqliteDatabase db, SqliteStatement row)
    {
        try { return new ArchiveRecord.Ran(ReadRun(db, row)); }
        catch (StoreException odd) { return new ArchiveRecord.Unreadable(odd.Message); }
    }

    /// <summary>
    /// Runs that began since a time, open ones included, in the order of their numbers, from after <paramref
    /// name="number"/> on, which becomes that of the last; in place of one that can't be read, why.
    /// </summary>
    public static List<ArchiveRecord> Since(SqliteDatabase db, ref long number, DateTimeOffset since, int most) =>
        ReadOrExplain(db, db[Begun].Bind(1, number).Bind(2, since).Bind(3, most), ref number);

    private static List<RunRecord> Read(SqliteDatabase db, SqliteStatement rows)
    {
        var runs = new List<RunRecord>();
        try
        {
            while (rows.Step()) runs.Add(ReadRun(db, rows));
        }
        finally
        {
            rows.Reset();
        }
        return runs;
    }

    private static RunRecord ReadRun(SqliteDatabase db, SqliteStatement row)
    {
        try
        {
            var tokens = new TokenUsage(row.Int64(6), row.Int64(7), row.Int64(8));
            var planner = row.Text(3) == "llm" ? PlannerKind.Llm : PlannerKind.Builtin;
            var origin = new PlanOrigin(planner, row.Text(4), tokens);
            var status = Enum.Parse<RunStatus>(row.Text(9)!, ignoreCase: true);
            var ended = row.Time(13);
            var plan = new Plan(StoredRun.ActionsOf(row.Bytes(5)), origin);
            return new RunRecord(
                StoredRun.IdOf(row.Text(0)), SessionId.Parse(row.Text(1)!), (int)row.Int64(2),
                plan, TimeOf(row, 12), ReadSteps(db, row.Int64(14), plan),
                ended is null ? null : new RunEnd(status, row.Text(10), row.Text(11)), ended);
        }
        catch (Exception odd) when (StoredRun.IsOdd(odd))
        {
            throw StoredRun.Unreadable(row.Text(0), odd);
        }
    }

    private static List<Step> ReadSteps(SqliteDatabase db, long run, Plan plan)
    {
        var rows = db[StepsOf].Bind(1, run);
        var steps = new List<Step>();
        try
        {
            while (rows.Step())
            {
                var number = (int)rows.Int64(0);
                var action = rows.IsNull(1) ? plan.Actions[number - 1] : StoredRun.ActionOf(rows.Bytes(1));
                steps.Add(new Step(number, action, OutcomeOf(rows), MomentOf(rows, 7), MomentOf(rows, 8)));
            }
        }
        finally
        {
            rows.Reset();
        }
        return steps;
    }

    private static Outcome OutcomeOf(SqliteStatement row) => OutcomeWords.Read(
        row.Text(2), new TelegramError((int)row.Int64(3), row.Text(4) ?? ""), (int)row.Int64(5),
        row.IsNull(6) ? null : MomentOf(row, 6));

    // A database that is only looked at may be of an earlier version, whose times are text.
    private static DateTimeOffset MomentOf(SqliteStatement row, int column) =>
        row.IsInteger(column) ? StoredTime.OfMicros(row.Int64(column)) : TimeOf(row, column);

    private static DateTimeOffset TimeOf(SqliteStatement row, int column) =>
        row.Time(column) ?? throw new FormatException($"'{row.Text(column)}' is not a time.");
}
