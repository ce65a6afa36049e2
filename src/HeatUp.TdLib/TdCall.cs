using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>A request on its way. It is answered or given up: whatever comes first, once.</summary>
internal sealed class TdCall(TdRequest request, long sentAt)
{
    /// <summary>
    /// Goes on where the answer is handed over, before the next event: whoever asked sees events in their order.
    /// </summary>
    private readonly TaskCompletionSource<TdObject> answer = new();
    private int isOver;

    public TdRequest Request => request;

    /// <summary>The clock's reading when it was sent.</summary>
    public long SentAt => sentAt;

    public Task<TdObject> Answer => answer.Task;

    /// <summary>Hands the answer to whoever waits; false if nobody does any more.</summary>
    public bool TryAnswer(TdObject received)
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0) return false;
        answer.SetResult(received);
        return true;
    }

    /// <summary>Waits no more; false if the answer was quicker.</summary>
    public bool TryGiveUp() => Interlocked.Exchange(ref isOver, 1) == 0;
}
