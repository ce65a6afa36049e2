using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>The tables in PostgreSQL: that of the history, with the columns that all stores have, and ours.</summary>
internal static class PostgresSchema
{
    /// <summary>The version of the tables that this program writes.</summary>
    public static int Version => Versions.Length;

    // What makes each version out of the one before it. Nodes of the version before run beside those of the next, so a
    // step adds and doesn't take away; a new column has a default.
    internal static string[] Versions => [Tables + ClusterTables, OwnersClock, HourMarks, Channels];

    // How far each node's clock was ahead of the database's when it looked last.
    private const string OwnersClock = "ALTER TABLE owners ADD COLUMN clock_ahead interval";

    // What the machines share of their channels: the newest check of each, when one of them began to look
    // channels up, and the calls to TGStat.
    private const string Channels = """
        CREATE TABLE channel_checks (
            channel text NOT NULL,
            checked_at timestamptz NOT NULL,
            fault text,
            fault_since timestamptz,
            detail text,
            subscribers bigint,
            written_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE UNIQUE INDEX channel_checks_once ON channel_checks (lower(channel));
        CREATE TABLE tgstat_calls (made_at timestamptz NOT NULL);
        ALTER TABLE heat_up ADD COLUMN checks_at timestamptz;
        """;

    // What is kept beside the rows for those who count them: how often the rows of each hour since 1970 have changed,
    // by connection, so that none waits for another; and the days of UTC on which a session did something whose rows
    // were cleaned up.
    // Who may write the rows need not know of it. Nodes of the version before write meanwhile, so the tables are locked
    // in the order in which they write them.
    private static readonly string HourMarks = $"""
        LOCK TABLE steps, session_history, runs IN SHARE ROW EXCLUSIVE MODE;
        CREATE TABLE history_hours (
            hour bigint NOT NULL,
            backend integer NOT NULL,
            changes bigint NOT NULL,
            PRIMARY KEY (hour, backend)
        ) WITH (fillfactor = 50);
        CREATE TABLE session_days (
            session_id text COLLATE "C" NOT NULL,
            day date NOT NULL,
            PRIMARY KEY (session_id, day)
        );
        INSERT INTO session_days
        SELECT session_id, (joined_at AT TIME ZONE 'UTC')::date FROM memberships WHERE joined_at > '1971-01-01'
        UNION SELECT session_id, (last_read_at AT TIME ZONE 'UTC')::date FROM memberships
        WHERE last_read_at > '1971-01-01';
        {Marking("mark_history", "timestamp")}
        {Marking("mark_runs", "started_at")}
        {Marking("mark_steps", "ended_at")}
        {Marks("session_history", "INSERT", "NEW", "mark_history")}
        {Marks("session_history", "UPDATE", "NEW", "mark_history")}
        {Marks("session_history", "UPDATE", "OLD", "mark_history")}
        {Marks("session_history", "DELETE", "OLD", "mark_history")}
        {Marks("runs", "INSERT", "NEW", "mark_runs")}
        {Marks("runs", "UPDATE", "NEW", "mark_runs")}
        {Marks("runs", "DELETE", "OLD", "mark_runs")}
        {Marks("steps", "INSERT", "NEW", "mark_steps")}
        {Marks("steps", "DELETE", "OLD", "mark_steps")}
        CREATE FUNCTION mark_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
        BEGIN
            UPDATE history_hours SET changes = changes + 1;
            RETURN NULL;
        END $$;
        CREATE TRIGGER mark_all AFTER TRUNCATE ON session_history EXECUTE FUNCTION mark_all();
        CREATE TRIGGER mark_all AFTER TRUNCATE ON runs EXECUTE FUNCTION mark_all();
        CREATE TRIGGER mark_all AFTER TRUNCATE ON steps EXECUTE FUNCTION mark_all();
        """;

    private static string Marking(string name, string time) => $"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
        BEGIN
            INSERT INTO history_hours
            SELECT DISTINCT floor(extract(epoch FROM {time}) / 3600)::bigint, pg_backend_pid(), 1
            FROM changed WHERE isfinite({time})
            ON CONFLICT (hour, backend) DO UPDATE SET changes = history_hours.changes + 1;
            RETURN NULL;
        END $$;
        """;

    private static string Marks(string table, string what, string rows, string function) =>
        $"CREATE TRIGGER {function}_by_{what}_{rows} AFTER {what} ON {table} "
        + $"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}();";

    // Not to_regclass, which may answer from what the connection saw before it waited for the lock.
    private const string OwnTables = """
        SELECT tablename::text FROM pg_tables
        WHERE tablename IN ('heat_up', 'session_history') AND schemaname = ANY (current_schemas(false))
        """;

    // Any number that no other program is likely to lock.
    private const long Lock = 0x48656174_5570;

    // The json type keeps a text as it was written; jsonb would reorder keys and refuse \u0000. Names are compared by
    // their bytes, as in every other store.
    private const string Tables = """
        CREATE TABLE session_history (
            id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            session_id text COLLATE "C" NOT NULL,
            action_type text NOT NULL,
            action_data json,
            timestamp timestamptz DEFAULT CURRENT_TIMESTAMP
        );
        CREATE INDEX session_history_by_session ON session_history (session_id, timestamp);
        CREATE INDEX session_history_by_time ON session_history (timestamp);
        -- What a row of the history could not hold as it was: text that is no JSON, has a NUL or isn't UTF-8, and times
        -- in another spelling. Null where the row has it all.
        CREATE TABLE history_originals (
            id bigint PRIMARY KEY REFERENCES session_history ON DELETE CASCADE,
            session_id bytea,
            action_type bytea,
            action_data bytea,
            timestamp bytea
        );
        CREATE TABLE owners (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            since timestamptz NOT NULL DEFAULT clock_timestamp(),
            gone_at timestamptz,
            -- The node, as the table of members names it; NULL for a process that is none.
            member text,
            is_alone boolean NOT NULL DEFAULT true,
            machine text,
            urls text
        );
        CREATE INDEX owners_living ON owners (number) WHERE gone_at IS NULL;
        CREATE TABLE runs (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            run_id text COLLATE "C" NOT NULL CONSTRAINT runs_by_id UNIQUE,
            session_id text COLLATE "C" NOT NULL,
            sitting integer NOT NULL,
            planner text NOT NULL,
            fallback_reason text,
            plan json NOT NULL,
            tokens_in bigint NOT NULL,
            tokens_out bigint NOT NULL,
            tokens_cached bigint NOT NULL,
            status text NOT NULL,
            end_code text,
            end_detail text,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            owner bigint NOT NULL,
            epoch bigint NOT NULL,
            cancel_asked_at timestamptz
        );
        CREATE INDEX runs_open_by_owner ON runs (owner) WHERE ended_at IS NULL;
        CREATE INDEX runs_to_cancel ON runs (owner) WHERE ended_at IS NULL AND cancel_asked_at IS NOT NULL;
        CREATE UNIQUE INDEX runs_one_open ON runs (session_id) WHERE ended_at IS NULL;
        CREATE INDEX runs_by_session ON runs (session_id, started_at);
        CREATE INDEX runs_by_start ON runs (started_at);
        -- A step's action is that of the plan at its place, unless it says otherwise.
        CREATE TABLE steps (
            run bigint NOT NULL REFERENCES runs ON DELETE CASCADE,
            step integer NOT NULL,
            action json,
            outcome text NOT NULL,
            error_code integer,
            error_message text,
            posts_read integer NOT NULL,
            wait_until timestamptz,
            started_at timestamptz NOT NULL,
            ended_at timestamptz NOT NULL,
            CONSTRAINT steps_once PRIMARY KEY (run, step)
        );
        CREATE TABLE memberships (
            session_id text COLLATE "C" NOT NULL,
            channel text NOT NULL,
            joined_at timestamptz NOT NULL,
            last_read_at timestamptz
        );
        CREATE UNIQUE INDEX memberships_once ON memberships (session_id, lower(channel));
        CREATE TABLE sittings (
            session_id text COLLATE "C" PRIMARY KEY,
            begun integer NOT NULL
        );
        CREATE TABLE llm_usage (
            day date PRIMARY KEY,
            input bigint NOT NULL,
            output bigint NOT NULL,
            cached bigint NOT NULL
        );
        -- One row: which Telegram the sittings visited, the last time that was found plausible, the cluster whose
        -- database it is, and when some node began the last cleanup.
        CREATE TABLE heat_up (
            one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
            version integer NOT NULL,
            telegram text,
            clock timestamptz,
            cluster text,
            cleanup_at timestamptz
        );
        """;

    // Who is a member is the engine's business: Orleans runs the statements that it finds under these keys, binds their
    // parameters and reads their columns by name. Each change raises the version of the whole table, or changes nothing
    // if another node was faster. A sign of life is written in the database's time, whatever the node's clock says.
    private const string ClusterTables = """

        CREATE TABLE clusters (
            cluster text PRIMARY KEY,
            version integer NOT NULL
        );
        CREATE TABLE members (
            cluster text NOT NULL REFERENCES clusters,
            address text NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            silo_name text NOT NULL,
            host_name text NOT NULL,
            status integer NOT NULL,
            proxy_port integer,
            suspect_times text,
            start_time timestamptz NOT NULL,
            alive_at timestamptz NOT NULL,
            PRIMARY KEY (cluster, address, port, generation)
        );
        CREATE TABLE OrleansQuery (
            QueryKey text PRIMARY KEY,
            QueryText text NOT NULL
        );
        INSERT INTO OrleansQuery VALUES
        ('InsertMembershipVersionKey', '
            WITH made AS (
                INSERT INTO clusters VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*)::integer FROM made'),
        ('InsertMembershipKey', '
            WITH raised AS (
                UPDATE clusters SET version = version + 1
                WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
                    SELECT 1 FROM members WHERE cluster = @DeploymentId AND address = @Address AND port = @Port
                        AND generation = @Generation)
                RETURNING cluster),
            made AS (
                INSERT INTO members SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status,
                    @ProxyPort::integer, NULL, clock_timestamp(), clock_timestamp()
                FROM raised RETURNING 1)
            SELECT count(*)::integer FROM made'),
        ('UpdateMembershipKey', '
            WITH raised AS (
                UPDATE clusters SET version = version + 1
                WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
                    SELECT 1 FROM members WHERE cluster = @DeploymentId AND address = @Address AND port = @Port
                        AND generation = @Generation)
                RETURNING cluster),
            changed AS (
                UPDATE members SET status = @Status, suspect_times = @SuspectTimes::text,
                    alive_at = CASE WHEN status <> @Status AND @Status <> 6 THEN clock_timestamp() ELSE alive_at END
                FROM raised
                WHERE members.cluster = raised.cluster AND address = @Address AND port = @Port
                    AND generation = @Generation
                RETURNING 1)
            SELECT count(*)::integer FROM changed'),
        ('UpdateIAmAlivetimeKey', '
            UPDATE members SET alive_at = clock_timestamp()
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
        ('MembershipReadRowKey', '
            SELECT clusters.cluster AS DeploymentId, address AS Address, port AS Port, generation AS Generation,
                silo_name AS SiloName, host_name AS HostName, status AS Status, proxy_port AS ProxyPort,
                suspect_times AS SuspectTimes, start_time AS StartTime, alive_at AS IAmAliveTime,
                version AS Version
            FROM clusters LEFT JOIN members ON members.cluster = clusters.cluster AND address = @Address
                AND port = @Port AND generation = @Generation
            WHERE clusters.cluster = @DeploymentId'),
        ('MembershipReadAllKey', '
            SELECT clusters.cluster AS DeploymentId, address AS Address, port AS Port, generation AS Generation,
                silo_name AS SiloName, host_name AS HostName, status AS Status, proxy_port AS ProxyPort,
                suspect_times AS SuspectTimes, start_time AS StartTime, alive_at AS IAmAliveTime,
                version AS Version
            FROM clusters LEFT JOIN members ON members.cluster = clusters.cluster
            WHERE clusters.cluster = @DeploymentId'),
        ('GatewaysQueryKey', '
            SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM members
            WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0'),
        ('DeleteMembershipTableEntriesKey', '
            WITH gone AS (DELETE FROM members WHERE cluster = @DeploymentId)
            DELETE FROM clusters WHERE cluster = @DeploymentId'),
        -- Only those whose runs may be taken over already.
        ('CleanupDefunctSiloEntriesKey', '
            DELETE FROM members
            WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3 AND NOT EXISTS (
                SELECT 1 FROM owners WHERE gone_at IS NULL
                    AND member = format(''%s:%s@%s'', address, port, generation))'),
        ('CleanupDefunctSiloEntryKey', '
            DELETE FROM members
            WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
                AND status = 6 AND NOT EXISTS (
                    SELECT 1 FROM owners WHERE gone_at IS NULL
                        AND member = format(''%s:%s@%s'', address, port, generation))');
        """;

    /// <summary>
    /// Makes the tables that are missing, all or nothing; of many processes that start at once, one does.
    /// </summary>
    /// <exception cref="StoreException">The database belongs to a newer version or to another program.</exception>
    public static Task EnsureAsync(PostgresDatabase database, bool makes, CancellationToken cancellation) =>
        EnsureAsync(database, Versions, makes, cancellation);

    /// <summary>The same with other versions: what makes each out of the one before it.</summary>
    internal static async Task EnsureAsync(
        PostgresDatabase database, IReadOnlyList<string> versions, bool makes, CancellationToken cancellation)
    {
        var version = await database.OnAsync(
            connection => VersionAsync(connection, database, versions.Count, cancellation), cancellation);
        if (version is null && !makes) throw PostgresTrouble.Empty(database.Place);
        if (version is null || version < versions.Count) await database.InTransactionAsync(MakeAsync, cancellation);

        async Task<bool> MakeAsync(NpgsqlConnection connection)
        {
            await connection.RunAsync("SELECT pg_advisory_xact_lock($1)", cancellation, Lock);
            // Another process may have made them meanwhile.
            var before = await VersionAsync(connection, database, versions.Count, cancellation) ?? 0;
            foreach (var step in versions.Skip(before)) await connection.RunAsync(step, cancellation);
            await connection.RunAsync(before == 0
                ? "INSERT INTO heat_up (version) VALUES ($1)"
                : "UPDATE heat_up SET version = greatest(version, $1)", cancellation, versions.Count);
            return before < versions.Count;
        }
    }

    private static async Task<int?> VersionAsync(
        NpgsqlConnection connection, PostgresDatabase database, int known, CancellationToken cancellation)
    {
        // Both in one look: another process may be making them.
        var tables = await connection.RowsAsync(OwnTables, row => row.GetString(0), cancellation);
        if (tables.Count == 0) return null;
        if (!tables.Contains("heat_up")) throw PostgresTrouble.Foreign(database.Place);
        var version = await connection.ScalarAsync<int>("SELECT version FROM heat_up", cancellation);
        return version > known ? throw PostgresTrouble.Newer(database.Place, version) : version;
    }
}
