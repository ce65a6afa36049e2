using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The database of an <see cref="AccountBook"/> and what lies beside it: one reader or writer at a time, over
/// processes. Thread-safe.
/// </summary>
internal sealed class AccountDatabase(string folder, Func<byte[]> secret)
{
    /// <summary>"HtAc": says that the file is ours.</summary>
    private const int ApplicationId = 0x48744163;

    private const int Version = 1;
    private const int KeyLengthMin = 16;
    private const string TurnEnding = ".sitting.lock";
    private const string NoSuchFile = "it is no such file.";

    private static readonly string Schema = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        CREATE TABLE book (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL, seal TEXT NOT NULL);
        CREATE TABLE accounts (name TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE did (account TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
            seal TEXT NOT NULL, PRIMARY KEY (account, number)) WITHOUT ROWID;
        CREATE TABLE aside (account TEXT, number INTEGER, at TEXT, kind TEXT, seal TEXT);
        """;

    /// <summary>Lies in the folder of a login whose account is in the book: a book that is gone is missed.</summary>
    private const string KeptMark = "kept";

    /// <summary>Its seal tells keys apart, so that a wrong one isn't taken for an edit.</summary>
    private const string WhichKey = "which key";

    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly string path = Path.Combine(folder, AccountBook.FileName);
    private readonly EarlierAccounts earlier = new(folder);

    // Of the change that holds the gate.
    private readonly Dictionary<SessionId, AccountLedger> ledgers = [];
    private SqliteConnection connection = null!;
    private byte[] key = [];

    public IReadOnlyList<Account> Read() => Change(book => book);

    /// <summary>Reads, changes and, if anything is new, writes the book and the ledgers, in one transaction.</summary>
    /// <exception cref="IOException">It can't be read, believed or written: it says what to do.</exception>
    public T Change<T>(Func<List<Account>, T> change)
    {
        lock (gate)
        {
            AccountFiles.MakeFolder(folder);
            key = Key();
            try
            {
                return ChangeWithin(change);
            }
            catch (SqliteException failure)
            {
                throw AccountFiles.Unusable(path, failure.Message, failure);
            }
        }
    }

    /// <summary>An account's ledger as it is in this change.</summary>
    public AccountLedger LedgerOf(Account account)
    {
        if (ledgers.TryGetValue(account.Name, out var ledger)) return ledger;
        return ledgers[account.Name] = new AccountLedger(account, LinesOf(account.Name), key);
    }

    /// <summary>Takes an account; null if somebody has it.</summary>
    public IDisposable? Take(SessionId name)
    {
        AccountFiles.MakeFolder(folder);
        var turn = LoginOf(name) + TurnEnding;
        return AccountFiles.Use(turn, () => FileLock.TryTake(turn, isPrivate: true));
    }

    /// <summary>What stands for a user of Telegram in the book, within a change: without the key it tells nobody who it
    /// is.</summary>
    public string SealOf(long user) => SealOf($"user {user.ToString(CultureInfo.InvariantCulture)}", key);

    /// <summary>The seal of a text: whoever doesn't have the key can't make it.</summary>
    public static string SealOf(string text, byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private string LoginOf(SessionId name) => Path.Combine(folder, Uri.EscapeDataString(name.Value));

    private byte[] Key()
    {
        var given = secret();
        if (given.Length < KeyLengthMin)
            throw new IOException($"The accounts' key has {given.Length} bytes; it needs at least {KeyLengthMin}.");
        return HMACSHA256.HashData(given, "heat-up accounts"u8);
    }

    private T ChangeWithin<T>(Func<List<Account>, T> change)
    {
        using var opened = connection = Open();
        ledgers.Clear();
        using var turn = Begin();
        var book = Load(out var isTakenOver);
        var before = AccountJson.Write(book).ToJsonString();
        var answer = change(book);
        book.Sort((left, right) => string.CompareOrdinal(left.Name.Value, right.Name.Value));
        var accounts = AccountJson.Write(book);
        var text = accounts.ToJsonString();
        if (text == before && !isTakenOver) return answer;
        Write(accounts, SealOf(text, key));
        turn.Commit();
        earlier.PutAside();
        MarkLogins(book);
        return answer;
    }

    private SqliteConnection Open()
    {
        // Only if it isn't there: closing a file drops the locks that this process has on it.
        AccountFiles.Use(path, () => File.Exists(path) || AccountFiles.MakeFile(path));
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1,
        }.ToString());
        try
        {
            opened.Open();
            // EXTRA: what was committed is there also after a power cut.
            using var set = opened.CreateCommand();
            set.CommandText =
                $"PRAGMA busy_timeout = {(int)LockWithin.TotalMilliseconds}; PRAGMA synchronous = EXTRA";
            set.ExecuteNonQuery();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock of all processes. The others hold it for the time of a small write.</summary>
    private SqliteTransaction Begin()
    {
        try
        {
            return connection.BeginTransaction(deferred: false);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            throw new IOException($"{path} is held by another process for {LockWithin.TotalSeconds} seconds, and no "
                + "account does anything meanwhile. Look which 'heat' hangs, and end it.", failure);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_NOTADB)
        {
            throw Broken(NoSuchFile);
        }
    }

    private List<Account> Load(out bool isTakenOver)
    {
        isTakenOver = false;
        try
        {
            var version = Number("PRAGMA user_version");
            if (version == 0 && Number("SELECT count(*) FROM sqlite_master") == 0)
                return MakeTables(out isTakenOver);
            if (Number("PRAGMA application_id") != ApplicationId) throw Broken(NoSuchFile);
            if (version != Version)
                throw new IOException($"{path} was written by a newer version of heat, in form {version}; this one "
                    + $"knows form {Version}. No account does anything. Use the newer version.");
            var texts = Rows("SELECT account FROM accounts ORDER BY name", row => row.GetString(0));
            var (its, seal) = Rows("SELECT key, seal FROM book", row => (row.GetString(0), row.GetString(1))).Single();
            return Parse(its, seal, $"[{string.Join(',', texts)}]", path);
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidCastException
            or SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR })
        {
            throw Broken(NoSuchFile);
        }
    }

    /// <summary>Makes the tables, and takes over what an earlier version has kept in files.</summary>
    private List<Account> MakeTables(out bool isTakenOver)
    {
        Run(Schema);
        isTakenOver = earlier.IsThere;
        // Whoever removes the book doesn't begin anew with what its accounts have used up.
        if (!isTakenOver) return WasKept() ? throw Broken(SmallFile.Missing) : [];
        if (earlier.ReadBook(out var its, out var seal, out var accounts) is { } fault)
            throw Broken(fault, earlier.BookPath);
        var book = Parse(its, seal, accounts, earlier.BookPath);
        for (var i = 0; i < book.Count; i++)
        {
            var lines = earlier.LinesOf(book[i], key, out var ends);
            book[i] = book[i] with { Ledger = ends };
            foreach (var line in lines) Insert(book[i].Name, line);
        }
        return book;
    }

    private List<Account> Parse(string? its, string? seal, string accounts, string from)
    {
        if (its is not null && its != SealOf(WhichKey, key)) throw OtherKey();
        if (seal != SealOf(accounts, key)) throw Broken("it was changed.", from);
        try
        {
            return [.. JsonNode.Parse(accounts)!.AsArray().Select(account => AccountJson.Read(account!))];
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException
            or NullReferenceException)
        {
            throw Broken(NoSuchFile, from);
        }
    }

    private void Write(JsonArray accounts, string seal)
    {
        Run("DELETE FROM accounts");
        foreach (var account in accounts)
            Run("INSERT INTO accounts (name, account) VALUES ($0, $1)",
                (string)account!["name"]!, account.ToJsonString());
        Run("INSERT OR REPLACE INTO book (id, key, seal) VALUES (1, $0, $1)",
            SealOf(WhichKey, key), seal);
        foreach (var (name, ledger) in ledgers)
        {
            if (ledger.IsAnew)
            {
                Run("INSERT INTO aside (account, number, at, kind, seal) "
                    + "SELECT account, number, at, kind, seal FROM did WHERE account = $0", name.Value);
                Run("DELETE FROM did WHERE account = $0", name.Value);
            }
            if (ledger.Added.Count == 0) continue;
            foreach (var line in ledger.Added) Insert(name, line);
            Run("DELETE FROM did WHERE account = $0 AND number <= $1", name.Value, ledger.Ends.Dropped);
        }
    }

    private void Insert(SessionId name, LedgerLine line) =>
        Run("INSERT INTO did (account, number, at, kind, seal) VALUES ($0, $1, $2, $3, $4)",
            name.Value, line.Number, AccountLedger.TextOf(line.At), line.Kind, line.Seal);

    private List<LedgerLine> LinesOf(SessionId name)
    {
        try
        {
            // A time that is none is a line that was changed: its seal says so.
            return Rows("SELECT number, at, kind, seal FROM did WHERE account = $0 ORDER BY number",
                row => new LedgerLine(row.GetInt32(0), AccountLedger.TimeOf(row.GetString(1)) ?? default,
                    row.GetString(2), row.GetString(3)), name.Value);
        }
        catch (Exception failure) when (failure is InvalidOperationException or InvalidCastException)
        {
            return [];
        }
    }

    /// <summary>
    /// A login that was only begun is no account yet; one that was finished is one for as long as it lies here.
    /// </summary>
    private void MarkLogins(List<Account> book)
    {
        foreach (var account in book.Where(account => account.RemovedAt is null))
        {
            var login = LoginOf(account.Name);
            var mark = Path.Combine(login, KeptMark);
            AccountFiles.Use(mark, () =>
            {
                if (Directory.Exists(login) && !File.Exists(mark)) File.WriteAllBytes(mark, []);
                return true;
            });
        }
    }

    /// <summary>Whether anything here says that an account was used: its lock, its mark, an earlier version's ledger.
    /// </summary>
    private bool WasKept() => AccountFiles.Use(folder, () =>
        Directory.EnumerateFiles(folder, $"*{TurnEnding}").Any() || earlier.WasThere()
        || Directory.EnumerateDirectories(folder).Any(login => File.Exists(Path.Combine(login, KeptMark))));

    private long Number(string sql) => Rows(sql, row => row.GetInt64(0)).Single();

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        using var command = Command(sql, values);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read()) all.Add(read(rows));
        return all;
    }

    private void Run(string sql, params object[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (index, value) in values.Index()) command.Parameters.AddWithValue($"${index}", value);
        return command;
    }

    private IOException Broken(string fault, string? where = null) => new(
        $"The accounts' file {where ?? path} can't be believed: {fault} No account does anything until it is put back "
        + $"from a backup; or move the whole folder {folder} away and log the accounts in anew.");

    private IOException OtherKey() => new(
        $"The accounts in {folder} are sealed with another key than the one that is given now, so that no account does "
        + "anything. If TDLIB_DATABASE_KEY is set, set it to the key that the accounts were logged in with, or take it "
        + "away if they were logged in without; otherwise put database.key back from a backup.");
}
