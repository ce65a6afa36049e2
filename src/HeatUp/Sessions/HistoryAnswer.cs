using System.Buffers;
using System.Text;
using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>A row of the history, in whatever database it lies.</summary>
/// <param name="id">Its number.</param>
/// <param name="type">The action's word, in UTF-8.</param>
/// <param name="data">The action's JSON, in UTF-8; empty if there is none.</param>
/// <param name="hasData">Whether there is any, if only an empty text.</param>
/// <param name="time">When, as <see cref="StoredTime"/> has it; also what is no time, with its mark.</param>
internal readonly ref struct HistoryRow(
    long id, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, bool hasData, ReadOnlySpan<byte> time)
{
    public long Id => id;

    public ReadOnlySpan<byte> Type { get; } = type;

    public ReadOnlySpan<byte> Data { get; } = data;

    public bool HasData => hasData;

    public ReadOnlySpan<byte> Time { get; } = time;
}

/// <summary>
/// The answer to a question for a session's history, in the making. Rows are added as they are met; the summary, which
/// stands before them, is known only then. One caller at a time.
/// </summary>
internal sealed class HistoryAnswer
{
    private const int RecentMax = 5;
    private const int RowsKeptMax = 16_384;

    private readonly AnswerBuffer buffer = new();
    private readonly AnswerBuffer name = new();
    private readonly AnswerBuffer beforeType = new();
    private readonly AnswerBuffer summary = new();
    private readonly HashSet<string> channels = new(StringComparer.OrdinalIgnoreCase);
    private Row[] rows = new Row[64];
    private int count;
    private bool inOrder;

    private readonly record struct Row(long Ticks, long Id, Range Json, Range Channel);

    /// <summary>Whether a row with a readable time was added.</summary>
    public bool HasTime { get; private set; }

    public int Count => count;

    public void Begin(SessionId session)
    {
        foreach (var past in (ReadOnlySpan<AnswerBuffer>)[buffer, name, beforeType, summary]) past.Clear();
        channels.Clear();
        if (rows.Length > RowsKeptMax) rows = new Row[64];
        (count, inOrder, HasTime) = (0, true, false);
        name.WriteString(Encoding.UTF8.GetBytes(session.Value));
        beforeType.Write(",\"session_id\":"u8);
        beforeType.Write(name.Written);
        beforeType.Write(",\"action_type\":"u8);
    }

    /// <summary>Adds a row of the history. Rows may come in any order; from the newest on is the fastest.</summary>
    public void Add(in HistoryRow row)
    {
        if (count > 0) buffer.Write(","u8);
        var start = buffer.Length;
        StoredTime.TryReadUsual(row.Time, out var ticks);
        var channel = WriteRow(row, isTime: ticks != StoredTime.Unreadable);
        Add(new Row(ticks, row.Id, start..buffer.Length, channel));
    }

    /// <summary>Writes the whole answer.</summary>
    /// <param name="answer">Where to.</param>
    /// <param name="isNew">Whether nothing at all is remembered of the session.</param>
    /// <param name="lastActivity">When it did the newest of all that is remembered; null if that isn't known.</param>
    public void WriteTo(IBufferWriter<byte> answer, bool isNew, DateTimeOffset? lastActivity)
    {
        if (!inOrder) rows.AsSpan(0, count).Sort(NewestFirst);
        WriteSummary(isNew, HasTime ? new DateTimeOffset(rows[0].Ticks, TimeSpan.Zero) : lastActivity);
        answer.Write(summary.Written);
        if (inOrder) answer.Write(buffer.Written);
        else WriteRows(answer);
        answer.Write("]}"u8);
    }

    private static int NewestFirst(Row left, Row right) =>
        left.Ticks != right.Ticks ? right.Ticks.CompareTo(left.Ticks) : right.Id.CompareTo(left.Id);

    private void Add(in Row row)
    {
        if (count == rows.Length) Array.Resize(ref rows, 2 * count);
        inOrder &= count == 0 || NewestFirst(rows[count - 1], row) < 0;
        HasTime |= row.Ticks != StoredTime.Unreadable;
        rows[count++] = row;
    }

    private Range WriteRow(in HistoryRow row, bool isTime)
    {
        var channel = default(Range);
        buffer.Write("{\"id\":"u8);
        buffer.Write(row.Id);
        buffer.Write(beforeType.Written);
        buffer.WriteString(row.Type);
        buffer.Write(",\"action_data\":"u8);
        if (row.HasData) StoredJson.Write(row.Data, buffer, out channel);
        else buffer.Write("null"u8);
        buffer.Write(",\"timestamp\":"u8);
        if (isTime) WriteTime(buffer, row.Time);
        else if (StoredTime.Original(row.Time) is { } original) buffer.WriteString(original);
        else buffer.Write("null"u8);
        buffer.Write("}"u8);
        return row.Type.SequenceEqual("join_channel"u8) ? channel : default;
    }

    private static void WriteTime(AnswerBuffer to, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[StoredTime.Length];
        StoredTime.Write(time, text);
        WriteTime(to, text);
    }

    // Nearly every time is already spelled but for a letter, so it is copied and not formatted.
    private static void WriteTime(AnswerBuffer to, ReadOnlySpan<byte> time)
    {
        var at = to.Length;
        to.Write("\""u8);
        to.Write(time);
        to.Write(time.Length == StoredTime.Length ? "Z\""u8 : ".000000Z\""u8);
        to.Replace(at + 11, (byte)'T');
    }

    private void WriteSummary(bool isNew, DateTimeOffset? lastActivity)
    {
        summary.Write("{\"session_id\":"u8);
        summary.Write(name.Written);
        summary.Write(isNew ? ",\"summary\":{\"is_new\":true,\"total_actions\":"u8
            : ",\"summary\":{\"is_new\":false,\"total_actions\":"u8);
        summary.Write(count);
        summary.Write(",\"joined_channels\":["u8);
        WriteChannels();
        summary.Write("],\"last_activity\":"u8);
        if (lastActivity is { } time) WriteTime(summary, time);
        else summary.Write("null"u8);
        summary.Write(",\"recent_actions\":["u8);
        WriteRecent();
        summary.Write("]},\"history\":["u8);
    }

    private void WriteRecent()
    {
        for (var i = 0; i < Math.Min(count, RecentMax); i++)
        {
            if (i > 0) summary.Write(","u8);
            summary.Write(buffer[rows[i].Json]);
        }
    }

    private void WriteChannels()
    {
        Span<char> spelling = stackalloc char[64];
        var known = channels.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (ref readonly var row in rows.AsSpan(0, count))
        {
            var text = buffer[row.Channel];
            if (text.IsEmpty || text.Length > spelling.Length) continue;
            if (!Encoding.UTF8.TryGetChars(text, spelling, out var length)) continue;
            if (known.Add(spelling[..length])) WriteChannel(spelling[..length].ToString());
        }
    }

    private void WriteChannel(string spelling)
    {
        // One channel has several spellings: with and without its @, or as a link.
        if (!ChannelName.TryParse(spelling, out var channel)) return;
        if (!channels.Add(channel.Value) && !spelling.Equals(channel.Value, StringComparison.OrdinalIgnoreCase)) return;
        if (summary[^1..][0] != '[') summary.Write(","u8);
        summary.WriteString(Encoding.UTF8.GetBytes(channel.Value));
    }

    private void WriteRows(IBufferWriter<byte> answer)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0) answer.Write(","u8);
            answer.Write(buffer[rows[i].Json]);
        }
    }
}
