namespace HeatUp.Channels;

/// <summary>A file that is read as a whole: its bytes, or why there are none.</summary>
/// <param name="Bytes">What it holds; empty if it could not be read.</param>
/// <param name="Fault">Why it could not be read: the end of a sentence about the file. Null if it could.</param>
internal readonly record struct SmallFile(ReadOnlyMemory<byte> Bytes, string? Fault)
{
    /// <summary>Whether it is the system's refusal, which says nothing of what the file holds.</summary>
    public bool IsUnreadable { get; private init; }

    /// <summary>The fault of a file that isn't there.</summary>
    public const string Missing = "it does not exist.";

    /// <summary>
    /// Reads a file of at most <paramref name="bytesMax"/> bytes; whatever is there, the answer comes.
    /// </summary>
    public static SmallFile Read(string path, int bytesMax)
    {
        if (Directory.Exists(path)) return Broken("it is a directory.");
        try
        {
            const FileShare withWriters = FileShare.ReadWrite | FileShare.Delete;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, withWriters);
            if (!file.CanSeek) return Broken("it is not an ordinary file.");
            return file.Length <= bytesMax
                ? new(BytesOf(file), null)
                : Broken($"it has {file.Length} bytes, and {bytesMax} are read at most.");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Broken(Missing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Broken($"it can't be read. {FileTrouble.Of(failure)}") with { IsUnreadable = true };
        }
    }

    private static SmallFile Broken(string fault) => new(default, fault);

    private static ReadOnlyMemory<byte> BytesOf(FileStream file)
    {
        var bytes = new byte[file.Length];
        return bytes.AsMemory(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
