using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// A copy of the database while it is in use, by SQLite's online backup: one snapshot, whole or not at all.
/// </summary>
internal static class SqliteBackup
{
    private const int PagesAtOnce = 1_024;

    /// <summary>Copies the database into a new file, which gets its name only when it is whole.</summary>
    public static void Copy(SqliteFile from, string to, bool overwrite, CancellationToken cancellation)
    {
        if (Directory.Exists(to))
            throw new StoreException($"The backup can't be written: {to} is a folder. Name a file in it.");
        if (!overwrite && File.Exists(to))
            throw new StoreException(
                $"The backup was not written: {to} exists. Name another file, or say that it may be replaced.");
        if (SqliteFile.Resolve(to) == from.FullPath)
            throw new StoreException($"The backup was not written: {to} is the database itself. Name another file.");
        using var source = from.OpenReader();
        Write(source, to, overwrite, cancellation);
    }

    /// <summary>Copies what a connection sees into a new file, whatever lies where its database was.</summary>
    /// <exception cref="StoreException">It can't be written.</exception>
    public static void Rescue(sqlite3 source, string to) => Write(source, to, overwrite: false, default);

    private static void Write(sqlite3 source, string to, bool overwrite, CancellationToken cancellation)
    {
        string? unfinished = null;
        try
        {
            using var file = new WholeFile(to);
            unfinished = file.Unfinished;
            Fill(source, unfinished, cancellation);
            file.Place(overwrite);
        }
        catch (SqliteException failure)
        {
            throw new StoreException($"The backup {to} could not be written "
                + $"({raw.sqlite3_errstr(failure.SqliteErrorCode).utf8_to_string()}). "
                + "See that its folder exists, may be written and has room.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup {to} could not be written: {FileTrouble.Of(failure)}", failure);
        }
        finally
        {
            if (unfinished is not null) RemoveLogs(unfinished);
        }
    }

    private static void Fill(sqlite3 source, string to, CancellationToken cancellation)
    {
        var address = new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(to), Pooling = false };
        using var target = new SqliteConnection(address.ToString());
        target.Open();
        // Without one snapshot around it, every write of others would start the copy anew.
        raw.sqlite3_exec(source, "BEGIN; SELECT count(*) FROM sqlite_schema");
        using var backup = raw.sqlite3_backup_init(target.Handle, "main", source, "main");
        var code = raw.SQLITE_OK;
        while (code == raw.SQLITE_OK)
        {
            cancellation.ThrowIfCancellationRequested();
            code = raw.sqlite3_backup_step(backup, PagesAtOnce);
        }
        raw.sqlite3_exec(source, "COMMIT");
        if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, target.Handle);
    }

    private static void RemoveLogs(string unfinished)
    {
        foreach (var path in (ReadOnlySpan<string>)
            [$"{unfinished}-journal", $"{unfinished}-wal", $"{unfinished}-shm"])
        {
            try { File.Delete(path); }
            // What failed before says more.
            catch (Exception left) when (left is IOException or UnauthorizedAccessException) { }
        }
    }
}
