namespace HeatUp.Sessions.Sqlite;

/// <summary>Forgetting a session: the statements, performed in one transaction.</summary>
internal static class ForgetWrites
{
    /// <summary>
    /// The most rows of the history that go in the transaction that decides; the rest goes in slices after it.
    /// </summary>
    public const int RowsAtOnce = 1_000;

    private const string Newest = "SELECT max(id) FROM session_history WHERE session_id = ?1";

    private const string History = """
        DELETE FROM session_history WHERE id IN (SELECT id FROM session_history WHERE session_id = ?1 LIMIT ?2)
        """;

    private static readonly string[] Others =
    [
        "DELETE FROM steps WHERE run IN (SELECT number FROM runs WHERE session_id = ?1)",
        "DELETE FROM runs WHERE session_id = ?1",
        "DELETE FROM memberships WHERE session_id = ?1",
        "DELETE FROM sittings WHERE session_id = ?1",
        "DELETE FROM session_days WHERE session_id = ?1",
    ];

    /// <summary>
    /// Decides, and removes all of the session but, of a long history, the rest of the rows up to <c>Newest</c>. The
    /// count of sittings goes too, so that a plan made from what is forgotten is stale.
    /// </summary>
    public static (Forgetting Answer, long Newest) Forget(SqliteDatabase db, SqliteOwner owner, SessionId session)
    {
        if (owner.LivingRunIn(db, session) is { } running) return (new(ForgettingKind.Sitting, running), 0);
        var newest = db[Newest].Bind(1, session.Value).Number();
        var removed = db[History].Bind(1, session.Value).Bind(2, RowsAtOnce).Run();
        foreach (var sql in Others) removed += db[sql].Bind(1, session.Value).Run();
        return (new(removed > 0 ? ForgettingKind.Forgotten : ForgettingKind.Unknown, default), newest);
    }
}
