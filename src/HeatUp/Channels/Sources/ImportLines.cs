using System.Text;

namespace HeatUp.Channels.Sources;

/// <summary>Lines of a bounded length, so that a file of one endless line needs no endless memory.</summary>
internal sealed class ImportLines(TextReader reader)
{
    /// <summary>The longest line, in characters; of a longer one nothing is read.</summary>
    public const int LengthMax = 64 * 1024;

    private readonly char[] buffer = new char[16 * 1024];
    private readonly StringBuilder line = new();
    private int at;
    private int end;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line; null after the last.</summary>
    public async ValueTask<(string? Text, bool IsTooLong)?> ReadAsync(CancellationToken cancellation)
    {
        line.Clear();
        var isTooLong = false;
        var hasBegun = false;
        while (at < end || await FillAsync(cancellation))
        {
            hasBegun = true;
            var length = buffer.AsSpan(at, end - at).IndexOf('\n');
            var piece = buffer.AsSpan(at, length < 0 ? end - at : length);
            isTooLong |= line.Length + piece.Length > LengthMax;
            if (!isTooLong) line.Append(piece);
            at += piece.Length + (length < 0 ? 0 : 1);
            if (length >= 0) break;
        }
        if (!hasBegun) return null;
        Number++;
        return isTooLong ? (null, true) : (line.ToString().TrimEnd('\r'), false);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        (at, end) = (0, await reader.ReadAsync(buffer, cancellation));
        return end > 0;
    }
}
