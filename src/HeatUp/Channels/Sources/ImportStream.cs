using System.Buffers;
using System.Text;

namespace HeatUp.Channels.Sources;

/// <summary>
/// A file as it is read: looked at before (<see cref="Head"/>), counted, and if it is UTF-8, checked, so that another
/// encoding is named and not turned into question marks.
/// </summary>
internal sealed class ImportStream : Stream
{
    private const int HeadLength = 64 * 1024;

    private readonly Stream inner;
    private readonly byte[] pending = new byte[4];
    private ReadOnlyMemory<byte> head;
    private int pendingLength;
    private long line = 1;
    private bool checksUtf8 = true;

    private ImportStream(Stream inner) => this.inner = inner;

    /// <summary>The encoding: by its mark, by the zeros of UTF-16, else UTF-8.</summary>
    public Encoding Encoding { get; private set; } = Encoding.UTF8;

    /// <summary>The first characters.</summary>
    public string Head { get; private set; } = "";

    /// <summary>How many bytes have been read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Looks at the beginning.</summary>
    public static async ValueTask<ImportStream> OpenAsync(Stream inner, CancellationToken cancellation)
    {
        var stream = new ImportStream(inner);
        var first = new byte[HeadLength];
        var length = await inner.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancellation);
        stream.head = first.AsMemory(0, length);
        stream.Recognize(first.AsSpan(0, length));
        return stream;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length;
        if (head.Length > 0)
        {
            length = Math.Min(head.Length, buffer.Length);
            head[..length].CopyTo(buffer);
            head = head[length..];
        }
        else
        {
            length = await inner.ReadAsync(buffer, cancellationToken);
        }
        BytesRead += length;
        if (checksUtf8) Check(buffer.Span[..length], isEnd: length == 0 && buffer.Length > 0);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private void Recognize(ReadOnlySpan<byte> bytes)
    {
        Encoding = bytes switch
        {
            [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
            [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        checksUtf8 = Encoding == Encoding.UTF8;
        if (bytes.StartsWith("PK\u0003\u0004"u8))
            throw new ImportException("it is a spreadsheet or an archive. Save it as CSV.");
        if (checksUtf8 && bytes.Contains((byte)0)) throw new ImportException("it is not a text.");
        Head = Encoding.GetString(bytes).TrimStart('\uFEFF');
    }

    private void Check(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        // The last character may be cut by the buffer: its first bytes wait for the rest.
        while (pendingLength > 0 && bytes.Length > 0)
        {
            pending[pendingLength++] = bytes[0];
            bytes = bytes[1..];
            var status = Rune.DecodeFromUtf8(pending.AsSpan(0, pendingLength), out _, out _);
            if (status == OperationStatus.InvalidData) throw NotUtf8(pending.AsSpan(0, pendingLength), line);
            if (status == OperationStatus.Done) pendingLength = 0;
        }
        if (isEnd && pendingLength > 0) throw NotUtf8(pending.AsSpan(0, pendingLength), line);
        var valid = System.Text.Unicode.Utf8.IsValid(bytes) ? bytes.Length : ValidLength(bytes);
        line += bytes[..valid].Count((byte)'\n');
        var rest = bytes[valid..];
        if (rest.Length == 0) return;
        if (Rune.DecodeFromUtf8(rest, out _, out _) != OperationStatus.NeedMoreData) throw NotUtf8(rest, line);
        rest.CopyTo(pending);
        pendingLength = rest.Length;
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
            at += length;
        return at;
    }

    private static ImportException NotUtf8(ReadOnlySpan<byte> bytes, long line)
    {
        // Text in windows-1251 is mostly letters from 0xC0 on, one after the other; Western texts have single ones.
        var isCyrillic = bytes.Length > 1 && bytes[0] >= 0xC0 && bytes[1] >= 0xC0;
        var likely = isCyrillic ? "windows-1251" : "windows-1252";
        return new($"line {line} is not UTF-8 text; it may be {likely}. Save it as UTF-8, or convert it: "
            + $"iconv -f {likely} -t utf-8 FILE > NEW.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A file can't be imported: the end of a sentence that begins with its name.</summary>
internal sealed class ImportException(string message) : Exception(message);
