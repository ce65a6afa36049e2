namespace HeatUp.Tests.Support;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>What memory must have free to be used: some times what all tests put there.</summary>
    private const long MemoryMin = 4L << 30;

    public TempFolder() => Path = Directory.CreateTempSubdirectory("heatup-").FullName;

    private TempFolder(string path) => Path = Directory.CreateDirectory(path).FullName;

    public string Path { get; }

    /// <summary>
    /// One in memory, where the system has room for it: for thousands of files that need not reach a disk, and that a
    /// disk takes minutes to remove when others use it too.
    /// </summary>
    public static TempFolder InMemory()
    {
        if (!Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < MemoryMin) return new();
        // A run that was killed has left its own there.
        foreach (var left in Directory.GetDirectories(Memory, "heatup-*"))
            if (!Directory.Exists($"/proc/{left.Split('-')[1]}")) Directory.Delete(left, recursive: true);
        return new($"{Memory}/heatup-{Environment.ProcessId}-{System.IO.Path.GetRandomFileName()}");
    }

    /// <summary>The path of a file in it, which need not exist.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in it, and answers its path.</summary>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Writes a file in it, and answers its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
