using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Primitives;

namespace HeatUp.Sessions.Sqlite;

/// <summary>Which session follows which channel: the statements.</summary>
internal static class Memberships
{
    // Whatever the order in which rows are met: since the first join, read at the last reading.
    private const string JoinSql = """
        INSERT INTO memberships (session_id, channel, joined_at) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET joined_at = excluded.joined_at WHERE excluded.joined_at < joined_at
        """;

    private const string ReadSql = """
        UPDATE memberships SET last_read_at = ?3
        WHERE session_id = ?1 AND channel = ?2 AND (last_read_at IS NULL OR last_read_at < ?3)
        """;

    // Now it is read; a time more than a day later was written by a wrong clock, and would stay for years.
    private const string ReadNowSql = """
        UPDATE memberships SET last_read_at = ?3
        WHERE session_id = ?1 AND channel = ?2 AND (last_read_at IS NULL OR last_read_at < ?3 OR last_read_at >= ?4)
        """;

    private const string OfSession = """
        SELECT channel, joined_at, last_read_at FROM memberships
        WHERE session_id = ?1 ORDER BY joined_at DESC, channel
        """;

    public static int Join(SqliteDatabase db, SqliteValue session, ChannelName channel, DateTimeOffset at) =>
        db[JoinSql].Bind(1, session).Bind(2, channel.Value).Bind(3, at).Run();

    public static int Read(SqliteDatabase db, SqliteValue session, ChannelName channel, DateTimeOffset at) =>
        db[ReadSql].Bind(1, session).Bind(2, channel.Value).Bind(3, at).Run();

    /// <summary>As <see cref="Read"/>, at this moment.</summary>
    public static int ReadNow(SqliteDatabase db, SqliteValue session, ChannelName channel, DateTimeOffset now) =>
        db[ReadNowSql].Bind(1, session).Bind(2, channel.Value).Bind(3, now).Bind(4, now + ClockLimits.AheadMax).Run();

    /// <summary>
    /// A session's memberships, the newest first. A reading at a time or later is none: a wrong clock wrote it.
    /// </summary>
    public static IReadOnlyList<Membership> Of(SqliteDatabase db, string session, DateTimeOffset before)
    {
        var rows = db[OfSession].Bind(1, session);
        var memberships = new List<Membership>();
        while (rows.Step())
            if (ChannelName.TryParse(rows.Text(0), out var channel))
            {
                var read = rows.Time(2) is { } at && at < before ? at : default(DateTimeOffset?);
                memberships.Add(new Membership(channel, rows.Time(1) ?? DateTimeOffset.UnixEpoch, read));
            }
        rows.Reset();
        return memberships.ToArray();
    }
}
