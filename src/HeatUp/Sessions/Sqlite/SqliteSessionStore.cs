using System.Buffers;
using System.Runtime.CompilerServices;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Primitives;
using HeatUp.Runs.Conduct;
using HeatUp.Runs;
using HeatUp.Sessions.Archive;
using Microsoft.Extensions.Logging;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// The memory in one SQLite file, shared with the Python service: its table <c>session_history</c> is written as that
/// service writes it, and ours stand beside it. Thread-safe; several processes may use one file. Writes are committed
/// together by one thread, to the disk; reads run on the caller's thread and never wait for a write.
/// </summary>
/// <remarks>
/// Removed rows leave their pages in the file, to be used again; the file does not shrink. What is removed is
/// overwritten (<c>secure_delete</c>): forgetting a session leaves no text of it in the file.
/// </remarks>
public sealed class SqliteSessionStore : ISessionStore, IInsights, IActionCounts, IArchivable
{
    // As much as the steps of some sittings: where that fits, a step does.
    private const string ProbeSpace = "INSERT OR REPLACE INTO counters VALUES ('probe', zeroblob(65536))";
    private const string ProbeEnd = "DELETE FROM counters WHERE name = 'probe'";

    private readonly SqliteFile file;
    private readonly SqliteWriter writer;
    private readonly SqliteCheckpointer checkpointer;
    private readonly SqliteReaders readers;
    private readonly SqliteCleanup cleanup;
    private readonly SqliteOwner owner;
    private readonly TelegramMode? telegram;
    private readonly TimeProvider clock;
    private readonly AnalyticsCache analytics = new();
    private int probing;

    private SqliteSessionStore(
        SqliteFile file, TelegramMode? telegram, SqliteWriter writer, SqliteCheckpointer checkpointer,
        TimeProvider clock)
    {
        (this.file, this.telegram, this.writer, this.checkpointer) = (file, telegram, writer, checkpointer);
        this.clock = clock;
        readers = new SqliteReaders(file);
        cleanup = new SqliteCleanup(readers, writer, checkpointer, clock);
        owner = new SqliteOwner(file);
    }

    internal SqliteWriter Writer => writer;

    /// <summary>What is remembered as of this time or later was written by a wrong clock.</summary>
    private DateTimeOffset Ahead => clock.GetUtcNow() + ClockLimits.AheadMax;

    /// <summary>Ends when it is known whether writing works again, for which somebody asked last.</summary>
    internal Task LastProbe { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Opens a database; makes the file and the tables that are missing, and learns the memberships from the joins in a
    /// database of the Python service.
    /// </summary>
    /// <param name="path">The file, as the setting <c>DATABASE_PATH</c> has it.</param>
    /// <param name="telegram">Which Telegram the sittings visit that are to be remembered; null if none is to begin. A
    /// memory is one Telegram's, because a membership at one is none at another: the first run that begins says whose,
    /// for good. Before that it is nobody's, however often it was opened, read, or written by the Python
    /// service.</param>
    /// <param name="clock">Times the writes, and says which times can't be right.</param>
    /// <param name="log">Told of trouble in the background.</param>
    /// <param name="cancellation">Gives up; the file is closed again.</param>
    /// <exception cref="StoreException">The file can't be used, or is another Telegram's: it says why and what to do.
    /// </exception>
    public static async Task<SqliteSessionStore> OpenAsync(
        string path, TelegramMode? telegram, TimeProvider clock, ILogger log,
        CancellationToken cancellation = default)
    {
        var file = new SqliteFile(path);
        var checkpointer = new SqliteCheckpointer(file, log);
        var writer = await SqliteWriter.StartAsync(file, checkpointer, clock);
        checkpointer.Start();
        var store = new SqliteSessionStore(file, telegram, writer, checkpointer, clock);
        try
        {
            await store.CheckTelegramAsync(cancellation);
            await store.CatchUpAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation)
    {
        while (true)
        {
            var past = await readers.ReadAsync(Recall.Of, (session, Ahead), cancellation);
            if (past is not null) return past;
            await CatchUpAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public string Kind => "sqlite";

    /// <inheritdoc/>
    public string Place => file.Path;

    /// <inheritdoc/>
    public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        var mode = telegram ?? throw new InvalidOperationException("The store was opened for no Telegram's sittings.");
        return writer.WriteAsync(db =>
        {
            // Another process may have begun the first sitting since this one looked.
            TelegramNote.Check(db, mode, file.Path);
            var beginning = RunWrites.Begin(db, run, owner.NumberIn(db));
            if (beginning.Kind == BeginningKind.Begun) TelegramNote.Keep(db, mode);
            return beginning;
        }, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RememberAsync(Hold hold, Step step) =>
        writer.WriteSizableAsync(db => RunWrites.Remember(db, hold, step));

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at) =>
        writer.WriteAsync(db => RunWrites.End(db, hold, end, at));

    /// <inheritdoc/>
    public async ValueTask<ActionCounts> CountAsync(
        SessionId session, DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            return await readers.ReadAsync(ActionsDone.Of, (session, since, Ahead), cancellation);
        }
        catch (StoreException failure)
        {
            throw new IOException(
                $"What '{session}' did can't be counted, so that it may do nothing. {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RunRecord?> FindRunAsync(RunId run, CancellationToken cancellation) => readers.ReadAsync(
        (reader, id) => reader.InSnapshot(db => RunRows.FindIn(db, id)), run, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation) =>
        writer.WriteAsync(db => owner.TakeOverIn(db, which), cancellation);

    /// <inheritdoc/>
    public async ValueTask WriteHistoryAsync(
        SessionId session, DateTimeOffset since, IBufferWriter<byte> answer, CancellationToken cancellation)
    {
        while (!await readers.ReadAsync(HistoryRows.TryWrite, (session, since, answer), cancellation))
            await CatchUpAsync(cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SessionActivity> ActiveSessionsAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        SqliteValue? after = SqliteValue.Least;
        while (after is { } last)
        {
            (var active, after) = await readers.ReadAsync(ActiveSessions.Page, (last, since), cancellation);
            foreach (var session in active) yield return session;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SessionChannel> InteractionsAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        await foreach (var pair in new SqliteInteractions(file).ReadAsync(cancellation)) yield return pair;
    }

    /// <inheritdoc/>
    public async ValueTask<SessionsPage> SessionsAsync(SessionsQuestion question, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await readers.ReadAsync(SqliteInsights.Sessions, question, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RunRecord>> RunsOfAsync(
        SessionId session, int? before, int most, CancellationToken cancellation) => readers.ReadAsync(
        (reader, of) => reader.InSnapshot(db => RunRows.Of(db, of.session, of.before, of.most)),
        (session, before, most), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RunRecord>> OpenRunsAsync(int most, CancellationToken cancellation) =>
        readers.ReadAsync((reader, of) => reader.InSnapshot(db => RunRows.Open(db, of)), most, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<ChannelName, long>> FollowersAsync(CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await readers.ReadAsync(SqliteInsights.FollowersOf, 0, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Analytics> AnalyseAsync(
        AnalyticsQuestion question, ChannelPool pool, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        var days = question.IsOfAll
            ? await readers.ReadAsync(SqliteInsights.SessionDays, question.Until, cancellation)
            : [];
        return await analytics.AskAsync(question, async work =>
        {
            if (await readers.ReadAsync(SqliteInsights.Count, work, cancellation)) return true;
            await CatchUpAsync(cancellation);
            return false;
        }, sum => sum.Result(pool, Cohort.Of(days, question)), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Forgetting> ForgetAsync(SessionId session, CancellationToken cancellation)
    {
        var (answer, newest) = await writer.WriteAsync(db => ForgetWrites.Forget(db, owner, session), cancellation);
        if (answer.Kind != ForgettingKind.Forgotten) return answer;
        // It is forgotten: whoever asked may leave, and the rest goes all the same.
        await cleanup.SessionAsync(session.Value, newest, CancellationToken.None);
        checkpointer.Erase();
        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask<long> CleanUpAsync(DateTimeOffset before, bool isAwaited, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        var removed = await cleanup.HistoryAsync(before, isAwaited, cancellation);
        await cleanup.RunsAsync(before, isAwaited, cancellation);
        return removed;
    }

    /// <inheritdoc/>
    public async ValueTask<RememberedTimes> TimesAsync(DateTimeOffset ahead, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        var times = new TimesFound(ahead);
        SqliteValue? after = SqliteValue.Least;
        while (after is { } last) after = await readers.ReadAsync(times.AddPage, last, cancellation);
        return times.Found;
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> ClockAsync(CancellationToken cancellation) =>
        readers.ReadAsync((reader, _) => TimesFound.ClockIn(reader.Db), 0, cancellation);

    /// <inheritdoc/>
    public ValueTask KeepClockAsync(DateTimeOffset time) =>
        new(writer.WriteAsync(db => TimesFound.KeepClock(db, time)).AsTask());

    /// <inheritdoc/>
    public ValueTask<bool> IsOfSimulationAsync(CancellationToken cancellation) =>
        readers.ReadAsync((reader, _) => SqliteBulkLoad.Made(reader.Db), 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<TokenUsage> AddTokensAsync(DateOnly day, TokenUsage tokens) =>
        writer.WriteAsync(db => TokenRows.AddTo(db, day, tokens));

    /// <inheritdoc/>
    public ValueTask<TokenUsage> TokensOfAsync(DateOnly day, CancellationToken cancellation) =>
        readers.ReadAsync((reader, of) => TokenRows.Of(reader.Db, of), day, cancellation);

    /// <inheritdoc/>
    public async ValueTask<string?> TroubleAsync(CancellationToken cancellation)
    {
        if (file.Loss() is { } loss)
        {
            // The writer notices it, and saves what can be saved.
            LastProbe = ProbeAsync();
            return (writer.LastFailure ?? loss).Message;
        }
        try
        {
            await readers.ReadAsync((reader, _) => reader.Db[Recall.Ping].Number(), 0, cancellation);
        }
        catch (StoreException failure)
        {
            return failure.Message;
        }
        if (writer.LastFailure is not { } last) return null;
        LastProbe = ProbeAsync();
        return last.Message;
    }

    /// <summary>
    /// Copies the database, as it is at this moment, into another file, while it is in use. The file appears whole or
    /// not at all. Runs on the caller's thread.
    /// </summary>
    /// <param name="path">The new file.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="cancellation">Gives up; nothing is left behind.</param>
    /// <exception cref="StoreException">It can't be written, or the file exists and may not be replaced.</exception>
    public void BackUp(string path, bool overwrite = false, CancellationToken cancellation = default) =>
        SqliteBackup.Copy(file, path, overwrite, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArchiveRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        await foreach (var record in new SqliteExport(file).ReadAllAsync(cancellation)) yield return record;
    }

    /// <inheritdoc/>
    public async ValueTask<int> AddAsync(IReadOnlyList<Archived> records, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await writer.WriteAsync(db => SqliteImport.Add(db, records), cancellation);
    }

    /// <summary>
    /// Writes what waits to be written, then closes. Runs that are open stay so, for another process to take over.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // The writer closes last: it ends the log.
        checkpointer.Dispose();
        readers.Dispose();
        await writer.DisposeAsync();
        file.Dispose();
        owner.Dispose();
        analytics.Dispose();
    }

    private async ValueTask CheckTelegramAsync(CancellationToken cancellation)
    {
        if (telegram is { } mode)
            await readers.ReadAsync((reader, wanted) =>
            {
                TelegramNote.Check(reader.Db, wanted, file.Path);
                return true;
            }, mode, cancellation);
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellation)
    {
        // Each commit looks at a bounded number of foreign rows, also one that has nothing else to do.
        while (await readers.ReadAsync((reader, _) => ForeignRows.IsBehind(reader.Db), 0, cancellation))
            await writer.WriteAsync(_ => true, cancellation);
    }

    /// <summary>
    /// After a failed write, tries whether writing works again: the next question for trouble hears of it.
    /// </summary>
    private async Task ProbeAsync()
    {
        if (Interlocked.Exchange(ref probing, 1) != 0) return;
        try
        {
            // Not together with others, which must not fail because this has no room.
            await writer.WriteSizableAsync(db => db[ProbeSpace].Run(), isPatient: true);
            await writer.WritePatientlyAsync(db => db[ProbeEnd].Run(), default);
        }
        catch (StoreException) { /* It doesn't; the writer keeps why. */ }
        finally { Volatile.Write(ref probing, 0); }
    }
}
