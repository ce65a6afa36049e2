using System.Text;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// A file as text. UTF-8, UTF-16 and UTF-32 are told by their marks and zeros. Without them it is ASCII until
/// something else comes, and what that is is told by what it says.
/// </summary>
internal sealed class ListText : IAsyncDisposable
{
    private const int BlockLength = 64 * 1024;

    /// <summary>So many bytes after the first that is not ASCII are looked at, if there are so many.</summary>
    private const int EvidenceLength = 8 * 1024;

    /// <summary>Among so many bytes, a text has a zero at most.</summary>
    private const long ZerosAmong = 100;

    private readonly Stream inner;
    private readonly byte[] bytes = new byte[BlockLength + EvidenceLength];
    private char[] pending = [];
    private int pendingAt;
    private Decoder? decoder;
    private bool isAtEnd;

    private ListText(Stream inner) => this.inner = inner;

    /// <summary>The first characters.</summary>
    public string Head { get; private set; } = "";

    /// <summary>How many bytes have been read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The encoding, if it isn't one of Unicode's but was guessed; null if not.</summary>
    public string? GuessedEncoding { get; private set; }

    /// <summary>How many characters could not be read.</summary>
    public long UnreadableCount { get; private set; }

    /// <summary>Opens a file and looks at its beginning.</summary>
    /// <exception cref="ImportException">It is no text.</exception>
    public static async ValueTask<ListText> OpenAsync(Stream inner, CancellationToken cancellation)
    {
        var text = new ListText(inner);
        await text.FillAsync(isFirst: true, cancellation);
        var length = Math.Min(text.pending.Length, ListLimits.HeadLength);
        text.Head = new string(text.pending, 0, length);
        return text;
    }

    /// <summary>The next characters; none at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellation)
    {
        while (pendingAt == pending.Length)
        {
            if (isAtEnd) return 0;
            await FillAsync(isFirst: false, cancellation);
        }
        var length = Math.Min(buffer.Length, pending.Length - pendingAt);
        pending.AsMemory(pendingAt, length).CopyTo(buffer);
        pendingAt += length;
        return length;
    }

    /// <summary>All of it.</summary>
    /// <exception cref="ImportException">It has more than <see cref="ListLimits.WholeLengthMax"/>.</exception>
    public async ValueTask<string> ReadAllAsync(string what, CancellationToken cancellation)
    {
        var all = new StringBuilder();
        var buffer = new char[16 * 1024];
        while (await ReadAsync(buffer, cancellation) is > 0 and var length)
        {
            if (all.Length + length > ListLimits.WholeLengthMax)
                throw new ImportException($"it has more than {ListLimits.WholeLengthMax} characters, the most that is "
                    + $"read of {what}. A table, or JSON with an entry on each line (NDJSON), may have any size.");
            all.Append(buffer, 0, length);
        }
        return all.ToString();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask FillAsync(bool isFirst, CancellationToken cancellation)
    {
        var length = await ReadBytesAsync(0, BlockLength, cancellation);
        var skipped = isFirst ? Recognize(bytes.AsSpan(0, length)) : 0;
        if (decoder is null && FirstForeign(length) is >= 0 and var foreign)
        {
            if (length == BlockLength && length - foreign < EvidenceLength)
                length += await ReadBytesAsync(length, EvidenceLength, cancellation);
            var encoding = TextEncoding.Guess(bytes.AsSpan(foreign..length));
            if (encoding is not UTF8Encoding) GuessedEncoding = encoding.WebName;
            decoder = encoding.GetDecoder();
        }
        Decode(bytes.AsSpan(skipped..length));
    }

    private async ValueTask<int> ReadBytesAsync(int at, int count, CancellationToken cancellation)
    {
        var length = await inner.ReadAtLeastAsync(
            bytes.AsMemory(at, count), count, throwOnEndOfStream: false, cancellation);
        isAtEnd = length < count;
        BytesRead += length;
        return length;
    }

    private int FirstForeign(int length) => bytes.AsSpan(0, length).IndexOfAnyExceptInRange((byte)0, (byte)0x7F);

    private void Decode(ReadOnlySpan<byte> block)
    {
        var coder = decoder ?? Encoding.ASCII.GetDecoder();
        pending = new char[coder.GetCharCount(block, flush: isAtEnd)];
        pendingAt = 0;
        coder.GetChars(block, pending, flush: isAtEnd);
        UnreadableCount += pending.AsSpan().Count('\uFFFD');
    }

    /// <summary>Chooses the encoding, if the first bytes tell it; answers how long its mark is.</summary>
    private int Recognize(ReadOnlySpan<byte> first)
    {
        if (TextEncoding.FaultOf(first) is { } fault) throw new ImportException(fault);
        var (encoding, length) = TextEncoding.ByMark(first);
        decoder = (encoding ?? TextEncoding.ByZeros(first))?.GetDecoder();
        // A zero now and then is a slip; many of them are no text.
        if (decoder is null && first.Count((byte)0) * ZerosAmong > first.Length)
            throw new ImportException("it is not a text.");
        return length;
    }
}

/// <summary>A line of a list.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">What it says, without its end.</param>
/// <param name="IsCut">Whether it is longer than <see cref="ListLimits.LineLengthMax"/>, and cut there.</param>
internal readonly record struct ListLine(long Number, string Text, bool IsCut);

/// <summary>Lines of a bounded length, so that a file of one endless line needs no endless memory.</summary>
internal sealed class ListLines(ListText text)
{
    private readonly char[] buffer = new char[16 * 1024];
    private readonly StringBuilder line = new();
    private int at;
    private int end;
    private long number;
    private bool isAfterReturn;

    /// <summary>The next line; null after the last.</summary>
    public async ValueTask<ListLine?> ReadAsync(CancellationToken cancellation)
    {
        line.Clear();
        var (isCut, hasBegun) = (false, false);
        while (at < end || await FillAsync(cancellation))
        {
            // A return and a line feed are one end.
            if (isAfterReturn && buffer[at] == '\n' && !hasBegun)
            {
                (at, isAfterReturn) = (at + 1, false);
                continue;
            }
            isAfterReturn = false;
            hasBegun = true;
            var length = buffer.AsSpan(at, end - at).IndexOfAny('\n', '\r');
            var piece = buffer.AsSpan(at, length < 0 ? end - at : length);
            var fits = Math.Min(piece.Length, ListLimits.LineLengthMax - line.Length);
            isCut |= fits < piece.Length;
            line.Append(piece[..fits]);
            at += piece.Length;
            if (length < 0) continue;
            isAfterReturn = buffer[at++] == '\r';
            break;
        }
        return hasBegun ? new ListLine(++number, line.ToString(), isCut) : null;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        (at, end) = (0, await text.ReadAsync(buffer, cancellation));
        return end > 0;
    }
}

/// <summary>How much of a list is held at once. Lengths are in characters.</summary>
internal static class ListLimits
{
    /// <summary>How much is looked at to find out the format and the separator.</summary>
    public const int HeadLength = 64 * 1024;

    /// <summary>The longest line; of a longer one only the beginning is read.</summary>
    public const int LineLengthMax = 1024 * 1024;

    /// <summary>The most of JSON or HTML, which are read as a whole.</summary>
    public const int WholeLengthMax = 64 * 1024 * 1024;

    /// <summary>The most lines of one row of a table, whose cells may hold line breaks.</summary>
    public const int RowLinesMax = 200;

    /// <summary>The most cells of a row; the rest is not read.</summary>
    public const int CellsMax = 1000;

    /// <summary>In how many rows of a page's table a cell may stand; further down it is missing.</summary>
    public const int RowSpanMax = 100;

    /// <summary>How many cells of a page's table may be there for those that stand in several rows.</summary>
    public const int SpannedCellsMax = 100_000;

    /// <summary>How many entries are looked at to find out what the fields hold.</summary>
    public const int SampleMax = 50;

    /// <summary>How many lines of a table are looked at for the one that names the columns.</summary>
    public const int HeaderLinesMax = 5;

    /// <summary>The longest cell that may name a channel: longer ones are texts.</summary>
    public const int NameCellMax = 4096;

    /// <summary>The most of a text that is shown in a remark.</summary>
    public const int ShownMax = 60;
}
