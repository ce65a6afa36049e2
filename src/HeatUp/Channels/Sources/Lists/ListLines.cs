using System.Text;

namespace HeatUp.Channels.Sources.Lists;

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
