using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// What writes runs: their beginning, their steps, their end. Each is performed inside a transaction.
/// </summary>
internal static class RunWrites
{
    private const string OpenRun = "SELECT run_id FROM runs WHERE session_id = ?1 AND ended_at IS NULL";
    private const string Begun = "SELECT begun FROM sittings WHERE session_id = ?1";

    private const string SetBegun = """
        INSERT INTO sittings (session_id, begun) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET begun = excluded.begun
        """;

    private const string HasStep = "SELECT EXISTS (SELECT 1 FROM steps WHERE run = ?1 AND step = ?2)";

    private const string InsertHistory =
        "INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES (?1, ?2, ?3, ?4)";

    private const string HeldRun =
        "SELECT number, plan FROM runs WHERE run_id = ?1 AND owner = ?2 AND epoch = ?3 AND ended_at IS NULL";

    private const string SetEnd = """
        UPDATE runs SET status = ?4, end_code = ?5, end_detail = ?6, ended_at = ?7
        WHERE run_id = ?1 AND owner = ?2 AND epoch = ?3 AND ended_at IS NULL
        """;

    private const string IsNewestHold =
        "SELECT EXISTS (SELECT 1 FROM runs WHERE run_id = ?1 AND owner = ?2 AND epoch = ?3)";

    /// <summary>How many sittings of a session began.</summary>
    public static int SittingsOf(SqliteDatabase db, string session) => (int)db[Begun].Bind(1, session).Number();

    public static Beginning Begin(SqliteDatabase db, RunRecord run, long owner)
    {
        if (OpenRunOf(db, run.Session) is { } open) return Beginning.AlreadyRunning(open);
        if (SittingsOf(db, run.Session.Value) != run.Sitting - 1) return Beginning.Stale;
        if (!RunRows.Insert(db, run, owner)) throw new StoreException($"The run {run.Id} is there already.");
        db[SetBegun].Bind(1, run.Session.Value).Bind(2, run.Sitting).Run();
        return Beginning.Begun(new Hold(run.Id, run.Session, owner, RunRows.FirstEpoch));
    }

    public static bool Remember(SqliteDatabase db, Hold hold, Step step)
    {
        var held = db[HeldRun].Bind(hold);
        try
        {
            if (!held.Step()) return false;
            RememberIn(db, held.Int64(0), held.Bytes(1), hold, step);
            return true;
        }
        finally
        {
            held.Reset();
        }
    }

    private static void RememberIn(
        SqliteDatabase db, long run, ReadOnlySpan<byte> plan, Hold hold, Step step)
    {
        if (db[HasStep].Bind(1, run).Bind(2, step.Number).Number() != 0)
            throw new StoreException($"Step {step.Number} of the run {hold.Run} is remembered already.");
        var action = PythonJson.Of(step.Action);
        RunRows.Insert(db, run, step, plan, action);
        if (step.IsDone) RememberDone(db, hold.Session, step, action);
    }

    public static bool End(SqliteDatabase db, Hold hold, RunEnd end, DateTimeOffset at) =>
        db[SetEnd].Bind(hold).Bind(4, end.Status.Word()).Bind(5, end.Code).Bind(6, end.Detail).Bind(7, at).Run() > 0
        || db[IsNewestHold].Bind(hold).Number() != 0;

    private static SqliteStatement Bind(this SqliteStatement statement, Hold hold) =>
        statement.Bind(1, hold.Run.ToString()).Bind(2, hold.Owner).Bind(3, hold.Epoch);

    public static RunId? OpenRunOf(SqliteDatabase db, SessionId session)
    {
        var open = db[OpenRun].Bind(1, session.Value);
        var found = open.Step() && RunId.TryParse(open.Text(0), out var run) ? run : default(RunId?);
        open.Reset();
        return found;
    }

    private static void RememberDone(SqliteDatabase db, SessionId session, Step step, ReadOnlySpan<byte> action)
    {
        db[InsertHistory].Bind(1, session.Value).Bind(2, step.Action.Kind).Bind(3, action).Bind(4, step.EndedAt).Run();
        var name = SqliteValue.Of(session.Value);
        if (step.Action is JoinChannel join) Memberships.Join(db, name, join.Channel, step.EndedAt);
        if (step.Action is ReadMessages read) Memberships.ReadNow(db, name, read.Channel, step.EndedAt);
    }
}
