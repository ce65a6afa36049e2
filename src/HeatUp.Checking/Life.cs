namespace HeatUp.Checking;

/// <summary>
/// The life of a process. At its death all of it is abandoned at once: its timers ring no more, its calls are never
/// answered. Code that is just running comes as far as its next call.
/// </summary>
internal sealed class Life
{
    private readonly Action<Life, Exercised> onCrash;
    private long left;

    /// <summary>A life.</summary>
    /// <param name="number">Which one; the first is 1.</param>
    /// <param name="length">After how many calls and waits it ends by a crash.</param>
    /// <param name="onCrash">Told of the crash.</param>
    public Life(int number, long length, Action<Life, Exercised> onCrash)
    {
        Number = number;
        left = length;
        this.onCrash = onCrash;
    }

    public int Number { get; }

    public bool IsOver { get; private set; }

    /// <summary>Whether others take it for gone: it is over, or sleeps and doesn't know it.</summary>
    public bool IsGone => IsOver || IsAsleep;

    /// <summary>Whether it sleeps. It wakes when it begins something.</summary>
    public bool IsAsleep { get; set; }

    /// <summary>Whether it goes over what an earlier one left.</summary>
    public bool IsResuming { get; set; }

    /// <summary>It dies of nothing any more.</summary>
    public void Spare() => left = long.MaxValue;

    /// <summary>Ends it in order.</summary>
    public void End() => IsOver = true;

    /// <summary>Whether it is over, or ends right here.</summary>
    public bool DiesAt(Exercised where)
    {
        if (IsOver) return true;
        if (--left > 0) return false;
        IsOver = true;
        onCrash(this, where);
        return true;
    }

    /// <summary>The answer to the calls of the dead.</summary>
    public static Task Never() => new TaskCompletionSource().Task;
}
