using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Writes that are committed together. They are first performed without savepoints, which would copy each page once
/// more; only if one fails of its own are all performed again, each in its savepoint, so that it fails alone.
/// </summary>
internal sealed class SqliteBatch(SqliteDatabase db, SqliteFile file)
{
    private readonly List<SqliteWrite> writes = new(SqliteWriter.BatchMax);
    private readonly ForeignRows foreign = new(db);

    public SqliteDatabase Db => db;

    public int Count => writes.Count;

    public bool HasSizable => writes.Exists(write => write.IsSizable);

    /// <summary>How many pages this connection has written so far.</summary>
    public int PagesWritten
    {
        get
        {
            const int cacheWrites = 9;
            raw.sqlite3_db_status(db.Handle, cacheWrites, out var pages, out _, 0);
            return pages;
        }
    }

    public void Add(SqliteWrite write) => writes.Add(write);

    /// <summary>Writes all; answers why it couldn't, or null.</summary>
    public StoreException? Commit()
    {
        try
        {
            if (!TryTogether()) EachAlone();
            return null;
        }
        catch (StoreException gone)
        {
            return RolledBack(gone);
        }
        catch (SqliteException failure)
        {
            return RolledBack(SqliteTrouble.Explain(file.Path, failure));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return RolledBack(SqliteTrouble.Fault(file.Path, fault));
        }
    }

    /// <summary>Tells all callers how it went, and forgets them.</summary>
    public void Tell(StoreException? failure)
    {
        foreach (var write in writes)
        {
            if ((failure ?? write.OwnFailure) is { } reason) write.Fail(reason);
            else write.Succeed();
        }
        writes.Clear();
    }

    private bool TryTogether()
    {
        Begin();
        try
        {
            foreach (var write in writes) write.Perform(db);
        }
        catch (Exception failure) when (IsOfOneWrite(failure))
        {
            RollBack();
            return false;
        }
        End();
        return true;
    }

    private void EachAlone()
    {
        Begin();
        foreach (var write in writes) PerformAlone(write);
        End();
    }

    private void PerformAlone(SqliteWrite write)
    {
        db.Run("SAVEPOINT alone");
        try
        {
            write.Perform(db);
        }
        catch (Exception failure) when (IsOfOneWrite(failure))
        {
            write.OwnFailure = failure as StoreException
                ?? (failure is SqliteException of
                    ? SqliteTrouble.Explain(file.Path, of)
                    : SqliteTrouble.Fault(file.Path, failure));
            db.ResetAll();
            db.Run("ROLLBACK TO alone");
        }
        db.Run("RELEASE alone");
    }

    private void Begin()
    {
        db.Run("BEGIN IMMEDIATE");
        foreign.Begin();
    }

    private void End()
    {
        foreign.CatchUp();
        // Linux lets go of a file that is in use: what is written into it then is lost with it.
        if (file.Loss() is { } loss) throw loss;
        db.Run("COMMIT");
    }

    private StoreException RolledBack(StoreException failure)
    {
        try { RollBack(); }
        catch (SqliteException) { /* The failure that came first says more. */ }
        return failure;
    }

    private void RollBack()
    {
        db.ResetAll();
        // After some failures SQLite has rolled back by itself.
        if (raw.sqlite3_get_autocommit(db.Handle) == 0) db.Run("ROLLBACK");
    }

    private static bool IsOfOneWrite(Exception failure) =>
        failure is not OutOfMemoryException && !(failure is SqliteException of && SqliteTrouble.IsOfTheFile(of));
}
