using System.Net;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// The nodes that share a database: who they are, which of them are gone, and how far their clocks are off. Who is
/// declared dead is the engine's to say, in the table of members; here it costs a node its runs. Thread-safe.
/// </summary>
public sealed class PostgresMembers
{
    /// <summary>The channel on which nodes tell which runs have changed: their names, with commas between.</summary>
    public const string RunsChannel = "heat_up_runs";

    /// <summary>The channel on which nodes tell that there is something to take over or to cancel.</summary>
    public const string WakeChannel = "heat_up_wake";

    /// <summary>The channel on which nodes tell how the language model's server is.</summary>
    public const string PlannerChannel = "heat_up_planner";

    // A node that has registered and is no member yet has this long to become one.
    private const string JoinWithin = "'60 seconds'::interval";

    private const int Dead = 6;

    /// <summary>Whether an owner, by its number, is gone.</summary>
    internal const string IsGone = "SELECT EXISTS (SELECT 1 FROM owners WHERE number = $1 AND gone_at IS NOT NULL)";

    // A member's name, as its owner has it.
    private const string Name = "format('%s:%s@%s', address, port, generation)";

    private const string Notify = "SELECT pg_notify($1, $2)";

    private const string Lock = "SELECT pg_advisory_xact_lock(1214606708, 2)";

    private const string ClusterOf = "UPDATE heat_up SET cluster = coalesce(cluster, $1) RETURNING cluster";

    private static readonly string IsMember = $"""
        EXISTS (SELECT 1 FROM members
            WHERE owners.member = {Name} AND status <> {Dead})
        """;

    // An earlier one at the same place was this node's, before it was started anew.
    private static readonly string Others = $"""
        SELECT member, is_alone, (SELECT max(alive_at) FROM members
            WHERE owners.member = {Name}), machine
        FROM owners
        WHERE gone_at IS NULL AND member IS NOT NULL
            AND (split_part(member, '@', 1), machine) <> (split_part($1, '@', 1), $3)
            AND coalesce(
                (SELECT bool_or(status <> {Dead} AND alive_at > clock_timestamp() - make_interval(secs => $2))
                FROM members WHERE owners.member = {Name}),
                since > clock_timestamp() - {JoinWithin})
        """;

    // One that gives no sign of life would find another that is alone if it woke.
    private const string MarkPassedOver = """
        UPDATE owners SET gone_at = clock_timestamp()
        WHERE gone_at IS NULL AND member IS NOT NULL AND ($1 OR is_alone)
        """;

    private const string Register = """
        INSERT INTO owners (member, is_alone, urls, machine) VALUES ($1, $2, $3, $4) RETURNING number
        """;

    // Dead in the table; or no longer in it, where an entry is removed only after its owner was marked.
    private static readonly string MarkGone = $"""
        UPDATE owners SET gone_at = clock_timestamp()
        WHERE gone_at IS NULL AND member IS NOT NULL AND since < clock_timestamp() - {JoinWithin} AND NOT {IsMember}
            OR gone_at IS NULL AND EXISTS (SELECT 1 FROM members
                WHERE owners.member = {Name} AND status = {Dead})
        RETURNING member
        """;

    private static readonly string Signs = $"""
        SELECT {Name}, alive_at FROM members WHERE status <> {Dead}
        """;

    private static readonly string DeclareDead = $"""
        WITH silent AS (
            UPDATE members SET status = {Dead}
            WHERE {Name} = $1 AND alive_at = $2 AND status <> {Dead}
            RETURNING cluster)
        UPDATE clusters SET version = version + 1 WHERE cluster IN (SELECT cluster FROM silent)
        """;

    private const string ToCancel = """
        SELECT run_id FROM runs WHERE owner = $1 AND ended_at IS NULL AND cancel_asked_at IS NOT NULL
        """;

    private const string AskToCancel = """
        UPDATE runs SET cancel_asked_at = coalesce(cancel_asked_at, clock_timestamp())
        WHERE run_id = $1 AND ended_at IS NULL
        """;

    private static readonly string Living = $"""
        SELECT member, urls, since, clock_ahead,
            (SELECT count(*) FROM runs WHERE runs.owner = owners.number AND ended_at IS NULL)
        FROM owners WHERE gone_at IS NULL AND {IsMember} ORDER BY since, owners.number
        """;

    private readonly PostgresDatabase database;
    private readonly TimeProvider clock;

    internal PostgresMembers(PostgresDatabase database, TimeProvider clock) =>
        (this.database, this.clock) = (database, clock);

    /// <summary>The connections, for the engine.</summary>
    public NpgsqlDataSource Source => database.Source;

    /// <summary>The number of this node as an owner; 0 before it is registered.</summary>
    public long Owner { get; private set; }

    /// <summary>Registers this node, unless the nodes that live already don't let it in.</summary>
    /// <param name="node">Who it is.</param>
    /// <param name="cluster">The cluster that it belongs to.</param>
    /// <param name="staleAfter">After how long without a sign of life a member doesn't count as living here.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database is another cluster's; or another node lives, and one of the two
    /// wants to be alone, or can't be reached from the other.</exception>
    public async Task RegisterAsync(
        MemberNode node, string cluster, TimeSpan staleAfter, CancellationToken cancellation) =>
        Owner = await database.InTransactionAsync(async connection =>
        {
            await connection.RunAsync(Lock, cancellation);
            var kept = await connection.ScalarAsync<string>(ClusterOf, cancellation, cluster);
            if (kept != cluster) throw PostgresTrouble.OfAnotherCluster(database.Place, kept!, cluster);
            var others = await connection.RowsAsync(Others,
                row => (Member: row.Text(0)!, IsAlone: row.GetBoolean(1), AliveAt: row.Time(2), Machine: row.Text(3)!),
                cancellation, node.Member, staleAfter.TotalSeconds, node.Machine);
            if (others.Count > 0 && (node.IsAlone || others.Exists(other => other.IsAlone)))
                throw PostgresTrouble.NotAlone(
                    database.Place, others[0].Member, node.IsAlone, others.Max(other => other.AliveAt));
            var far = others.Find(other => other.Machine != node.Machine && (node.IsLocal || IsLocal(other.Member)));
            if (far.Member is not null)
                throw PostgresTrouble.OutOfReach(
                    database.Place, far.Member, far.Machine, node.Member, others.Max(other => other.AliveAt));
            await connection.RunAsync(MarkPassedOver, cancellation, node.IsAlone);
            return await connection.ScalarAsync<long>(
                Register, cancellation, node.Member, node.IsAlone, string.Join(' ', node.Urls), node.Machine);
        }, cancellation);

    /// <summary>
    /// Marks the nodes that the engine has declared dead: from then on their runs can be taken over, and they can write
    /// nothing. Answers those that this call has marked, and whether this node is gone.
    /// </summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public Task<(IReadOnlyList<string> Marked, bool IsGone)> MarkGoneAsync(CancellationToken cancellation) =>
        database.OnAsync(async connection =>
        {
            IReadOnlyList<string> marked = await connection.RowsAsync(MarkGone, row => row.Text(0)!, cancellation);
            return (marked, await connection.ScalarAsync<bool>(IsGone, cancellation, Owner));
        }, cancellation);

    /// <summary>The last sign of life of each member that isn't dead, by the database's clock.</summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> SignsOfLifeAsync(CancellationToken cancellation) =>
        (await database.ReadAsync(connection => connection.RowsAsync(
            Signs, row => (Member: row.Text(0)!, At: row.Time(1)!.Value), cancellation), cancellation))
            .ToDictionary(sign => sign.Member, sign => sign.At);

    /// <summary>
    /// Declares a member dead in the engine's table, unless it has given another sign of life. False if it has.
    /// </summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task<bool> DeclareDeadAsync(
        string member, DateTimeOffset lastActivity, CancellationToken cancellation) =>
        await database.OnAsync(
            connection => connection.RunAsync(DeclareDead, cancellation, member, lastActivity), cancellation) > 0;

    /// <summary>The open runs of this node that somebody wants cancelled.</summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task<IReadOnlyList<RunId>> ToCancelAsync(CancellationToken cancellation) =>
        await database.ReadAsync(connection =>
            connection.RowsAsync(ToCancel, row => StoredRun.IdOf(row.Text(0)), cancellation, Owner), cancellation);

    /// <summary>
    /// Asks whoever has an open run to cancel it, now or after it was taken over. False if it isn't open.
    /// </summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task<bool> AskToCancelAsync(RunId run, CancellationToken cancellation) =>
        await database.PersistentlyAsync(_ => database.OnAsync(async connection =>
        {
            var asked = await connection.RunAsync(AskToCancel, cancellation, run.ToString());
            if (asked > 0) await connection.RunAsync(Notify, cancellation, WakeChannel, "");
            return asked > 0;
        }, cancellation), cancellation);

    /// <summary>Tells the nodes that listen something on a channel.</summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public Task NotifyAsync(string channel, string text, CancellationToken cancellation) =>
        database.OnAsync(
            connection => connection.RunAsync(Notify, cancellation, channel, text), cancellation);

    /// <summary>
    /// Listens on all channels until it is cancelled or the connection breaks: then it throws a <see
    /// cref="StoreException"/>, and something may have been missed.
    /// </summary>
    /// <param name="heard">Told the channel and the text.</param>
    /// <param name="ready">Called when it listens.</param>
    /// <param name="cancellation">Stops listening.</param>
    public async Task ListenAsync(Action<string, string> heard, Action ready, CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        connection.Notification += (_, told) => heard(told.Channel, told.Payload);
        await database.ExplainedAsync(
            () => connection.RunAsync(
                $"LISTEN {RunsChannel}; LISTEN {WakeChannel}; LISTEN {PlannerChannel}", cancellation));
        ready();
        while (true)
            await database.ExplainedAsync(async () =>
            {
                await connection.WaitAsync(cancellation);
                return true;
            });
    }

    /// <summary>Whether only nodes of the same machine reach a member.</summary>
    internal static bool IsLocal(string member) =>
        IPEndPoint.TryParse(member.Split('@')[0], out var place) && IPAddress.IsLoopback(place.Address);

    /// <summary>
    /// How far this node's clock is ahead of the database's; negative if it is behind. Once it is registered, others
    /// learn of it too.
    /// </summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public Task<TimeSpan> ClockOffsetAsync(CancellationToken cancellation) =>
        database.OnAsync(async connection =>
        {
            var before = clock.GetUtcNow();
            var theirs = (await connection.RowsAsync(
                "SELECT clock_timestamp()", row => row.Time(0)!.Value, cancellation))[0];
            var after = clock.GetUtcNow();
            var ahead = before + (after - before) / 2 - theirs;
            if (Owner > 0) await connection.RunAsync(
                "UPDATE owners SET clock_ahead = $1 WHERE number = $2", cancellation, ahead, Owner);
            return ahead;
        }, cancellation);

    /// <summary>The nodes that are members now, the oldest first.</summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task<IReadOnlyList<LivingNode>> LivingAsync(CancellationToken cancellation) =>
        await database.ReadAsync(connection => connection.RowsAsync(Living, row => new LivingNode(
            row.Text(0)!, (row.Text(1) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), row.Time(2)!.Value,
            row.IsDBNull(3) ? null : row.GetTimeSpan(3), row.GetInt64(4)), cancellation), cancellation);
}

/// <summary>A node that wants to be a member.</summary>
/// <param name="Member">Its name among the members: <c>address:port@generation</c>.</param>
/// <param name="IsAlone">Whether it lets no other in.</param>
/// <param name="Urls">Where its service listens.</param>
/// <param name="Machine">The name of its machine.</param>
public sealed record MemberNode(string Member, bool IsAlone, IReadOnlyList<string> Urls, string Machine)
{
    /// <summary>Whether only nodes of the same machine reach it.</summary>
    public bool IsLocal => PostgresMembers.IsLocal(Member);
}

/// <summary>A node that is a member.</summary>
/// <param name="Member">Its name among the members.</param>
/// <param name="Urls">Where its service listens.</param>
/// <param name="Since">When it joined, by the database's clock.</param>
/// <param name="ClockAhead">How far its clock was ahead of the database's when it looked last; negative if it was
/// behind, null if it hasn't told.</param>
/// <param name="OpenRuns">How many open runs it has.</param>
public sealed record LivingNode(
    string Member, IReadOnlyList<string> Urls, DateTimeOffset Since, TimeSpan? ClockAhead, long OpenRuns);

/// <summary>Another node lives, and one of the two wants to be alone or can't reach the other.</summary>
public sealed class NotAloneException(string message, DateTimeOffset? aliveAt) : StoreException(message)
{
    /// <summary>
    /// When it gave the last sign of life, by the database's clock; null if it is only about to join.
    /// </summary>
    public DateTimeOffset? AliveAt => aliveAt;
}
