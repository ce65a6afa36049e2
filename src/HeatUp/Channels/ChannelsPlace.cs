namespace HeatUp.Channels;

/// <summary>Where a file of channels is, or will be.</summary>
/// <param name="Path">Its path; a relative one starts at the working folder.</param>
/// <param name="HasBuiltin">
/// Whether the channels that come along stand in while there is no such file; its first change writes them into it.
/// </param>
public sealed record ChannelsPlace(string Path, bool HasBuiltin)
{
    private const string Resource = "channels_data.json";

    private static readonly Lazy<byte[]> Bytes = new(Load);

    /// <summary>The channels that come along, as a file has them.</summary>
    public static ReadOnlyMemory<byte> Builtin => Bytes.Value;

    /// <summary>A file that nothing stands in for.</summary>
    public static implicit operator ChannelsPlace(string path) => new(path, HasBuiltin: false);

    private static byte[] Load()
    {
        using var resource = typeof(ChannelsPlace).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
