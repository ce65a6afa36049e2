using HeatUp.Channels;

namespace HeatUp.Sessions.Archive;

/// <summary>One thing that is remembered, on its way out of a store or into one.</summary>
public abstract record ArchiveRecord
{
    private ArchiveRecord() { }

    /// <summary>The newest of its times; null if it has none.</summary>
    internal virtual DateTimeOffset? Newest => null;

    /// <summary>The run; null if it can't be read and somebody is told why.</summary>
    /// <exception cref="StoreException">It can't be read, and nobody is told.</exception>
    internal RunRecord? Readable(Action<string>? onUnreadable)
    {
        if (this is Ran ran) return ran.Run;
        var reason = ((Unreadable)this).Reason;
        if (onUnreadable is null) throw new StoreException(reason);
        onUnreadable(reason);
        return null;
    }

    /// <summary>A row of the history, as it is stored: UTF-8, or whatever bytes somebody put there.</summary>
    /// <param name="Session">The session's name.</param>
    /// <param name="Kind">The action's word.</param>
    /// <param name="Data">The action's JSON; null if there is none.</param>
    /// <param name="Timestamp">When; null if there is none.</param>
    public sealed record Action(byte[] Session, byte[] Kind, byte[]? Data, byte[]? Timestamp) : ArchiveRecord
    {
        internal override DateTimeOffset? Newest =>
            Timestamp is not null && StoredTime.TryRead(Timestamp, out var time) ? time : null;
    }

    /// <summary>That a session follows a channel.</summary>
    /// <param name="Session">The session's name.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="JoinedAt">Since when.</param>
    /// <param name="LastReadAt">When it last read there; null if never.</param>
    public sealed record Follows(
        string Session, ChannelName Channel, DateTimeOffset JoinedAt, DateTimeOffset? LastReadAt) : ArchiveRecord
    {
        internal MembershipRow Row => new(Session, Channel, JoinedAt, LastReadAt);

        internal override DateTimeOffset? Newest => LastReadAt > JoinedAt ? LastReadAt : JoinedAt;
    }

    /// <summary>How many sittings of a session began.</summary>
    /// <param name="Session">The session's name.</param>
    /// <param name="Begun">How many.</param>
    public sealed record Sat(string Session, int Begun) : ArchiveRecord;

    /// <summary>An ended run with its steps.</summary>
    /// <param name="Run">The run.</param>
    public sealed record Ran(RunRecord Run) : ArchiveRecord
    {
        internal override DateTimeOffset? Newest => Run.Steps.Select(step => step.EndedAt)
            .Append(Run.StartedAt).Append(Run.EndedAt ?? Run.StartedAt).Max();
    }

    /// <summary>In place of what is there and can't be read: it is in no archive.</summary>
    /// <param name="Reason">What is wrong with it.</param>
    public sealed record Unreadable(string Reason) : ArchiveRecord;
}

/// <summary>A record to be added to a store.</summary>
/// <param name="Record">The record.</param>
/// <param name="Occurrence"> Which of its equals in the archive it is; the first is 1. It is there already if the
/// store has so many equal ones: so two equal actions of one instant stay two, however often they are imported.
/// </param>
public readonly record struct Archived(ArchiveRecord Record, int Occurrence);

/// <summary>A store that can be poured out and into. Thread-safe.</summary>
public interface IArchivable
{
    /// <summary>All that is remembered, but open runs: as of one moment.</summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    IAsyncEnumerable<ArchiveRecord> ReadAllAsync(CancellationToken cancellation);

    /// <summary>Adds what isn't there yet, all or nothing; answers how many records that were.</summary>
    /// <exception cref="StoreException">The store can't be written: nothing was added.</exception>
    ValueTask<int> AddAsync(IReadOnlyList<Archived> records, CancellationToken cancellation);
}
