using HeatUp.Sessions.Archive;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Adding what comes out of an archive and isn't there yet, in one transaction. Memberships are learnt from joins.
/// </summary>
internal static class SqliteImport
{
    // A time may be spelled with or without a fraction of zeros.
    private const string Twins = """
        SELECT count(*) FROM session_history
        WHERE session_id = ?1 AND timestamp IN (?4, ?5) AND action_type = ?2
            AND CAST(action_data AS BLOB) IS CAST(?3 AS BLOB)
        """;

    private const string Insert =
        "INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES (?1, ?2, ?3, ?4)";

    private const string Follow = """
        INSERT INTO memberships (session_id, channel, joined_at, last_read_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET
            joined_at = min(joined_at, excluded.joined_at),
            last_read_at = max(ifnull(last_read_at, excluded.last_read_at), ifnull(excluded.last_read_at, last_read_at))
        WHERE excluded.joined_at < joined_at OR excluded.last_read_at > ifnull(last_read_at, '')
        """;

    private const string Sit = """
        INSERT INTO sittings (session_id, begun) VALUES (?1, ?2)
        ON CONFLICT DO UPDATE SET begun = excluded.begun WHERE excluded.begun > begun
        """;

    public static int Add(SqliteDatabase db, IReadOnlyList<Archived> records) =>
        records.Count(record => Add(db, record));

    private static bool Add(SqliteDatabase db, Archived archived) => archived.Record switch
    {
        ArchiveRecord.Action action => AddAction(db, action, archived.Occurrence),
        ArchiveRecord.Follows follows => db[Follow].Bind(1, follows.Session).Bind(2, follows.Channel.Value)
            .Bind(3, follows.JoinedAt).Bind(4, follows.LastReadAt).Run() > 0,
        ArchiveRecord.Sat sat => db[Sit].Bind(1, sat.Session).Bind(2, sat.Begun).Run() > 0,
        ArchiveRecord.Ran ran => AddRun(db, ran.Run),
        _ => false,
    };

    private static bool AddAction(SqliteDatabase db, ArchiveRecord.Action action, int occurrence)
    {
        var isTime = StoredTime.TryRead(action.Timestamp, out var time);
        var text = StoredTime.Normalized(action.Timestamp, isNull: action.Timestamp is null) ?? action.Timestamp!;
        var twins = isTime
            ? Bound(db[Twins], action).Bind(4, StoredTime.Text(time)).Bind(5, StoredTime.TextWithoutZeros(time))
            : Bound(db[Twins], action).Bind(4, text).Bind(5, text);
        if (twins.Number() >= occurrence) return false;
        Bound(db[Insert], action).Bind(4, text).Run();
        ForeignRows.Learn(db, Text(action.Session), action.Kind, action.Data, isTime ? time : null);
        return true;
    }

    private static SqliteStatement Bound(SqliteStatement statement, ArchiveRecord.Action action) =>
        statement.Bind(1, Text(action.Session)).Bind(2, Text(action.Kind)).Bind(3, Text(action.Data));

    private static SqliteValue Text(byte[]? bytes) =>
        bytes is null ? new SqliteValue(raw.SQLITE_NULL, []) : new SqliteValue(raw.SQLITE_TEXT, bytes);

    private static bool AddRun(SqliteDatabase db, RunRecord run)
    {
        if (!RunRows.Insert(db, run, owner: 0)) return false;
        var number = db["SELECT last_insert_rowid()"].Number();
        var plan = PythonJson.Of(run.Plan.Actions);
        foreach (var step in run.Steps)
        {
            RunRows.Insert(db, number, step, plan, PythonJson.Of(step.Action));
            // Its row of the history may be there already, or come later.
            db[SqliteHourMarks.MarkStep].Bind(1, StoredTime.Micros(step.EndedAt)).Run();
        }
        return true;
    }
}
