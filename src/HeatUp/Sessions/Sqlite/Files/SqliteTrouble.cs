using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>What is wrong with the database, in one line for people: which file, what, and what to do.</summary>
internal static class SqliteTrouble
{
    /// <summary>Refuses a path that can't hold a database, before SQLite says something less clear.</summary>
    /// <exception cref="StoreException">It can't.</exception>
    public static void CheckPlace(SqliteFile file)
    {
        if (Directory.Exists(file.FullPath)) throw Of(file.Path, "is a folder", "Name a file in it.");
        var folder = Path.GetDirectoryName(file.FullPath);
        if (!Directory.Exists(folder))
            throw Of(file.Path, $"lies in the folder {folder}, which does not exist",
                "Make the folder, or name another file.");
    }

    public static StoreException Newer(string path, long version) => Of(path,
        $"was written by a newer Heat Up (tables of version {version}; this one knows {SqliteSchema.Version})",
        "Use the newer program, or another file.");

    public static StoreException Foreign(string path, IEnumerable<string> columns) => Of(path,
        $"has a table session_history with other columns ({string.Join(", ", columns)})",
        "It belongs to another program: name another file.");

    public static StoreException WithoutHistory(string path, IEnumerable<string> tables) => Of(path,
        $"has no table session_history (it has {string.Join(", ", tables.Take(5))})",
        "It belongs to another program: name another file.");

    public static StoreException Empty(string path) => Of(path,
        "is an empty database, without any table", "Name one that a service or a simulation has written.");

    public static StoreException HalfMoved(string path) => Of(path,
        "is just being brought to this version, or that was interrupted",
        "Open it once to write: 'heat db init' does, and goes on with it.");

    public static StoreException WrongEncoding(string path, string encoding) => Of(path,
        $"holds its text as {encoding}", "Only UTF-8 is read: dump it into a new file with the sqlite3 tool.");

    public static StoreException NoWal(string path) => Of(path,
        "is on a file system without write-ahead logging", "Put it on a local disk.");

    public static StoreException OfAnotherTelegram(string path, string telegram, string wanted) => new(
        $"DATABASE_PATH={path} holds sittings of TELEGRAM_MODE={telegram}, whose memberships are not those of "
        + $"TELEGRAM_MODE={wanted}: set DATABASE_PATH to a file of its own for {wanted}.");

    public static StoreException Gone(string path) => Of(path,
        "was removed while it was in use: nothing is accepted", "Put it back, or stop and start anew.");

    public static StoreException Replaced(string path) => Of(path,
        "was replaced by another file while it was in use: nothing is accepted",
        "Restart, to go on with the one that is there now.");

    /// <summary>The same, and where what this process had written is kept.</summary>
    public static StoreException Rescued(StoreException loss, string copy) => new(
        $"{loss.Message} All that was remembered until then is in {copy}.", loss);

    /// <summary>The same, and that what this process had written is lost when it ends.</summary>
    public static StoreException NotRescued(StoreException loss, StoreException failure) => new(
        $"{loss.Message} What was remembered until then can't be saved: {failure.Message}", loss);

    public static StoreException Closed(string path) =>
        Of(path, "is closed", "The program is stopping: try again after its start.");

    public static StoreException NoOwnerFile(string path, string ownerFile, Exception failure) => Of(path,
        $"can't be used for sittings: the file {ownerFile} can't be made: {FileTrouble.Of(failure).TrimEnd('.')}",
        "See that the folder may be written and the disk is not full.", failure);

    public static StoreException Fault(string path, Exception fault) =>
        new($"DATABASE_PATH={path}: a fault in Heat Up: {OneLine(fault.Message)}", fault);

    public static StoreException WriterDied(string path, Exception fault) => Of(path,
        $"is not written any more, because the program failed: {OneLine(fault.Message).TrimEnd('.')}",
        "Restart the program; what was answered as remembered is there.", fault);

    /// <summary>SQLite's failure as ours.</summary>
    public static StoreException Explain(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => Of(path, "can't grow: the disk is full",
            "Free some space; the service goes on by itself.", failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Of(path,
            $"was locked by another process for more than {SqliteFile.BusyMax.TotalSeconds} s",
            "Find out which program holds it and end that, or wait.", failure),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => Of(
            path, "can't be written: it, a file beside it (-wal, -shm) or its folder is read-only",
            "Give this user the right to write them.", failure),
        raw.SQLITE_CANTOPEN => Of(path, "can't be opened",
            "See that this user may read and write the file and its folder.", failure),
        raw.SQLITE_NOTADB => Of(
            path, "is not an SQLite database", "Name another file, or move this one away.", failure),
        raw.SQLITE_CORRUPT => Of(path, "is damaged",
            "Restore a backup, or rescue what is left with the sqlite3 tool's .recover.", failure),
        raw.SQLITE_IOERR => Of(path, $"could not be read or written ({OneLine(failure.Message)})",
            "See that the disk is sound, present and not full.", failure),
        _ => Of(path, $"failed ({OneLine(failure.Message)})", "See the log.", failure),
    };

    /// <summary>Whether the disk had no room.</summary>
    public static bool IsFull(StoreException? failure) =>
        failure?.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_FULL };

    /// <summary>Whether a failure is of the file, and not of the one write that met it.</summary>
    public static bool IsOfTheFile(SqliteException failure) => failure.SqliteErrorCode is not
        (raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE or raw.SQLITE_ERROR);

    private static StoreException Of(string path, string what, string advice, Exception? inner = null) =>
        new($"DATABASE_PATH={path} {what}. {advice}", inner);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
