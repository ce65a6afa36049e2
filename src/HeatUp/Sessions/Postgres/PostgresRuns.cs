using System.Text;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions.Archive;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// Runs and their steps. Each write is one statement that names the hold it is made under, so that a late writer
/// changes nothing whatever it believes.
/// </summary>
internal static class PostgresRuns
{
    private const long FirstEpoch = 1;

    /// <summary>Serializes what decides about one session: beginning a run of it and forgetting it.</summary>
    public const string LockSession = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    private const string Columns = """
        run_id, session_id, sitting, planner, fallback_reason, plan::text, tokens_in, tokens_out, tokens_cached,
        status, end_code, end_detail, started_at, ended_at, number
        """;

    private const string Values = """
        run_id, session_id, sitting, planner, fallback_reason, plan, tokens_in, tokens_out, tokens_cached,
        status, end_code, end_detail, started_at, ended_at, owner, epoch
        """;

    // A run needs an owner that isn't gone, no other open run, and a count of sittings that its plan was made from.
    private const string BeginSql = $"""
        WITH me AS (SELECT 1 FROM owners WHERE number = $15 AND gone_at IS NULL FOR SHARE),
        busy AS (SELECT run_id, owner FROM runs WHERE session_id = $2 AND ended_at IS NULL),
        counted AS (
            INSERT INTO sittings (session_id, begun)
            SELECT $2, $3 FROM me
            WHERE NOT EXISTS (SELECT 1 FROM busy)
                AND coalesce((SELECT begun FROM sittings WHERE session_id = $2), 0) = $3 - 1
            ON CONFLICT (session_id) DO UPDATE SET begun = excluded.begun
            RETURNING begun),
        begun AS (
            INSERT INTO runs ({Values})
            SELECT $1, $2, $3, $4, $5, $6::json, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15, $16 FROM counted
            RETURNING number)
        SELECT EXISTS (SELECT 1 FROM me), (SELECT run_id FROM busy), (SELECT owner FROM busy),
            (SELECT number FROM begun)
        """;

    private const string KeepTelegram = "UPDATE heat_up SET telegram = coalesce(telegram, $1) RETURNING telegram";

    private const string EndSql = """
        UPDATE runs SET status = $4, end_code = $5, end_detail = $6, ended_at = $7
        WHERE run_id = $1 AND owner = $2 AND epoch = $3 AND ended_at IS NULL
        """;

    private const string IsNewestHold =
        "SELECT EXISTS (SELECT 1 FROM runs WHERE run_id = $1 AND owner = $2 AND epoch = $3)";

    private const string LockTakers = "SELECT pg_advisory_xact_lock(1214606708, 1)";

    private const string Orphans = """
        SELECT run_id, owner, epoch FROM runs LEFT JOIN owners ON owners.number = runs.owner
        WHERE ended_at IS NULL AND ($2::text IS NULL OR session_id = $2)
            AND (owner = $1 OR owners.number IS NULL OR gone_at IS NOT NULL)
        ORDER BY started_at, runs.number
        """;

    private const string Take = """
        UPDATE runs SET owner = $1, epoch = epoch + 1
        WHERE run_id = $2 AND owner = $3 AND epoch = $4 AND ended_at IS NULL
        """;

    private const string CloseUnreadable = """
        UPDATE runs SET status = 'interrupted', end_code = $2, end_detail = $3, ended_at = started_at
        WHERE run_id = $1 AND ended_at IS NULL
        """;

    private const string StepsOf = """
        SELECT step, coalesce(action::text, plan->>(step - 1)), outcome, error_code, error_message, posts_read,
            wait_until, steps.started_at, steps.ended_at
        FROM steps JOIN runs ON runs.number = steps.run WHERE run = $1 ORDER BY step
        """;

    private const string Import = $"""
        INSERT INTO runs ({Values}) VALUES
            ($1, $2, $3, $4, $5, $6::json, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15, $16)
        ON CONFLICT (run_id) DO NOTHING RETURNING number
        """;

    private const string ImportStep = """
        INSERT INTO steps (run, step, action, outcome, error_code, error_message, posts_read, wait_until, started_at,
            ended_at)
        SELECT $1, $2, nullif($3, plan->>($2 - 1))::json, $4, $5::integer, $6, $7, $8::timestamptz, $9, $10
        FROM runs WHERE number = $1
        """;

    /// <summary>
    /// Begins a run; null if its owner is gone, and another must be made first. The first run of all says which
    /// Telegram the memory is of. Where that was tried before and not answered, it may have begun already.
    /// </summary>
    public static async Task<Beginning?> BeginAsync(
        PostgresDatabase database, RunRecord run, long owner, string? telegram, bool isAgain,
        CancellationToken cancellation)
    {
        try
        {
            return await database.InTransactionAsync(async connection =>
            {
                await connection.RunAsync(LockSession, cancellation, run.Session.Value);
                var beginning = await BeginAsync(connection, run, owner, isAgain, cancellation);
                if (telegram is null || beginning?.Kind != BeginningKind.Begun) return beginning;
                var kept = await connection.ScalarAsync<string>(KeepTelegram, cancellation, telegram);
                return kept == telegram
                    ? beginning
                    : throw PostgresTrouble.OfAnotherTelegram(database.Place, kept!, telegram);
            }, cancellation);
        }
        catch (StoreException failure) when (failure.InnerException
            is PostgresException { ConstraintName: "runs_by_id" })
        {
            throw new StoreException($"The run {run.Id} is there already.", failure);
        }
    }

    private static async Task<Beginning?> BeginAsync(
        NpgsqlConnection connection, RunRecord run, long owner, bool isAgain, CancellationToken cancellation)
    {
        var (isOwner, busy, busyOwner, isBegun) = (await connection.RowsAsync(BeginSql,
            row => (row.GetBoolean(0), row.Text(1), row.IsDBNull(2) ? 0 : row.GetInt64(2), !row.IsDBNull(3)),
            cancellation, ValuesOf(run, owner)))[0];
        if (isBegun) return Beginning.Begun(new Hold(run.Id, run.Session, owner, FirstEpoch));
        if (RunId.TryParse(busy, out var running))
            return isAgain && running == run.Id
                ? Beginning.Begun(new Hold(run.Id, run.Session, busyOwner, FirstEpoch))
                : Beginning.AlreadyRunning(running);
        return isOwner ? Beginning.Stale : null;
    }

    public static Task<bool> EndAsync(PostgresDatabase database, Hold hold, RunEnd end, DateTimeOffset at) =>
        database.OnAsync(async connection =>
            await connection.RunAsync(EndSql, default, hold.Run.ToString(), hold.Owner, hold.Epoch, end.Status.Word(),
                end.Code, end.Detail, at) > 0
            || await connection.ScalarAsync<bool>(
                IsNewestHold, default, hold.Run.ToString(), hold.Owner, hold.Epoch), default);

    public static Task<RunRecord?> FindAsync(
        PostgresDatabase database, RunId run, CancellationToken cancellation) => database.InSnapshotAsync(
            connection => FindAsync(connection, run, cancellation), cancellation);

    /// <summary>
    /// Takes over what nobody goes on with. Takers come one after the other, and each run still goes by
    /// compare-and-set: its owner may have come back meanwhile.
    /// </summary>
    public static async Task<IReadOnlyList<TakenRun>> TakeOverAsync(
        PostgresDatabase database, TakeOver which, long owner, CancellationToken cancellation)
    {
        // Mostly there is none, and then nobody waits for the lock.
        if ((await database.ReadAsync(OrphansAsync, cancellation)).Count == 0) return [];
        return await database.InTransactionAsync<IReadOnlyList<TakenRun>>(async connection =>
        {
            await connection.RunAsync(LockTakers, cancellation);
            var taken = new List<TakenRun>();
            foreach (var orphan in await OrphansAsync(connection))
            {
                if (taken.Count == which.Most) break;
                if (await TakeAsync(connection, orphan, owner, cancellation) is { } mine) taken.Add(mine);
            }
            return taken;
        }, cancellation);

        async Task<List<Orphan>> OrphansAsync(NpgsqlConnection connection)
        {
            var orphans = await connection.RowsAsync(
                Orphans, row => new Orphan(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
                cancellation, owner, which.Session?.Value);
            orphans.RemoveAll(orphan => !RunId.TryParse(orphan.Run, out var run)
                || orphan.Owner == owner && which.IsHeld(run));
            return orphans;
        }
    }

    private static async Task<TakenRun?> TakeAsync(
        NpgsqlConnection connection, Orphan orphan, long owner, CancellationToken cancellation)
    {
        var run = StoredRun.IdOf(orphan.Run);
        try
        {
            if (await connection.RunAsync(Take, cancellation, owner, orphan.Run, orphan.Owner, orphan.Epoch) == 0)
                return null;
            var found = (await FindAsync(connection, run, cancellation))!;
            return new TakenRun(found, new Hold(run, found.Session, owner, orphan.Epoch + 1));
        }
        catch (StoreException unreadable)
        {
            // One odd row must not keep the others from going on, nor its own session from ever sitting again.
            await connection.RunAsync(
                CloseUnreadable, cancellation, orphan.Run, EndCode.Unreadable, unreadable.Message);
            return null;
        }
    }

    /// <summary>Writes an ended run of an archive; false if it is there already.</summary>
    public static async Task<bool> AddAsync(NpgsqlConnection connection, RunRecord run, CancellationToken cancellation)
    {
        var number = await connection.ScalarAsync<long>(Import, cancellation, ValuesOf(run, owner: 0));
        if (number == 0) return false;
        foreach (var step in run.Steps)
            await connection.RunAsync(ImportStep, cancellation, number, step.Number, Json(PythonJson.Of(step.Action)),
                step.Outcome.Word, step.Outcome.Error?.Code, step.Outcome.Error?.Message, PostsIn(step.Outcome),
                WaitIn(step.Outcome), step.StartedAt, step.EndedAt);
        return true;
    }

    /// <summary>Ended runs in the order of their numbers, from after one on; in place of one that can't be read, why.
    /// </summary>
    public static async Task<(List<ArchiveRecord> Runs, long Last)> EndedAfterAsync(
        NpgsqlConnection connection, long after, int most, CancellationToken cancellation)
    {
        var rows = await connection.RowsAsync(
            $"SELECT {Columns} FROM runs WHERE ended_at IS NOT NULL AND number > $1 ORDER BY number LIMIT $2",
            RunRow.Of, cancellation, after, most);
        return await ReadOrExplainAsync(connection, rows, after, cancellation);
    }

    /// <summary>
    /// The runs that began since a time, open ones included, in the order of their numbers, from after one on; in place
    /// of one that can't be read, why.
    /// </summary>
    public static async Task<(List<ArchiveRecord> Runs, long Last)> SinceAsync(
        NpgsqlConnection connection, DateTimeOffset since, long after, int most)
    {
        var rows = await connection.RowsAsync(
            $"SELECT {Columns} FROM runs WHERE started_at >= $1 AND number > $2 ORDER BY number LIMIT $3",
            RunRow.Of, default, since, after, most);
        return await ReadOrExplainAsync(connection, rows, after, default);
    }

    private static async Task<(List<ArchiveRecord> Runs, long Last)> ReadOrExplainAsync(
        NpgsqlConnection connection, List<RunRow> rows, long after, CancellationToken cancellation)
    {
        var runs = new List<ArchiveRecord>(rows.Count);
        foreach (var row in rows)
        {
            try { runs.Add(new ArchiveRecord.Ran(await ReadAsync(connection, row, cancellation))); }
            catch (StoreException odd) { runs.Add(new ArchiveRecord.Unreadable(odd.Message)); }
        }
        return (runs, rows.Count > 0 ? rows[^1].Number : after);
    }

    /// <summary>A session's runs before a sitting, the newest first.</summary>
    public static Task<IReadOnlyList<RunRecord>> OfAsync(
        PostgresDatabase database, SessionId session, int? before, int most, CancellationToken cancellation) =>
        ReadAsync(database, "WHERE session_id = $1 AND sitting < $2 ORDER BY sitting DESC LIMIT $3", cancellation,
            session.Value, before ?? int.MaxValue, most);

    /// <summary>Open runs, the newest first.</summary>
    public static Task<IReadOnlyList<RunRecord>> OpenAsync(
        PostgresDatabase database, int most, CancellationToken cancellation) =>
        ReadAsync(database, "WHERE ended_at IS NULL ORDER BY number + 0 DESC LIMIT $1", cancellation, most);

    private static Task<IReadOnlyList<RunRecord>> ReadAsync(
        PostgresDatabase database, string which, CancellationToken cancellation, params object[] values) =>
        database.InSnapshotAsync<IReadOnlyList<RunRecord>>(async connection =>
        {
            var rows = await connection.RowsAsync(
                $"SELECT {Columns} FROM runs {which}", RunRow.Of, cancellation, values);
            var runs = new List<RunRecord>(rows.Count);
            foreach (var row in rows) runs.Add(await ReadAsync(connection, row, cancellation));
            return runs;
        }, cancellation);

    private static async Task<RunRecord?> FindAsync(
        NpgsqlConnection connection, RunId run, CancellationToken cancellation)
    {
        var rows = await connection.RowsAsync(
            $"SELECT {Columns} FROM runs WHERE run_id = $1", RunRow.Of, cancellation, run.ToString());
        return rows.Count == 0 ? null : await ReadAsync(connection, rows[0], cancellation);
    }

    private static async Task<RunRecord> ReadAsync(
        NpgsqlConnection connection, RunRow row, CancellationToken cancellation)
    {
        try
        {
            var steps = await connection.RowsAsync(StepsOf, ReadStep, cancellation, row.Number);
            var planner = row.Planner == "llm" ? PlannerKind.Llm : PlannerKind.Builtin;
            var status = Enum.Parse<RunStatus>(row.Status, ignoreCase: true);
            return new RunRecord(
                StoredRun.IdOf(row.Run), SessionId.Parse(row.Session), row.Sitting,
                new Plan(StoredRun.ActionsOf(row.Plan), new PlanOrigin(planner, row.FallbackReason, row.Tokens)),
                row.StartedAt, steps, row.EndedAt is null ? null : new RunEnd(status, row.EndCode, row.EndDetail),
                row.EndedAt);
        }
        catch (Exception odd) when (StoredRun.IsOdd(odd))
        {
            throw StoredRun.Unreadable(row.Run, odd);
        }
    }

    private static Step ReadStep(NpgsqlDataReader row) => new(
        row.GetInt32(0), StoredRun.ActionOf(Encoding.UTF8.GetBytes(row.GetString(1))),
        OutcomeWords.Read(row.Text(2), new TelegramError(row.IsDBNull(3) ? 0 : row.GetInt32(3), row.Text(4) ?? ""),
            row.GetInt32(5), row.Time(6)),
        row.Time(7)!.Value, row.Time(8)!.Value);

    private static object?[] ValuesOf(RunRecord run, long owner)
    {
        var (origin, tokens) = (run.Plan.Origin, run.Plan.Origin.Tokens);
        return
        [
            run.Id.ToString(), run.Session.Value, run.Sitting, origin.Planner.Word(), origin.FallbackReason,
            Json(PythonJson.Of(run.Plan.Actions)), tokens.Input, tokens.Output, tokens.Cached, run.Status.Word(),
            run.End?.Code, run.End?.Detail, run.StartedAt, run.EndedAt, owner, FirstEpoch,
        ];
    }

    // It is ASCII.
    internal static string Json(byte[] json) => Encoding.ASCII.GetString(json);

    internal static int PostsIn(Outcome outcome) => (outcome as Outcome.Done)?.PostsRead ?? 0;

    internal static DateTimeOffset? WaitIn(Outcome outcome) => (outcome as Outcome.MustWait)?.Until;

    private readonly record struct Orphan(string Run, long Owner, long Epoch);

    /// <summary>A row of the table of runs.</summary>
    private sealed record RunRow(
        string Run, string Session, int Sitting, string Planner, string? FallbackReason, byte[] Plan,
        TokenUsage Tokens, string Status, string? EndCode, string? EndDetail, DateTimeOffset StartedAt,
        DateTimeOffset? EndedAt, long Number)
    {
        public static RunRow Of(NpgsqlDataReader row) => new(
            row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.Text(4),
            Encoding.UTF8.GetBytes(row.GetString(5)),
            new TokenUsage(row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)), row.GetString(9), row.Text(10),
            row.Text(11), row.Time(12)!.Value, row.Time(13), row.GetInt64(14));
    }
}
