using System.Runtime.CompilerServices;

namespace HeatUp.Channels.Sources;

/// <summary>A file that lists channels, or a stream that does. It is read once, and never held as a whole.</summary>
/// <param name="path">The file; what a person calls it, if it is opened by <paramref name="open"/>.</param>
/// <param name="open">Opens it; null to open the file.</param>
public sealed class FileSource(string path, Func<Stream>? open = null) : IChannelSource
{
    /// <summary>How to read it; null to find out.</summary>
    public ImportFormat? Format { get; init; }

    /// <summary>The category of channels that name none; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>Hears, now and then, how many bytes have been read.</summary>
    public Action<long>? OnProgress { get; init; }

    /// <summary>Such as <c>import:channels.csv</c>.</summary>
    public string Name => ForeignText.Clean($"import:{Title}", ListedChannel.SourceLengthMax);

    private string Title => Path.GetFileName(path) is { Length: > 0 } name ? name : path;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePart> FetchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await ReadAsync(cancellation);
    }

    private async Task<SourcePart> ReadAsync(CancellationToken cancellation)
    {
        var taken = new Dictionary<ChannelName, Channel>();
        var remarks = new Remarks();
        try
        {
            await using var stream = await ImportStream.OpenAsync(Open(), cancellation);
            var importing = new Importing(stream, Category, Take, remarks);
            await importing.ReadAsync(Format ?? ImportFormats.Guess(Title, stream.Head), cancellation);

            bool Take(Channel channel)
            {
                taken.TryAdd(channel.Name, channel);
                OnProgress?.Invoke(stream.BytesRead);
                return taken.Count <= ChannelFile.ChannelsMax
                    ? true
                    : throw new ImportException($"it names more than {ChannelFile.ChannelsMax} channels, the most that "
                        + "a file of channels can hold. Leave out those that nobody is to visit.");
            }
        }
        catch (Exception failure) when (failure is ImportException or IOException or UnauthorizedAccessException)
        {
            return new(Title, [], remarks.All, $"{path} can't be imported: {failure.Message}");
        }
        return taken.Count > 0
            ? new(Title, [.. taken.Values], remarks.All)
            : new(Title, [], remarks.All, $"{path} can't be imported: it names no channel.");
    }

    private Stream Open() => open is not null ? open() : Directory.Exists(path)
        ? throw new ImportException("it is a directory.")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
