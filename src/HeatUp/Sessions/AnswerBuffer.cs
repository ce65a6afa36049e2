using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace HeatUp.Sessions;

/// <summary>
/// Bytes of an answer in the making. It keeps its memory from one answer to the next, unless that is much.
/// </summary>
internal sealed class AnswerBuffer
{
    private const int KeptMax = 1 << 20;

    /// <summary>What may not stand in a JSON string as it is.</summary>
    public static readonly SearchValues<byte> Special =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private byte[] bytes = new byte[4_096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> this[Range range] => Written[range];

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Room for at least so many bytes more; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Room(int size)
    {
        if (bytes.Length - Length < size) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        return bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
    }

    /// <summary>Writes a JSON string. Only what JSON demands is escaped; what isn't UTF-8 becomes U+FFFD.</summary>
    public void WriteString(ReadOnlySpan<byte> text)
    {
        Write("\""u8);
        if (Utf8.IsValid(text)) WriteValid(text);
        else WriteValid(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
        Write("\""u8);
    }

    /// <summary>Writes another byte over one that is there.</summary>
    public void Replace(int at, byte character) => bytes[at] = character;

    /// <summary>Takes back everything after a length.</summary>
    public void BackTo(int length) => Length = length;

    public void Clear()
    {
        if (bytes.Length > KeptMax) bytes = new byte[KeptMax];
        Length = 0;
    }

    private void WriteValid(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(Special) is var at && at >= 0)
        {
            Write(text[..at]);
            WriteEscaped(text[at]);
            text = text[(at + 1)..];
        }
        Write(text);
    }

    private void WriteEscaped(byte character)
    {
        if (character is (byte)'"' or (byte)'\\')
        {
            Write([(byte)'\\', character]);
            return;
        }
        Write("\\u00"u8);
        Utf8Formatter.TryFormat(character, Room(2), out _, new StandardFormat('x', 2));
        Length += 2;
    }
}
