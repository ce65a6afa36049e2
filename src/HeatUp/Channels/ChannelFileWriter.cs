using System.Text;
namespace HeatUp.Channels;

/// <summary>
/// Changes a file of channels: reads it, and puts the changed one in its place, whole or not at all. The file as it was
/// stays beside it, as <c>*.bak</c>. One writer at a time, over processes too; readers are never kept waiting.
/// </summary>
public static class ChannelFileWriter
{
    /// <summary>
    /// Replaces the entries by what <paramref name="change"/> makes of them. A file that is missing is made, from the
    /// channels that come along where they stand in for it. Nothing is written if nothing changes. Entries that can't
    /// be read, and fields that nobody here knows, are written back as they were; comments are in the backup only.
    /// </summary>
    /// <param name="place">Where the file is; of a link, the file behind it.</param>
    /// <param name="change">The new entries, at most <see cref="ChannelFile.ChannelsMax"/>. Called once, under the
    /// lock: it must be quick.</param>
    /// <returns>Whether the file has changed.</returns>
    /// <exception cref="ChannelFileException">The file can't be read, locked or written, or would have too many
    /// channels. It is as it was.</exception>
    public static bool Update(
        ChannelsPlace place, Func<IReadOnlyList<ListedChannel>, IReadOnlyList<ListedChannel>> change)
    {
        place = Resolve(place);
        var path = place.Path;
        try
        {
            using var turn = Lock(path);
            return Replace(place, change);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ChannelFileException(
                $"Channels file {path} could not be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    /// <summary>
    /// What <see cref="Update"/> would make of the file, which is refused where that would be; nothing is written, and
    /// nothing need be writable.
    /// </summary>
    /// <param name="place">Where the file is.</param>
    /// <param name="change">The new entries.</param>
    /// <returns>Whether the file would change.</returns>
    /// <exception cref="ChannelFileException">The file can't be changed so.</exception>
    public static bool Preview(
        ChannelsPlace place, Func<IReadOnlyList<ListedChannel>, IReadOnlyList<ListedChannel>> change)
    {
        place = Resolve(place);
        if (!Directory.Exists(Path.GetDirectoryName(place.Path)))
            throw new ChannelFileException(
                $"Channels file {place.Path} could not be written: its folder does not exist.");
        var (file, entries) = Change(place, change);
        return !entries.SequenceEqual(file.Entries);
    }

    private static bool Replace(
        ChannelsPlace place, Func<IReadOnlyList<ListedChannel>, IReadOnlyList<ListedChannel>> change)
    {
        var path = place.Path;
        var (file, entries) = Change(place, change);
        if (entries.SequenceEqual(file.Entries)) return false;
        using var successor = new WholeFile(path);
        successor.Fill(Encoding.UTF8.GetBytes(ChannelEntryText.Of(entries, file.Unread, file.Around)));
        if (File.Exists(path)) Keep(path, successor.Unfinished);
        successor.Place();
        return true;
    }

    private static (ChannelFile File, IReadOnlyList<ListedChannel> Entries) Change(
        ChannelsPlace place, Func<IReadOnlyList<ListedChannel>, IReadOnlyList<ListedChannel>> change)
    {
        var path = place.Path;
        var file = ChannelFile.Read(place);
        // What can't be read can't be kept: overwriting a file with one comma too few would lose all of it.
        if (file.IsBroken && !file.IsMissing)
            throw new ChannelFileException($"{file.Warnings[0]} It is left as it is: mend it, or move it away.");
        if (!file.IsMissing && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
            throw new ChannelFileException(
                $"Channels file {path} is read-only. It is left as it is: make it writable, or set CHANNELS_FILE.");
        var entries = change(file.Entries);
        if (entries.Count > ChannelFile.ChannelsMax)
            throw new ChannelFileException($"Channels file {path} would have {entries.Count} channels, and "
                + $"{ChannelFile.ChannelsMax} are read at most. It is left as it is.");
        return (file, entries);
    }

    /// <summary>
    /// Leaves the file as a backup, whole or not at all, and its successor as few readers as it had.
    /// </summary>
    private static void Keep(string path, string successor)
    {
        using (var backup = new WholeFile($"{path}.bak"))
        {
            File.Copy(path, backup.Unfinished);
            backup.Place();
        }
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(successor, File.GetUnixFileMode(path));
    }

    private static FileLock Lock(string path) => FileLock.TryTake($"{path}.lock")
        ?? throw new ChannelFileException(
            $"Channels file {path} is being changed by another process. Try again when that has ended.");

    private static ChannelsPlace Resolve(ChannelsPlace place)
    {
        var full = Path.GetFullPath(place.Path);
        var target = File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName : null;
        return place with { Path = target ?? full };
    }
}
