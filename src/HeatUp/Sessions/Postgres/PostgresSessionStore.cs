using System.Buffers;
using System.Runtime.CompilerServices;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Sessions.Archive;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// The memory in a database of PostgreSQL, which many processes share, on one machine or several. Thread-safe. Every
/// write of a run names its owner and epoch, and changes nothing if another has the run.
/// </summary>
/// <remarks>
/// A process is an owner by a number that the database gives it. Who decides that an owner is gone marks it so; from
/// then on its runs can be taken over, and it needs a new number to begin another. This store marks only itself, when
/// it is disposed.
/// </remarks>
public sealed class PostgresSessionStore : ISessionStore, IInsights, IActionCounts, IArchivable
{
    private const int PageMax = 1_000;
    private const string NewOwner = "INSERT INTO owners DEFAULT VALUES RETURNING number";
    private const string OwnerGoes = "UPDATE owners SET gone_at = clock_timestamp() WHERE number = $1";

    private const string Telegram = "SELECT telegram FROM heat_up";

    private const string LivingRun = """
        SELECT run_id FROM runs JOIN owners ON owners.number = runs.owner
        WHERE session_id = $1 AND ended_at IS NULL AND gone_at IS NULL
        """;

    private static readonly string[] Forgotten =
    [
        "DELETE FROM session_history WHERE session_id = $1", "DELETE FROM runs WHERE session_id = $1",
        "DELETE FROM memberships WHERE session_id = $1", "DELETE FROM sittings WHERE session_id = $1",
        "DELETE FROM session_days WHERE session_id = $1",
    ];

    private const string Loss = """
        SELECT coalesce(error_code, 0), error_message FROM steps JOIN runs ON runs.number = steps.run
        WHERE session_id = $1 AND outcome = 'account_lost' ORDER BY run DESC, step DESC LIMIT 1
        """;

    private const string ClaimCleanUp = """
        UPDATE heat_up SET cleanup_at = clock_timestamp()
        WHERE cleanup_at IS NULL OR cleanup_at < clock_timestamp() - '23 hours'::interval
        """;

    private const string AddTokens = """
        INSERT INTO llm_usage AS of (day, input, output, cached) VALUES ($1, $2, $3, $4)
        ON CONFLICT (day) DO UPDATE SET
            input = of.input + excluded.input, output = of.output + excluded.output,
            cached = of.cached + excluded.cached
        RETURNING input, output, cached
        """;

    private const string Tokens = "SELECT input, output, cached FROM llm_usage WHERE day = $1";

    private readonly PostgresDatabase database;
    private readonly AnalyticsCache analytics = new();
    private readonly TelegramMode? telegram;
    private readonly TimeProvider clock;
    private readonly PostgresSteps steps;
    private readonly SemaphoreSlim becoming = new(1);
    private long owner;
    private bool isTelegramKept;
    private int isDisposed;

    private PostgresSessionStore(PostgresDatabase database, TelegramMode? telegram, TimeProvider clock)
    {
        (this.database, this.telegram, this.clock) = (database, telegram, clock);
        steps = new PostgresSteps(database, clock);
        Members = new PostgresMembers(database, clock);
        Channels = new PostgresChannels(database);
    }

    /// <inheritdoc/>
    public string Kind => "postgresql";

    /// <inheritdoc/>
    public string Place => database.Place;

    /// <summary>The nodes that share the database. A process that registers there stays the owner that it is then.
    /// </summary>
    public PostgresMembers Members { get; }

    /// <summary>What the machines that share the database share of their channels.</summary>
    public PostgresChannels Channels { get; }

    /// <summary>Hears of each run that this store has changed, after it was written; null for nobody.</summary>
    public Action<RunId>? OnChanged { get; set; }

    /// <summary>The number of this process as an owner; 0 before it has one.</summary>
    internal long Owner => Volatile.Read(ref owner);

    private DateTimeOffset Ahead => clock.GetUtcNow() + ClockLimits.AheadMax;

    /// <summary>Opens a database, and makes the tables that are missing.</summary>
    /// <param name="address">Where, as the setting <c>DATABASE_URL</c> has it.</param>
    /// <param name="telegram">Which Telegram the sittings visit that are to be remembered; null if none is to begin.
    /// The first run that begins says whose the memory is, for good.</param>
    /// <param name="clock">Says which times can't be right.</param>
    /// <param name="makes">Whether tables that are missing are made; if not, they must be there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database can't be used, or is another Telegram's: it says why and what to
    /// do.</exception>
    public static async Task<PostgresSessionStore> OpenAsync(
        PostgresAddress address, TelegramMode? telegram, TimeProvider clock, bool makes = true,
        CancellationToken cancellation = default)
    {
        var database = PostgresDatabase.At(address, clock);
        try
        {
            await database.CheckPoolerAsync(cancellation);
            await PostgresSchema.EnsureAsync(database, makes, cancellation);
            var store = new PostgresSessionStore(database, telegram, clock);
            if (telegram is { } mode) await store.CheckTelegramAsync(mode, cancellation);
            return store;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation) =>
        await PostgresHistory.RecallAsync(database, session, Ahead, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        var mode = telegram ?? throw new InvalidOperationException("The store was opened for no Telegram's sittings.");
        var (beginning, isLost) = (default(Beginning?), false);
        for (; beginning is null; isLost = true)
            beginning = await database.PersistentlyAsync(async isAgain =>
            {
                if (!isTelegramKept) await CheckTelegramAsync(mode, cancellation);
                return await PostgresRuns.BeginAsync(database, run, await OwnerAsync(isLost, cancellation),
                    isTelegramKept ? null : mode.Word(), isAgain, cancellation);
            }, cancellation);
        isTelegramKept |= beginning.Value.Kind == BeginningKind.Begun;
        return beginning.Value;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RememberAsync(Hold hold, Step step)
    {
        var isOurs = await steps.RememberAsync(hold, step);
        if (isOurs) OnChanged?.Invoke(hold.Run);
        return isOurs;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at)
    {
        var isOurs = await database.PersistentlyAsync(
            _ => PostgresRuns.EndAsync(database, hold, end, at), default);
        if (isOurs) OnChanged?.Invoke(hold.Run);
        return isOurs;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation) =>
        await database.PersistentlyAsync(async _ => await PostgresRuns.TakeOverAsync(
            database, which, await OwnerAsync(mayBeLost: true, cancellation), cancellation), cancellation);

    /// <inheritdoc/>
    public async ValueTask<RunRecord?> FindRunAsync(RunId run, CancellationToken cancellation) =>
        await PostgresRuns.FindAsync(database, run, cancellation);

    /// <summary>How a session's account was lost, as its steps tell; null if none does.</summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    public async ValueTask<TelegramError?> LossAsync(SessionId session, CancellationToken cancellation) =>
        await database.ReadAsync(async connection => (await connection.RowsAsync(Loss,
            row => new TelegramError(row.GetInt32(0), row.Text(1) ?? ""), cancellation, session.Value))
            .FirstOrDefault(), cancellation);

    /// <inheritdoc/>
    public async ValueTask<ActionCounts> CountAsync(
        SessionId session, DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            return await PostgresHistory.CountAsync(database, session, since, Ahead, cancellation);
        }
        catch (StoreException failure)
        {
            throw new IOException(
                $"What '{session}' did can't be counted, so that it may do nothing. {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteHistoryAsync(
        SessionId session, DateTimeOffset since, IBufferWriter<byte> answer, CancellationToken cancellation)
    {
        var rows = new HistoryAnswer();
        var (isNew, last) = await PostgresHistory.AddTo(
            rows, database, session, StoredTime.Kept(since), cancellation);
        rows.WriteTo(answer, isNew, last);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SessionActivity> ActiveSessionsAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = new List<SessionActivity>();
        for (var after = ""; ; after = page[^1].Session)
        {
            page = await PostgresHistory.ActiveAsync(database, since, after, PageMax, cancellation);
            foreach (var session in page) yield return session;
            if (page.Count < PageMax) yield break;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SessionChannel> InteractionsAsync(CancellationToken cancellation) =>
        PostgresArchive.InteractionsAsync(database, cancellation);

    /// <inheritdoc/>
    public async ValueTask<SessionsPage> SessionsAsync(SessionsQuestion question, CancellationToken cancellation) =>
        await PostgresInsights.SessionsAsync(database, question, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RunRecord>> RunsOfAsync(
        SessionId session, int? before, int most, CancellationToken cancellation) =>
        await PostgresRuns.OfAsync(database, session, before, most, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RunRecord>> OpenRunsAsync(int most, CancellationToken cancellation) =>
        await PostgresRuns.OpenAsync(database, most, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<ChannelName, long>> FollowersAsync(CancellationToken cancellation) =>
        await PostgresInsights.FollowersAsync(database, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Analytics> AnalyseAsync(
        AnalyticsQuestion question, ChannelPool pool, CancellationToken cancellation) =>
        await AnalyseAsync(question, pool, question.IsOfAll
            ? await PostgresInsights.SessionDaysAsync(database, question.Until, cancellation)
            : [], cancellation);

    private ValueTask<Analytics> AnalyseAsync(
        AnalyticsQuestion question, ChannelPool pool, IReadOnlyList<(DateOnly First, DateOnly Last)> days,
        CancellationToken cancellation) => analytics.AskAsync(
        question, async work => await PostgresInsights.CountAsync(database, work, cancellation),
        sum => sum.Result(pool, Cohort.Of(days, question)), cancellation);

    /// <inheritdoc/>
    public async ValueTask<Forgetting> ForgetAsync(SessionId session, CancellationToken cancellation) =>
        await database.InTransactionAsync(async connection =>
        {
            var name = session.Value;
            await connection.RunAsync(PostgresRuns.LockSession, cancellation, name);
            var running = await connection.ScalarAsync<string>(LivingRun, cancellation, name);
            if (RunId.TryParse(running, out var run)) return new Forgetting(ForgettingKind.Sitting, run);
            var removed = 0;
            foreach (var sql in Forgotten) removed += await connection.RunAsync(sql, cancellation, name);
            return new Forgetting(removed > 0 ? ForgettingKind.Forgotten : ForgettingKind.Unknown, default);
        }, cancellation);

    /// <inheritdoc/>
    public async ValueTask<long> CleanUpAsync(DateTimeOffset before, bool isAwaited, CancellationToken cancellation)
    {
        // Each node has a cleanup of its own to do once a day: the first to come does it for all.
        if (!isAwaited && await database.OnAsync(
            connection => connection.RunAsync(ClaimCleanUp, cancellation), cancellation) == 0) return 0;
        return await PostgresHistory.RemoveAsync(database, before, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsOfSimulationAsync(CancellationToken cancellation) => new(false);

    /// <inheritdoc/>
    public async ValueTask<RememberedTimes> TimesAsync(DateTimeOffset ahead, CancellationToken cancellation) =>
        await PostgresHistory.TimesAsync(database, ahead, cancellation);

    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> ClockAsync(CancellationToken cancellation) =>
        await database.ReadAsync(async connection =>
            (await connection.RowsAsync(
                "SELECT clock FROM heat_up", row => row.Time(0), cancellation))[0], cancellation);

    /// <inheritdoc/>
    public async ValueTask KeepClockAsync(DateTimeOffset time) =>
        await database.OnAsync(
            connection => connection.RunAsync("UPDATE heat_up SET clock = $1", default, time), default);

    /// <inheritdoc/>
    public async ValueTask<TokenUsage> AddTokensAsync(DateOnly day, TokenUsage tokens) =>
        await database.OnAsync(async connection => (await connection.RowsAsync(
            AddTokens, TokensIn, default, day, tokens.Input, tokens.Output, tokens.Cached))[0], default);

    /// <inheritdoc/>
    public async ValueTask<TokenUsage> TokensOfAsync(DateOnly day, CancellationToken cancellation) =>
        await database.ReadAsync(async connection => (await connection.RowsAsync(
            Tokens, TokensIn, cancellation, day)).FirstOrDefault(), cancellation);

    /// <inheritdoc/>
    public async ValueTask<string?> TroubleAsync(CancellationToken cancellation)
    {
        try
        {
            // A standby answers questions and takes no step.
            await database.OnAsync(
                connection => connection.RunAsync("UPDATE heat_up SET clock = clock", cancellation), cancellation);
            return null;
        }
        catch (StoreException failure)
        {
            return failure.Message;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ArchiveRecord> ReadAllAsync(CancellationToken cancellation) =>
        PostgresArchive.ReadAllAsync(database, cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> AddAsync(IReadOnlyList<Archived> records, CancellationToken cancellation) =>
        await database.InTransactionAsync(
            connection => PostgresArchive.AddAsync(connection, records, cancellation), cancellation);

    /// <summary>
    /// Says that this owner is gone, and closes. Runs that are open stay so, for another to take over.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        await steps.DisposeAsync();
        try
        {
            if ((owner == 0 ? Members.Owner : owner) is not 0 and var mine)
            {
                await database.OnAsync(connection => connection.RunAsync(OwnerGoes, default, mine), default);
                await Members.NotifyAsync(PostgresMembers.WakeChannel, "", default);
            }
        }
        catch (StoreException) { /* The others find out without being told. */ }
        await database.DisposeAsync();
        becoming.Dispose();
        analytics.Dispose();
    }

    private static TokenUsage TokensIn(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));

    /// <summary>This process's number; a new one if it has none yet, or if others were told that it is gone.</summary>
    private async Task<long> OwnerAsync(bool mayBeLost, CancellationToken cancellation)
    {
        if (owner != 0 && !mayBeLost) return owner;
        await becoming.WaitAsync(cancellation);
        try
        {
            if (owner == 0) owner = Members.Owner;
            var isGone = owner != 0 && await database.OnAsync(
                connection => connection.ScalarAsync<bool>(PostgresMembers.IsGone, cancellation, owner), cancellation);
            // A node that the others have declared dead is no member any more, under whatever number.
            if (isGone && Members.Owner != 0) throw PostgresTrouble.DeclaredDead(Place);
            if (owner == 0 || isGone)
                owner = await database.OnAsync(
                    connection => connection.ScalarAsync<long>(NewOwner, cancellation), cancellation);
            return owner;
        }
        finally
        {
            becoming.Release();
        }
    }

    private async Task CheckTelegramAsync(TelegramMode mode, CancellationToken cancellation)
    {
        var kept = await database.ReadAsync(
            connection => connection.ScalarAsync<string>(Telegram, cancellation), cancellation);
        isTelegramKept = kept == mode.Word();
        if (kept is not null && !isTelegramKept)
            throw PostgresTrouble.OfAnotherTelegram(Place, kept, mode.Word());
    }
}
