namespace HeatUp.Channels;

/// <summary>A file that nobody else can open while this is, over processes: whoever has it has the turn.</summary>
internal sealed class FileLock : IDisposable
{
    // What the system says of a file that another has: a sharing or a lock violation, or "would block".
    private static readonly int[] Taken =
        OperatingSystem.IsWindows() ? [unchecked((int)0x80070020), unchecked((int)0x80070021)]
        : OperatingSystem.IsLinux() ? [11]
        : [35];

    private readonly FileStream file;

    private FileLock(FileStream file) => this.file = file;

    /// <summary>
    /// Takes the turn; null if another has it. Any other failure is told as what it is: a full disk is nobody's turn.
    /// </summary>
    /// <param name="path">The file, made if it isn't there.</param>
    /// <param name="stays">Whether it stays when the turn is over, for its owner alone.</param>
    /// <exception cref="IOException">The file can't be opened; it says why.</exception>
    public static FileLock? TryTake(string path, bool stays = false)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = stays ? FileOptions.None : FileOptions.DeleteOnClose,
        };
        if (stays && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new(new FileStream(path, options));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException(failure.Message, failure);
        }
        catch (IOException failure) when (Taken.Contains(failure.HResult))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
