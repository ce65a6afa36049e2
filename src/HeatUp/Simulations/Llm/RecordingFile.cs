using System.Text.Encodings.Web;
using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using SQLitePCL;

namespace HeatUp.Simulations;

/// <summary>
/// The exchanges with a language model as a run's folder keeps them: a table of an SQLite database. What is recorded
/// outlives a killed process at once, and a loss of power from <see cref="Flush"/> on. Thread-safe.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    /// <summary>The file in a run's folder.</summary>
    public const string Name = "recording.db";

    /// <summary>The version of the tables that this program writes, and the newest that it reads.</summary>
    public const int FormatNow = 2;

    /// <summary>"HtRe": says that the file is ours.</summary>
    private const int ApplicationId = 0x48745265;

    // The message with which nearly all prompts begin is long, and kept once. The index answers all that is asked of
    // costs, without a look at the texts.
    private static readonly string Schema = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {FormatNow};
        CREATE TABLE recording (model TEXT NOT NULL);
        CREATE TABLE openings (key TEXT PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE exchanges (
            number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, first_at TEXT, session_id TEXT, sitting INTEGER,
            tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,
            spent INTEGER NOT NULL, refused_at INTEGER, failure TEXT, detail TEXT, reply TEXT, reply_end TEXT,
            opening TEXT NOT NULL REFERENCES openings, messages TEXT NOT NULL);
        CREATE INDEX exchanges_cost ON exchanges (
            session_id, sitting, first_at, tokens_in, tokens_out, tokens_cached, spent, refused_at, failure);
        """;

    private const string CountOpenings = "SELECT count(*) FROM openings WHERE key = ?1";

    private const string Select = """
        SELECT reply, reply_end, tokens_in, tokens_out, tokens_cached, failure, detail, spent, refused_at
        FROM exchanges WHERE key = ?1
        """;

    private const string Insert = """
        INSERT INTO exchanges (
            key, reply, reply_end, tokens_in, tokens_out, tokens_cached, failure, detail, spent, refused_at, opening,
            messages, first_at, session_id, sitting)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """;

    private const string SetAsker = """
        UPDATE exchanges SET first_at = ?2, session_id = ?3, sitting = ?4
        WHERE key = ?1 AND (first_at IS NULL OR (first_at, session_id) > (?2, ?3))
        """;

    private const string SelectTotals = """
        SELECT sum(tokens_in), sum(tokens_out), sum(tokens_cached), sum(spent), count(*) - count(refused_at),
            count(failure) - count(refused_at), count(refused_at)
        FROM exchanges
        """;

    private const string SelectUsed =
        "SELECT sum(tokens_in), sum(tokens_out), sum(tokens_cached) FROM exchanges WHERE first_at < ?1";

    private const string SelectPaid = """
        SELECT sum(tokens_in), sum(tokens_out), sum(tokens_cached) FROM exchanges
        WHERE session_id = ?1 AND sitting = ?2
        """;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock gate = new();
    private readonly SqliteDatabase db;
    private readonly bool isReadOnly;
    private bool isClosed;
    private RecordingTotals totalsAtEnd;

    private RecordingFile(string path, SqliteConnection connection, bool isReadOnly) =>
        (Path, db, this.isReadOnly) = (path, new SqliteDatabase(connection), isReadOnly);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Whose exchanges these are; empty of one that holds nothing.</summary>
    public string Model { get; private set; } = "";

    /// <summary>What its calls come to.</summary>
    public RecordingTotals Totals
    {
        get { lock (gate) return isClosed ? totalsAtEnd : Doing("read", Sum); }
    }

    /// <summary>
    /// Opens the recording of a run's folder to record in; makes it if there is none, from that of an earlier version
    /// if there is one. Nobody else may open it meanwhile.
    /// </summary>
    /// <exception cref="RecordingException">It can't be opened, or belongs to another model.</exception>
    public static RecordingFile OpenToRecord(string runFolder, string model)
    {
        var path = System.IO.Path.Combine(runFolder, Name);
        return Open(path, path, SqliteOpenMode.ReadWriteCreate, (file, connection) =>
        {
            connection.Execute("PRAGMA locking_mode = EXCLUSIVE");
            file.Load();
            // A commit is with the system then, where a killed process can't take it along.
            connection.Execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8192");
            if (file.Model.Length == 0) file.Make(connection, EarlierRecording.PathIn(runFolder), model);
            if (file.Model != model) throw new RecordingException(
                $"{path} holds exchanges with the model '{file.Model}', and this run would ask '{model}': "
                + "go on with that model, or record into another folder.");
        });
    }

    /// <summary>Opens the recording of a run's folder to read only; nothing in the folder is changed.</summary>
    /// <exception cref="RecordingException">It can't be opened, or holds nothing.</exception>
    public static RecordingFile OpenToReplay(string runFolder)
    {
        var path = System.IO.Path.Combine(runFolder, Name);
        var earlier = EarlierRecording.PathIn(runFolder);
        var file = File.Exists(path) ? Open(path, path, SqliteOpenMode.ReadOnly, (file, _) => file.Load()) : null;
        if (file is null or { Model: "" } && File.Exists(earlier))
        {
            file?.Dispose();
            // A database without a name is a temporary one, which the system removes.
            file = Open(earlier, "", SqliteOpenMode.ReadWriteCreate,
                (file, connection) => file.Make(connection, earlier, null));
        }
        if (file is { Model.Length: > 0 }) return file;
        file?.Dispose();
        throw new RecordingException(file is null
            ? $"There is nothing to replay: {path} doesn't exist. Only a run with a language model records one."
            : $"There is nothing to replay: {file.Path} is empty.");
    }

    /// <summary>Whether prompts that begin with this message were recorded.</summary>
    public bool HasOpening(string text) => Doing("read", () =>
        db[CountOpenings].Bind(1, RecordingKey.Of(text)).Number() > 0);

    /// <summary>What was recorded for this key; null if nothing.</summary>
    /// <exception cref="RecordingException">It can't be read.</exception>
    public RecordingEntry? Find(string key) => Doing("read", () => Read(key));

    /// <summary>Adds an exchange, and answers what it will be found as.</summary>
    /// <exception cref="RecordingException">It can't be written.</exception>
    public RecordingEntry Add(
        string key, IReadOnlyList<ChatMessage> messages, RecordingEntry entry, RecordingAsker? asker) =>
        Doing("written", () =>
        {
            InTransaction(() => Put(key, messages, entry, asker));
            // A replay must meet the same to the letter; UTF-8 can't hold half a character, for example.
            return Read(key)!.Value;
        });

    /// <summary>
    /// Notes that a sitting's plan needed an exchange. Of those that share it the first in virtual time pays for it,
    /// of two at one time that of the lesser name: the same on any number of threads.
    /// </summary>
    /// <exception cref="RecordingException">It can't be written.</exception>
    public void Note(string key, RecordingAsker asker)
    {
        if (isReadOnly) return;
        Doing("written", () => db[SetAsker].Bind(1, key).Bind(2, asker.At).Bind(3, asker.Session.Value)
            .Bind(4, asker.Sitting).Run());
    }

    /// <summary>The tokens of the exchanges that plans needed before a virtual time.</summary>
    public TokenUsage Used(DateTimeOffset before) => Doing("read", () => SumOf(db[SelectUsed].Bind(1, before)));

    /// <summary>The tokens of the exchanges that a sitting pays for.</summary>
    public TokenUsage Paid(SessionId session, int sitting) =>
        Doing("read", () => SumOf(db[SelectPaid].Bind(1, session.Value).Bind(2, sitting)));

    /// <summary>Puts all that was recorded onto the disk.</summary>
    /// <exception cref="RecordingException">It can't be written.</exception>
    public void Flush() => Doing("written", () => db["PRAGMA wal_checkpoint(PASSIVE)"].Run());

    /// <summary>Closes it; from now on it is one file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            db.ResetAll();
            try
            {
                totalsAtEnd = Sum();
                // Who may not write in the folder can read it then too.
                if (!isReadOnly) db["PRAGMA journal_mode = DELETE"].Run();
            }
            catch (SqliteException)
            {
                // All of it is in the log beside it, and is read from there.
            }
            db.Dispose();
        }
    }

    /// <summary>That a file is of a format that this version doesn't know yet.</summary>
    public static RecordingException Newer(string path, long format, int known) => new(
        $"{path} has format {format}, and this version reads up to {known}: use a newer one.");

    private static RecordingFile Open(
        string path, string source, SqliteOpenMode mode, Action<RecordingFile, SqliteConnection> setUp)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source, Mode = mode, Pooling = false, DefaultTimeout = 1,
        }.ToString());
        try
        {
            if (source.Length > 0) Directory.CreateDirectory(System.IO.Path.GetDirectoryName(source)!);
            connection.Open();
            var file = new RecordingFile(path, connection, mode == SqliteOpenMode.ReadOnly);
            setUp(file, connection);
            return file;
        }
        catch (Exception failure)
        {
            connection.Dispose();
            if (failure is SqliteException or IOException or UnauthorizedAccessException)
                throw Trouble(path, "opened", failure);
            throw;
        }
    }

    private static RecordingException Trouble(string path, string done, Exception failure) => new(
        $"The recorded exchanges can't be {done}: {path}: " + (failure as SqliteException)?.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process uses it. Wait until that has ended.",
            raw.SQLITE_NOTADB => "it is no recording. Put the recording in its place, or name another folder.",
            raw.SQLITE_CORRUPT => "it is damaged. Put a sound copy in its place, or begin the run anew.",
            raw.SQLITE_FULL => "the disk is full. Free some space, and go on with --resume.",
            _ => FileTrouble.Of(failure),
        }, failure);

    private static TokenUsage TokensIn(SqliteStatement row, int column) =>
        new(row.Int64(column), row.Int64(column + 1), row.Int64(column + 2));

    private static TokenUsage SumOf(SqliteStatement sum)
    {
        sum.Step();
        var tokens = TokensIn(sum, 0);
        sum.Reset();
        return tokens;
    }

    private RecordingTotals Sum()
    {
        var row = db[SelectTotals];
        row.Step();
        var totals = new RecordingTotals(row.Int64(4), row.Int64(5), row.Int64(6), row.Int64(3), TokensIn(row, 0));
        row.Reset();
        return totals;
    }

    private T Doing<T>(string done, Func<T> work)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            try
            {
                return work();
            }
            catch (SqliteException failure)
            {
                throw Trouble(Path, done, failure);
            }
        }
    }

    private void InTransaction(Action work)
    {
        db.Run("BEGIN");
        try
        {
            work();
            db.Run("COMMIT");
        }
        catch
        {
            db.ResetAll();
            if (raw.sqlite3_get_autocommit(db.Handle) == 0) db.Run("ROLLBACK");
            throw;
        }
    }

    /// <summary>Takes what the file says of itself; an empty one says nothing.</summary>
    private void Load()
    {
        if (db["SELECT count(*) FROM sqlite_schema"].Number() == 0) return;
        if (db["PRAGMA application_id"].Number() != ApplicationId) throw new RecordingException(
            $"{Path} is another program's database. Put the recording in its place, or name another folder.");
        if (db["PRAGMA user_version"].Number() is > FormatNow and var format) throw Newer(Path, format, FormatNow);
        var model = db["SELECT model FROM recording"];
        if (model.Step()) Model = model.Text(0) ?? "";
        model.Reset();
    }

    /// <summary>Makes the tables, and fills them with the exchanges of an earlier version if there are any.</summary>
    private void Make(SqliteConnection connection, string earlier, string? model) => InTransaction(() =>
    {
        connection.Execute(Schema);
        if (File.Exists(earlier)) EarlierRecording.Read(
            earlier, found => Model = found, (key, messages, entry) => Put(key, messages, entry, null));
        if (Model.Length == 0) Model = model ?? "";
        if (Model.Length > 0) db["INSERT INTO recording (model) VALUES (?1)"].Bind(1, Model).Run();
    });

    private void Put(string key, IReadOnlyList<ChatMessage> messages, RecordingEntry entry, RecordingAsker? asker)
    {
        var opening = RecordingKey.Of(messages[0].Text);
        if (db[CountOpenings].Bind(1, opening).Number() == 0)
            db["INSERT INTO openings (key, text) VALUES (?1, ?2)"].Bind(1, opening).Bind(2, messages[0].Text).Run();
        var (reply, failure) = (entry.Answer.Reply, entry.Answer.Failure);
        var insert = db[Insert]
            .Bind(1, key).Bind(2, reply?.Text).Bind(3, reply is null ? null : reply.End.Word())
            .Bind(4, reply?.Tokens.Input ?? 0).Bind(5, reply?.Tokens.Output ?? 0).Bind(6, reply?.Tokens.Cached ?? 0)
            .Bind(7, failure?.Code).Bind(8, failure?.Detail).Bind(9, entry.Spent)
            .Bind(11, opening)
            .Bind(12, JsonSerializer.SerializeToUtf8Bytes(
                messages.Skip(1).Select(message => new Message(message.Role.Value, message.Text)), Json))
            .Bind(13, asker?.At).Bind(14, asker?.Session.Value);
        if (asker is { } who) insert.Bind(15, who.Sitting);
        else insert.BindNull(15);
        (entry.RefusedAt is { } refusedAt ? insert.Bind(10, refusedAt) : insert.BindNull(10)).Run();
    }

    private RecordingEntry? Read(string key)
    {
        var row = db[Select].Bind(1, key);
        if (!row.Step()) return null;
        var end = EnumWord.Read<ReplyEnd>(row.Text(1)) ?? default;
        var answer = new LlmAnswer(
            row.IsNull(0) ? null : new LlmReply(row.Text(0)!, end, TokensIn(row, 2)),
            row.IsNull(5) ? null : new LlmFailure(row.Text(5)!, row.Text(6) ?? ""));
        var entry = new RecordingEntry(answer, row.Int64(7), row.IsNull(8) ? null : row.Int64(8));
        row.Reset();
        return entry;
    }

    private sealed record Message(string Role, string Text);
}
