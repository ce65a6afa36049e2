namespace Heat.Shell;

/// <summary>A file that a command is to write.</summary>
internal static class TargetFile
{
    private static readonly string[] FilesOfSqlite = ["", "-wal", "-shm", "-journal"];

    /// <summary>Refuses a place where nothing can be written, or where writing would destroy something.</summary>
    /// <param name="path">The place.</param>
    /// <param name="force">Whether a file that is there may be replaced; the database in use never may.</param>
    /// <param name="databasePath">The database in use.</param>
    /// <exception cref="IOException">It is such a place.</exception>
    public static void Check(string path, bool force, string databasePath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder. Name a file in it.");
        if (!Directory.Exists(folder))
            throw new IOException($"The folder {folder} does not exist. Make it, or name another file.");
        if (IsOfDatabase(path, databasePath))
            throw new IOException($"{path} belongs to the database in use. Name another file.");
        if (File.Exists(path) && !force) throw new IOException($"{path} exists. Name another file, or add --force.");
    }

    /// <summary>Writes a file, whole or not at all: half an export looks like a small one.</summary>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        using var file = new WholeFile(path);
        T answer;
        await using (var to = File.Create(file.Unfinished)) answer = await write(to);
        file.Place();
        return answer;
    }

    private static bool IsOfDatabase(string path, string databasePath)
    {
        var (target, database) = (Resolve(path), Resolve(databasePath));
        return FilesOfSqlite.Any(end => target == database + end);
    }

    private static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }
}
