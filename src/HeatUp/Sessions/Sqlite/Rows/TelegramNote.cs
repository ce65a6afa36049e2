using HeatUp.Runs;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Which Telegram the sittings in a database visited, in a table of its own that the first of them makes: a database of
/// the Python service, or one that was only looked at, has none. A simulation's is the sandbox's.
/// </summary>
internal static class TelegramNote
{
    private const string HasTable =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'telegram'";

    private const string Table = "CREATE TABLE telegram (mode TEXT NOT NULL)";
    private const string Mode = "SELECT mode FROM telegram LIMIT 1";
    private const string Insert = "INSERT INTO telegram (mode) VALUES (?1)";

    /// <summary>Refuses a database whose sittings are another Telegram's.</summary>
    /// <exception cref="StoreException">They are.</exception>
    public static void Check(SqliteDatabase db, TelegramMode telegram, string path)
    {
        if (NotedFor(db) is { } noted && noted != telegram.Word())
            throw SqliteTrouble.OfAnotherTelegram(path, noted, telegram.Word());
    }

    /// <summary>Notes it, unless it is noted.</summary>
    public static void Keep(SqliteDatabase db, TelegramMode telegram)
    {
        if (db[HasTable].Number() == 0) db.Run(Table);
        if (NotedIn(db) is null) db[Insert].Bind(1, telegram.Word()).Run();
    }

    /// <summary>The word of the Telegram whose sittings a database holds; null if it has had none.</summary>
    public static string? NotedFor(SqliteDatabase db)
    {
        if (db[HasTable].Number() != 0 && NotedIn(db) is { } noted) return noted;
        return SqliteBulkLoad.Made(db) ? TelegramMode.Sandbox.Word() : null;
    }

    private static string? NotedIn(SqliteDatabase db)
    {
        var mode = db[Mode];
        var noted = mode.Step() ? mode.Text(0) : null;
        mode.Reset();
        return noted;
    }
}
