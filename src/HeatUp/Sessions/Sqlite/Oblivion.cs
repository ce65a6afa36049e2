namespace HeatUp.Sessions.Sqlite;

/// <summary>Forgetting a session: the statements, performed in one transaction.</summary>
internal static class Oblivion
{
    private const string Steps = "DELETE FROM steps WHERE run IN (SELECT number FROM runs WHERE session_id = ?1)";
    private const string Runs = "DELETE FROM runs WHERE session_id = ?1";
    private const string History = "DELETE FROM session_history WHERE session_id = ?1";
    private const string Memberships = "DELETE FROM memberships WHERE session_id = ?1";
    private const string Sittings = "DELETE FROM sittings WHERE session_id = ?1";
    private const string NoChange = "UPDATE counters SET value = value";

    /// <summary>Removes all of a session; false if there was nothing.</summary>
    public static bool Forget(SqliteStatements db, string session)
    {
        var removed = 0;
        foreach (var sql in (ReadOnlySpan<string>)[Steps, Runs, History, Memberships, Sittings])
            removed += db[sql].Bind(1, session).Run();
        return removed > 0;
    }

    /// <summary>Writes without a change, to see whether writing works.</summary>
    public static bool Nothing(SqliteStatements db) => db[NoChange].Run() > 0;
}
