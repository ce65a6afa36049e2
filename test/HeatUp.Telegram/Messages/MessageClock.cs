namespace HeatUp.Telegram.Messages;

/// <summary>Numbers of messages: the time in 2^-32 seconds, ever rising, with what it is in the last two bits.</summary>
internal sealed class MessageClock(TimeProvider clock)
{
    /// <summary>How far a client's number may lie behind the clock, and ahead of it.</summary>
    private const int BehindMax = 300;
    private const int AheadMax = 30;

    private readonly Lock gate = new();
    private long last;

    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A number for an answer, or for a notice that answers nothing.</summary>
    public long Next(bool isAnswer)
    {
        lock (gate)
        {
            var now = (long)(clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 * (1L << 32)) & ~3L;
            last = Math.Max(now, (last & ~3L) + 4) | (isAnswer ? 1L : 3L);
            return last;
        }
    }

    /// <summary>What is wrong with a client's number, in the protocol's codes; 0 if nothing is.</summary>
    public int FaultOf(long message)
    {
        var behind = Now - (message >> 32);
        return (message & 3) != 0 ? 18 : behind > BehindMax ? 16 : behind < -AheadMax ? 17 : 0;
    }
}
