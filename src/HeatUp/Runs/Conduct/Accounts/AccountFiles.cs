namespace HeatUp.Runs.Conduct;

/// <summary>Reads and writes the accounts' files: what fails is told with its reason and what to do.</summary>
internal static class AccountFiles
{
    /// <summary>The mode of a file that only its owner may read.</summary>
    public const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>Makes the accounts' folder for its owner only, if it isn't there.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnersFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The accounts' folder {folder} can't be made: {FileTrouble.Of(failure)} Make it so "
                + "that this user may write there, or let HOME or XDG_DATA_HOME name a folder that is this user's.",
                failure);
        }
    }

    /// <summary>Makes an empty file for its owner only; it may be there meanwhile.</summary>
    public static bool MakeFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
        try
        {
            new FileStream(path, options).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Does something with a file or a folder of the accounts.</summary>
    /// <exception cref="IOException">It can't be done.</exception>
    public static T Use<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, FileTrouble.Of(failure), failure);
        }
    }

    /// <summary>That a file could not be read or written, which says nothing of what is in it.</summary>
    public static IOException Unusable(string path, string reason, Exception? cause = null) => new(
        $"{path} can't be read or written: {reason} No account does anything meanwhile. Mend that, then try again: the "
        + "user that runs heat must own the file and its folder, and the disk must have room.", cause);
}
