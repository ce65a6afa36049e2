namespace HeatUp.Primitives;

/// <summary>
/// A file that takes its place when it is whole, and not before: until <see cref="Place"/> it lies beside it under
/// another name, which is gone after <see cref="Dispose"/>. Nobody ever meets a half of it.
/// </summary>
public sealed class WholeFile : IDisposable
{
    private readonly string path;

    /// <summary>Begins one; what an earlier attempt left is removed.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="unfinished">Where it is made; null for the usual name, which one process at a time may use.</param>
    public WholeFile(string path, string? unfinished = null)
    {
        this.path = path;
        Unfinished = unfinished ?? $"{path}.part";
        File.Delete(Unfinished);
    }

    /// <summary>Where it is made.</summary>
    public string Unfinished { get; }

    /// <summary>Writes a file that holds these bytes, which are on the disk before it takes its place.</summary>
    /// <exception cref="IOException">It can't be written; what was there is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new WholeFile(path);
        file.Fill(bytes);
        file.Place();
    }

    /// <summary>Writes its bytes, and waits until they are on the disk.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="mode">Its permissions, where there are such; null for the usual ones.</param>
    public void Fill(ReadOnlySpan<byte> bytes, UnixFileMode? mode = null)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var file = new FileStream(Unfinished, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts it into its place.</summary>
    /// <param name="overwrite">Whether it may take the place of another; else that is an <see cref="IOException"/>.
    /// </param>
    public void Place(bool overwrite = true) => File.Move(Unfinished, path, overwrite);

    /// <summary>Removes it, unless it is in its place.</summary>
    public void Dispose() => File.Delete(Unfinished);
}
