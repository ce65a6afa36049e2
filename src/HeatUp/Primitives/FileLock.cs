namespace HeatUp.Primitives;

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
    /// <remarks>
    /// The file stays when the turn is over, unless the system is to delete it then: deleted by hand, it would give
    /// whoever had opened it before a turn with a file that nobody else meets any more.
    /// </remarks>
    /// <param name="path">The file, made if it isn't there.</param>
    /// <param name="isPrivate">Whether it is made for its owner alone.</param>
    /// <param name="isTransient">Whether it goes with the turn.</param>
    /// <exception cref="IOException">The file can't be opened; it says why.</exception>
    public static FileLock? TryTake(string path, bool isPrivate = false, bool isTransient = false)
    {
        try
        {
            var file = Open(path, isPrivate, isTransient);
            if (IsHeld(path)) return new(file);
            file.Dispose();
            throw new IOException(NotHeld(path));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException(FileTrouble.Of(failure), failure);
        }
        catch (IOException failure) when (Taken.Contains(failure.HResult))
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the system refuses to open a file a second time that this process has opened for itself alone. Some file
    /// systems know no locks, and a setting of .NET turns them off: then everybody would take the turn.
    /// </summary>
    public static bool IsHeld(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0).Dispose();
            return false;
        }
        catch (IOException failure) when (Taken.Contains(failure.HResult))
        {
            return true;
        }
    }

    /// <summary>What to say where it doesn't.</summary>
    public static string NotHeld(string path) =>
        $"The system does not lock {path}, so that two processes could work on the same at once. Put it on a local disk"
        + (Environment.GetEnvironmentVariable("DOTNET_SYSTEM_IO_DISABLEFILELOCKING") is { Length: > 0 }
            ? ", or unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING." : ".");

    private static FileStream Open(string path, bool isPrivate, bool isTransient)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = isTransient ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (isPrivate && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (UnauthorizedAccessException) when (File.Exists(path))
        {
            // Another user has made it: to read it is enough for a turn.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
