using System.IO.Compression;
using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Messages;

/// <summary>What either side packs because it is long. It may lie within a message, and within a method's wrapper.
/// </summary>
internal static class Packing
{
    /// <summary>How large something unpacked may be.</summary>
    private const int UnpackedMax = 4 << 20;

    public static TlObject Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return new("gzip_packed") { { "packed_data", packed.ToArray() } };
    }

    /// <summary>The method or object in it.</summary>
    /// <exception cref="InvalidDataException">It was packed in no way, or is too large.</exception>
    public static TlObject Open(TlObject packed) =>
        new TlReader(TlSchema.Of229, Unpacked(packed.Bytes("packed_data"))).Query();

    /// <summary>Some clients pack as gzip does, TDLib as zlib does.</summary>
    private static byte[] Unpacked(byte[] bytes)
    {
        using var packed = new MemoryStream(bytes);
        using Stream opened = bytes is [0x1f, 0x8b, ..]
            ? new GZipStream(packed, CompressionMode.Decompress)
            : new ZLibStream(packed, CompressionMode.Decompress);
        using var whole = new MemoryStream();
        var part = new byte[8192];
        while (opened.Read(part) is > 0 and var count)
        {
            whole.Write(part.AsSpan(0, count));
            if (whole.Length > UnpackedMax) throw new InvalidDataException("What is packed is too large.");
        }
        return whole.ToArray();
    }
}
