using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions.Sqlite;

/// <summary>What is remembered of a session when its next sitting is planned.</summary>
internal static class Recall
{
    /// <summary>The least that a sound database can answer.</summary>
    public const string Ping = "SELECT EXISTS (SELECT 1 FROM session_history)";

    /// <summary>
    /// A session's recollection from before a time; null if others wrote rows whose memberships must be looked for
    /// first.
    /// </summary>
    public static Recollection? Of(
        SqliteReader reader, (SessionId Session, DateTimeOffset Before) which) => reader.InSnapshot(db =>
    {
        if (ForeignRows.IsBehind(db)) return null;
        var (session, before) = which;
        var recent = HistoryRows.Recent(db, session.Value, Recollection.RecentMax, before);
        return new Recollection(
            session,
            RunWrites.SittingsOf(db, session.Value),
            HistoryRows.CountOf(db, session.Value),
            recent.Count > 0 ? recent[0].At : null,
            Memberships.Of(db, session.Value, before),
            recent.Select(action => new RecentAction(action.Kind, ChannelOf(action.Data), action.At)).ToArray())
        {
            Running = RunWrites.OpenRunOf(db, session),
        };
    });

    private static ChannelName? ChannelOf(byte[] data) =>
        ActionData.TryReadChannel(data, out var channel) ? channel : null;
}
