using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace HeatUp.Channels;

/// <summary>
/// The pool as a file of channels has it now. Whoever asks sees a change of the file within <see cref="CheckEvery"/>. A
/// file that can't be read, a half-saved one for example, takes nothing away: the pool that was read before stays in
/// use. Thread-safe; one caller reads the file, the others go on with what is there.
/// </summary>
public sealed class ChannelPoolFile
{
    /// <summary>How often the file is looked at, at most.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly ChannelsPlace place;
    private readonly TimeProvider clock;
    private readonly ILogger<ChannelPoolFile> log;
    private readonly Lock reading = new();
    private volatile State state =
        new(ChannelPool.VerifiedOnly, ChannelPool.VerifiedOnly, [], [], default, HasBeenRead: false, false);
    private long checkDue;

    /// <summary>Reads the file. If it can't be read, the pool is <see cref="ChannelPool.VerifiedOnly"/>.</summary>
    /// <param name="place">Where the file is, or will be.</param>
    /// <param name="clock">Says when to look again.</param>
    /// <param name="log">Hears of every pool that is read, and of what is wrong with its file, once.</param>
    public ChannelPoolFile(ChannelsPlace place, TimeProvider clock, ILogger<ChannelPoolFile> log)
    {
        (this.place, this.clock, this.log) = (place, clock, log);
        Read(FileStamp.Of(place.Path));
        checkDue = NextCheck();
    }

    /// <summary>The pool. Costs a look at the clock, and at the file if that is due.</summary>
    public ChannelPool Current => Latest().Pool;

    /// <summary>
    /// The pool, and those channels of the file that no plan may use, as if they were fine: what may exist.
    /// </summary>
    public ChannelPool Listed => Latest().Listed;

    /// <summary>The file's entries, those included that no plan may use, in the file's order.</summary>
    public ImmutableArray<ListedChannel> Entries => Latest().Entries;

    /// <summary>What is wrong with the file now, one line each; empty if nothing is.</summary>
    public ImmutableArray<string> Warnings => Latest().Warnings;

    /// <summary>Whether the pool is that of the channels that come along, because there is no file.</summary>
    public bool IsBuiltin => Latest().IsBuiltin;

    /// <summary>Where the file is, in full.</summary>
    public string FullPath => Path.GetFullPath(place.Path);

    private State Latest()
    {
        if (clock.GetTimestamp() >= Volatile.Read(ref checkDue) && reading.TryEnter())
            try { Check(); }
            finally { reading.Exit(); }
        return state;
    }

    private void Check()
    {
        if (clock.GetTimestamp() < checkDue) return;
        Volatile.Write(ref checkDue, NextCheck());
        var stamp = FileStamp.Of(place.Path);
        if (stamp != state.Stamp) Read(stamp);
    }

    /// <summary>
    /// Reads the file. A change that happens meanwhile has another stamp, and is seen at the next check.
    /// </summary>
    private void Read(FileStamp stamp)
    {
        // A file that disappears takes nothing away: what comes along stands in only for one that never was there.
        var file = ChannelFile.Read(state.HasBeenRead ? place.Path : place);
        state = file.IsBroken ? state.After(file, stamp) : Taken(file, stamp);
        var source = file.IsBuiltin ? "the list that comes along" : file.Path;
        if (!file.IsBroken) log.PoolRead(source, state.Pool.All.Length);
        foreach (var warning in state.Warnings) log.ChannelsFileFaulty(warning);
    }

    private State Taken(ChannelFile file, FileStamp stamp)
    {
        var pool = ChannelPool.Of(file.Channels);
        // Whoever has precomputed something for the old pool needs no new one that says the same.
        if (pool.Hash == state.Pool.Hash) pool = state.Pool;
        var listed = file.Channels.Length == file.Entries.Length
            ? pool
            : ChannelPool.Of(file.Entries.Select(entry => entry.Channel));
        return new(pool, listed, file.Entries, file.Warnings, stamp, HasBeenRead: true, file.IsBuiltin);
    }

    private long NextCheck() => clock.GetTimestamp() + (long)(CheckEvery.TotalSeconds * clock.TimestampFrequency);

    private sealed record State(
        ChannelPool Pool,
        ChannelPool Listed,
        ImmutableArray<ListedChannel> Entries,
        ImmutableArray<string> Warnings,
        FileStamp Stamp,
        bool HasBeenRead,
        bool IsBuiltin)
    {
        public State After(ChannelFile broken, FileStamp stamp) => this with
        {
            Warnings = [.. broken.Warnings, HasBeenRead
                ? $"The pool stays as it was read before: {Pool.All.Length} channels."
                : $"The pool is {string.Join(" and ", Pool.All.Select(channel => channel.Name))} only."],
            Stamp = stamp,
        };
    }
}
