using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Sessions.Archive;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// A database that is only looked at, in one snapshot: never made, upgraded or changed, and of any age, one that only
/// the Python service wrote included. Its rows are streamed.
/// </summary>
public sealed class SqliteHistoryFile : IHistoryReader
{
    private const string Channels = """
        SELECT DISTINCT json_extract(action.value, '$.channel_username')
        FROM runs, json_each(CASE WHEN json_valid(runs.plan) THEN runs.plan ELSE '[]' END) AS action
        """;

    // Python's json writes what SQLite can't read (NaN): such a row names no channel.
    private const string ChannelsOfHistory = """
        SELECT DISTINCT CASE WHEN json_valid(action_data) THEN json_extract(action_data, '$.channel_username') END
        FROM session_history
        """;

    private const string LastRow = "SELECT timestamp FROM session_history ORDER BY id DESC LIMIT 1";

    // A step along the index for each name, however many rows a session has. Names are compared by their bytes.
    private const string NextName = "SELECT min(session_id) FROM session_history WHERE session_id > ?1";
    private const string FirstName = "SELECT min(session_id) FROM session_history WHERE session_id >= ?1";

    private const string Span = "SELECT min(started_at), max(started_at) FROM runs";
    private const string Counts = "SELECT count(*), count(DISTINCT session_id) FROM runs WHERE started_at >= ?1";

    // Nobody may have looked at what others wrote: a time may have any form, and is compared as what it says.
    private const string HistoryTimes = "SELECT timestamp FROM session_history";
    private const string Actions = "SELECT timestamp, action_type, action_data FROM session_history ORDER BY id";

    private const string Rows =
        "SELECT id, session_id, action_type, action_data, timestamp FROM session_history ORDER BY id";

    private const string Follows =
        "SELECT session_id, channel, joined_at, last_read_at FROM memberships ORDER BY session_id, channel";

    // Sorted by the engine, which needs little memory for it. Times are compared here, as what they say.
    private const string Acts = "SELECT session_id, 0, timestamp FROM session_history";
    private const string Facts = $"""
        {Acts} UNION ALL SELECT session_id, 1, begun FROM sittings WHERE begun > 0
        UNION ALL SELECT session_id, 2, NULL FROM memberships
        """;

    private const string CountActions = "SELECT count(*) FROM session_history";
    private const string CountRuns = "SELECT count(*) FROM runs";
    private const string CountMemberships = "SELECT count(*) FROM memberships";

    private const int RunsAtOnce = 1_024;

    private readonly SqliteFile file;
    private readonly SqliteDatabase db;

    private SqliteHistoryFile(SqliteFile file, SqliteDatabase db, bool hasRuns) =>
        (this.file, this.db, HasRuns) = (file, db, hasRuns);

    private bool HasRuns { get; }

    /// <summary>The version of its tables; 0 if only the Python service has written it.</summary>
    public long Version => Reading(() => db["PRAGMA user_version"].Number());

    /// <summary>Whether its tables are of an earlier version, as until somebody opens it to write.</summary>
    public bool IsEarlier => Version < SqliteSchema.Version;

    /// <summary>The word of <c>TELEGRAM_MODE</c> whose sittings it holds; null if it has had none yet.</summary>
    public string? Telegram => Reading(() => TelegramNote.NotedFor(db));

    /// <summary>Opens it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StoreException">It is no such database.</exception>
    public static SqliteHistoryFile Open(string path)
    {
        var file = new SqliteFile(path);
        var db = new SqliteDatabase(file.OpenToLook());
        try
        {
            // Rows are gone through once: pages of the file that stay mapped would look like this process's memory.
            db.Run("PRAGMA mmap_size = 0");
            db.Run("BEGIN");
            return new(file, db, SqliteSchema.CheckToLook(db, path));
        }
        catch (SqliteException failure)
        {
            db.Dispose();
            throw SqliteTrouble.Explain(path, failure);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelName> ChannelNames() => Reading(() =>
    {
        var names = new HashSet<ChannelName>();
        if (HasRuns) AddNames(names, db[Channels]);
        AddNames(names, db[ChannelsOfHistory]);
        return (IReadOnlyList<ChannelName>)[.. names];
    });

    /// <inheritdoc/>
    public (DateTimeOffset From, DateTimeOffset Until)? RunTimes() =>
        HasRuns ? Reading(() => TimesOf(db[Span])) : null;

    /// <inheritdoc/>
    public (DateTimeOffset From, DateTimeOffset Until)? ActionTimes() => Reading(() =>
    {
        (DateTimeOffset From, DateTimeOffset Until)? times = null;
        var rows = db[HistoryTimes];
        while (rows.Step())
            if (rows.Time(0) is { } at)
                times = times is not { } known ? (at, at)
                    : (at < known.From ? at : known.From, at > known.Until ? at : known.Until);
        rows.Reset();
        return times;
    });

    /// <inheritdoc/>
    public DateTimeOffset? LastTime() => Reading(() =>
    {
        var row = db[LastRow];
        var time = row.Step() ? row.Time(0) : null;
        row.Reset();
        return time;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> SessionNames(string prefix, int countMax) => Reading(() =>
    {
        var names = new List<string>();
        var (sql, from) = (FirstName, prefix);
        while (names.Count < countMax && NameIn(db[sql].Bind(1, from)) is { } name
            && name.StartsWith(prefix, StringComparison.Ordinal))
        {
            names.Add(name);
            (sql, from) = (NextName, name);
        }
        return names;
    });

    /// <inheritdoc/>
    public (long Runs, long Sessions) CountsSince(DateTimeOffset since) => Reading(() =>
    {
        if (!HasRuns) return (0, 0);
        var row = db[Counts].Bind(1, since);
        row.Step();
        var counts = (row.Int64(0), row.Int64(1));
        row.Reset();
        return counts;
    });

    /// <inheritdoc/>
    public IEnumerable<RunRecord> RunsSince(DateTimeOffset since, Action<string>? onUnreadable = null)
    {
        var last = 0L;
        while (HasRuns && Reading(() => RunRows.Since(db, ref last, since, RunsAtOnce)) is { Count: > 0 } runs)
            foreach (var run in runs)
                if (run.Readable(onUnreadable) is { } readable) yield return readable;
    }

    /// <inheritdoc/>
    public IEnumerable<(DateTimeOffset At, PlannedAction Action)> ActionsBefore(DateTimeOffset before)
    {
        var rows = db[Actions];
        while (Reading(rows.Step))
            if (rows.Time(0) is { } at && at < before
                && StoredRun.ActionOfHistory(rows.Text(1), rows.Text(2)) is { } action)
                yield return (at, action);
        rows.Reset();
    }

    /// <inheritdoc/>
    public TableSizes Sizes() => Reading(() => new TableSizes(
        db[CountActions].Number(), HasRuns ? db[CountRuns].Number() : 0, HasRuns ? db[CountMemberships].Number() : 0));

    /// <inheritdoc/>
    public IEnumerable<ActionRow> History() => Read(Rows, row => ActionRow.Of(
        row.Int64(0), row.Bytes(1), row.Bytes(2), !row.IsNull(3), row.Bytes(3), row.Bytes(4)));

    /// <inheritdoc/>
    public IEnumerable<MembershipRow> Memberships() =>
        HasRuns ? Read(Follows, SqliteExport.Membership).OfType<ArchiveRecord.Follows>().Select(one => one.Row) : [];

    /// <inheritdoc/>
    public IEnumerable<SessionRow> Sessions()
    {
        var last = default(SessionRow?);
        foreach (var (name, fact, number, at) in Read($"{(HasRuns ? Facts : Acts)} ORDER BY session_id",
            row => (row.Text(0) ?? "", row.Int64(1), row.Int64(2), row.Int64(1) == 0 ? row.Time(2) : null)))
        {
            if (last is { } done && done.Session != name)
            {
                yield return done;
                last = null;
            }
            var session = last ?? new(name, 0, 0, 0, null, null);
            last = fact switch
            {
                0 => session with
                {
                    Actions = session.Actions + 1,
                    First = session.First < at ? session.First : at ?? session.First,
                    Last = session.Last > at ? session.Last : at ?? session.Last,
                },
                1 => session with { Sittings = number },
                _ => session with { Channels = session.Channels + 1 },
            };
        }
        if (last is { } end) yield return end;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => db.Dispose();

    private IEnumerable<T> Read<T>(string sql, Func<SqliteStatement, T> read)
    {
        var rows = Reading(() => db[sql]);
        while (Reading(rows.Step)) yield return read(rows);
        rows.Reset();
    }

    private static void AddNames(HashSet<ChannelName> names, SqliteStatement rows)
    {
        while (rows.Step())
            if (ChannelName.TryParse(rows.Text(0), out var name))
                names.Add(name);
        rows.Reset();
    }

    private static string? NameIn(SqliteStatement row)
    {
        var name = row.Step() ? row.Text(0) : null;
        row.Reset();
        return name;
    }

    private static (DateTimeOffset From, DateTimeOffset Until)? TimesOf(SqliteStatement row)
    {
        row.Step();
        var (from, until) = (row.Time(0), row.Time(1));
        row.Reset();
        return from is null || until is null ? null : (from.Value, until.Value);
    }

    private T Reading<T>(Func<T> read)
    {
        try { return read(); }
        catch (SqliteException failure) { throw SqliteTrouble.Explain(file.Path, failure); }
    }
}
