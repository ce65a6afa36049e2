namespace HeatUp.Sessions.Archive;

/// <summary>A line of a file. Its text is good until the next is read.</summary>
/// <param name="Text">Its bytes, without the end of the line.</param>
/// <param name="IsTooLong">Whether it was so long that it was skipped.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Text, bool IsTooLong)
{
    public bool IsBlank => !IsTooLong && Text.Span.TrimStart(" \t\r"u8).IsEmpty;
}

/// <summary>Reads lines of a bounded length, so that a file of one endless line needs no endless memory.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line, in bytes.</summary>
    public const int LengthMax = 1 << 20;

    private readonly byte[] buffer = new byte[LengthMax + 1];
    private int start;
    private int end;
    private bool isAtEnd;
    private bool isFirst = true;

    /// <summary>The next line; null after the last.</summary>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellation)
    {
        var isTooLong = false;
        var searched = start;
        while (true)
        {
            var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0) return Take(searched + length, 1, isTooLong);
            if (isAtEnd) return end > start || isTooLong ? Take(end, 0, isTooLong) : null;
            if (end - start > LengthMax) (isTooLong, end) = (true, start);
            searched = await FillAsync(cancellation);
        }
    }

    private Line Take(int lineEnd, int terminator, bool isTooLong)
    {
        var text = buffer.AsMemory(start, lineEnd - start);
        start = lineEnd + terminator;
        if (isFirst && text.Span.StartsWith("\uFEFF"u8)) text = text["\uFEFF"u8.Length..];
        isFirst = false;
        return isTooLong ? new Line(default, true) : new Line(text, false);
    }

    /// <summary>Reads more; answers where that begins.</summary>
    private async ValueTask<int> FillAsync(CancellationToken cancellation)
    {
        buffer.AsSpan(start..end).CopyTo(buffer);
        (start, end) = (0, end - start);
        var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        isAtEnd = count == 0;
        end += count;
        return end - count;
    }
}
