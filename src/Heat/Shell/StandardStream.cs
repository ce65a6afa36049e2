namespace Heat.Shell;

/// <summary>
/// A standard stream that may be closed, or a file on a full disk. An answer that can't be written is a failure that
/// says so; a complaint that can't be written is lost, since there is nowhere else to say it.
/// </summary>
internal sealed class StandardStream : Stream
{
    private readonly Stream inner;
    private readonly bool isAnswer;

    private StandardStream(Stream inner, bool isAnswer) => (this.inner, this.isAnswer) = (inner, isAnswer);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output, for bytes.</summary>
    public static Stream Answer() => new StandardStream(Console.OpenStandardOutput(), isAnswer: true);

    /// <summary>Standard output, for text. Each line is out when it is written.</summary>
    public static TextWriter Output() => Console.IsOutputRedirected ? Writer(Answer()) : Console.Out;

    /// <summary>Standard error, for text.</summary>
    public static TextWriter Error() => Console.IsErrorRedirected
        ? Writer(new StandardStream(Console.OpenStandardError(), isAnswer: false))
        : Console.Error;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!isAnswer) return;
            throw new IOException($"Standard output can't be written: {FileTrouble.Of(failure)}", failure);
        }
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static TextWriter Writer(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream) { AutoFlush = true });
}
