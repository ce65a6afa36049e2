using System.Runtime.CompilerServices;
using HeatUp.Channels;
using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Who follows or has read what, in one snapshot, on a connection of its own, since whoever takes it may be slow.
/// </summary>
internal sealed class SqliteInteractions(SqliteFile file)
{
    private const string Follows = "SELECT session_id, channel FROM memberships ORDER BY session_id, channel";

    // Python's json writes what SQLite can't read (NaN): such a row says nothing here.
    private const string Reads = """
        SELECT DISTINCT session_id, CASE WHEN json_valid(action_data)
            THEN json_extract(action_data, '$.channel_username') END
        FROM session_history WHERE action_type = 'read_messages' ORDER BY session_id
        """;

    private const int LooksForStopEvery = 1_024;

    public async IAsyncEnumerable<SessionChannel> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var db = new SqliteDatabase(file.OpenReader());
        using var pairs = Pairs(db).GetEnumerator();
        for (var read = 0; Next(pairs); read++)
        {
            if (read % LooksForStopEvery == 0) cancellation.ThrowIfCancellationRequested();
            yield return pairs.Current;
        }
        await ValueTask.CompletedTask;
    }

    private static IEnumerable<SessionChannel> Pairs(SqliteDatabase db)
    {
        db.Run("BEGIN");
        return Rows(db[Follows]).Concat(Rows(db[Reads]));
    }

    private static IEnumerable<SessionChannel> Rows(SqliteStatement rows)
    {
        // Names repeat: each is read once.
        var names = new Dictionary<string, ChannelName>();
        var session = "";
        while (rows.Step())
        {
            if (rows.Text(1) is not { } text) continue;
            if (!names.TryGetValue(text, out var channel))
            {
                if (!ChannelName.TryParse(text, out channel)) continue;
                names[text] = channel;
            }
            var next = rows.Text(0)!;
            if (next != session) session = next;
            yield return new SessionChannel(session, channel);
        }
        rows.Reset();
    }

    private bool Next(IEnumerator<SessionChannel> pairs)
    {
        try { return pairs.MoveNext(); }
        catch (SqliteException failure) { throw SqliteTrouble.Explain(file.Path, failure); }
    }
}
