using System.Threading.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using Npgsql;
using static HeatUp.Sessions.Postgres.PostgresRuns;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// Writes steps. Those that come while others are being written are written together, by one statement that names the
/// hold of each: so a commit is shared by as many steps as wait for one. Thread-safe.
/// </summary>
internal sealed class PostgresSteps : IAsyncDisposable
{
    // Of steps of about 600 bytes; more in one statement makes none of them cheaper.
    private const int TogetherMax = 500;

    // Steps of different runs. Answers the places of those whose hold is not lost.
    private const string RememberSql = """
        WITH input AS (
            SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[],
                $7::integer[], $8::text[], $9::integer[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
                $13::text[], $14::boolean[], $15::text[])
            WITH ORDINALITY AS input(run_id, owner, epoch, step, action, outcome, error_code, error_message,
                posts_read, wait_until, started_at, ended_at, kind, is_done, channel, place)),
        held AS (
            SELECT runs.number, runs.session_id, runs.plan, input.* FROM input JOIN runs ON runs.run_id = input.run_id
            WHERE runs.owner = input.owner AND runs.epoch = input.epoch AND runs.ended_at IS NULL
            ORDER BY runs.number FOR UPDATE OF runs),
        step AS (
            INSERT INTO steps (run, step, action, outcome, error_code, error_message, posts_read, wait_until,
                started_at, ended_at)
            SELECT number, step, nullif(action, plan->>(step - 1))::json, outcome, error_code, error_message,
                posts_read, wait_until, started_at, ended_at
            FROM held),
        history AS (
            INSERT INTO session_history (session_id, action_type, action_data, timestamp)
            SELECT session_id, kind, action::json, ended_at FROM held WHERE is_done ORDER BY place),
        joined AS (
            INSERT INTO memberships (session_id, channel, joined_at)
            SELECT session_id, channel, ended_at FROM held WHERE is_done AND kind = 'join_channel'
            ON CONFLICT (session_id, lower(channel)) DO UPDATE SET joined_at = excluded.joined_at
            WHERE excluded.joined_at < memberships.joined_at),
        was_read AS (
            UPDATE memberships SET last_read_at = held.ended_at FROM held
            WHERE is_done AND kind = 'read_messages' AND memberships.session_id = held.session_id
                AND lower(memberships.channel) = lower(held.channel)
                -- A time more than a day later was written by a wrong clock, and would stay for years.
                AND (last_read_at IS NULL OR last_read_at < held.ended_at
                    OR last_read_at >= held.ended_at + make_interval(secs => $16)))
        SELECT place FROM held
        """;

    private readonly PostgresDatabase database;
    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    private readonly CancellationTokenSource closing = new();
    private readonly TimeProvider clock;
    private readonly Task writing;

    public PostgresSteps(PostgresDatabase database, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        writing = WriteAsync();
    }

    /// <summary>A step that waits to be written.</summary>
    private sealed record Waiting(Hold Hold, Step Step, long Since, TaskCompletionSource<bool> Written);

    /// <summary>Remembers a step; false if the hold is lost.</summary>
    /// <exception cref="StoreException">It failed, for longer than a restart takes.</exception>
    public Task<bool> RememberAsync(Hold hold, Step step)
    {
        var waiting = new Waiting(
            hold, step, clock.GetTimestamp(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        return queue.Writer.TryWrite(waiting)
            ? waiting.Written.Task
            : throw new StoreException("The store is closed.");
    }

    /// <summary>Writes what waits. Of what can't be written now, nothing is tried a second time.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await closing.CancelAsync();
        await writing;
        closing.Dispose();
    }

    private async Task WriteAsync()
    {
        var together = new List<Waiting>();
        while (await queue.Reader.WaitToReadAsync())
        {
            together.Clear();
            // A run has one step at a time, so that a statement never has two of one session.
            while (together.Count < TogetherMax && queue.Reader.TryRead(out var waiting)) together.Add(waiting);
            await WriteAsync(together);
        }
    }

    private async Task WriteAsync(List<Waiting> together)
    {
        var (alone, wasTried) = (together, false);
        if (together.Count > 1)
            try
            {
                var places = await PersistentlyAsync(isAgain =>
                {
                    wasTried |= isAgain;
                    return database.OnAsync(connection => RememberAsync(connection, together), default);
                }, together);
                foreach (var place in places) together[place].Written.SetResult(true);
                alone = [.. together.Where(waiting => !waiting.Written.Task.IsCompleted)];
            }
            catch (StoreException failure) when (PostgresDatabase.IsPassing(failure))
            {
                // It is away for longer than a restart takes: it would be for each of them.
                foreach (var waiting in together) waiting.Written.SetException(failure);
                return;
            }
            catch (Exception)
            {
                // One of them may be what PostgreSQL refuses, or there already: each is told by itself.
            }
        foreach (var waiting in alone)
            try
            {
                waiting.Written.SetResult(await PersistentlyAsync(
                    isAgain => RememberAsync(waiting, isAgain || wasTried), [waiting]));
            }
            catch (Exception failure)
            {
                waiting.Written.SetException(failure);
            }
    }

    /// <summary>Tries until those that wait longest have waited for long enough; once, at the end.</summary>
    private Task<T> PersistentlyAsync<T>(Func<bool, Task<T>> work, List<Waiting> together) =>
        database.PersistentlyAsync(work, closing.Token, together.Min(waiting => waiting.Since));

    private static Task<List<int>> RememberAsync(NpgsqlConnection connection, List<Waiting> together)
    {
        var step = together.ConvertAll(waiting => waiting.Step);
        return connection.RowsAsync(RememberSql, row => (int)row.GetInt64(0) - 1, default,
            Each(waiting => waiting.Hold.Run.ToString()), Each(waiting => waiting.Hold.Owner),
            Each(waiting => waiting.Hold.Epoch), Of(one => one.Number), Of(one => Json(PythonJson.Of(one.Action))),
            Of(one => one.Outcome.Word), Of(one => one.Outcome.Error?.Code),
            Of(one => Escaped(one.Outcome.Error?.Message)), Of(one => PostsIn(one.Outcome)),
            Of(one => Utc(WaitIn(one.Outcome))), Of(one => Utc(one.StartedAt)), Of(one => Utc(one.EndedAt)),
            Of(one => one.Action.Kind), Of(one => one.IsDone),
            Of(one => ActionJson.ChannelOf(one.Action)?.Value), ClockLimits.AheadMax.TotalSeconds);

        T[] Each<T>(Func<Waiting, T> read) => [.. together.Select(read)];
        T[] Of<T>(Func<Step, T> read) => [.. step.Select(read)];
    }

    private static string? Escaped(string? text) => text is null ? null : PostgresText.Escape(text);

    private static DateTime? Utc(DateTimeOffset? time) => time is { } at ? StoredTime.Kept(at).UtcDateTime : null;

    /// <summary>Remembers a step. Where that was tried before and not answered, it may be there already.</summary>
    private async Task<bool> RememberAsync(Waiting waiting, bool isAgain)
    {
        try
        {
            var places = await database.OnAsync(connection => RememberAsync(connection, [waiting]), default);
            return places.Count > 0;
        }
        catch (StoreException failure) when (failure.InnerException
            is PostgresException { ConstraintName: "steps_once" })
        {
            if (isAgain) return true;
            throw new StoreException(
                $"Step {waiting.Step.Number} of the run {waiting.Hold.Run} is remembered already.", failure);
        }
    }
}
