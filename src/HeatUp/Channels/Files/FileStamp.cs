namespace HeatUp.Channels;

/// <summary>
/// What tells a changed file from an unchanged one without reading it; default for a file that isn't there.
/// </summary>
internal readonly record struct FileStamp(DateTime LastWrite, long Length)
{
    public static FileStamp Of(string path)
    {
        try
        {
            // A link's own stamp stays when its target is exchanged, as mounted configurations do it.
            var file = new FileInfo(path);
            if (file.LinkTarget is not null) file = (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return default; // gone between two calls, or out of reach: reading it will say so
        }
    }
}
