namespace HeatUp;

/// <summary>The answer to starting a sitting.</summary>
public abstract record SittingStart
{
    private SittingStart() { }

    /// <summary>It has begun. Whoever gets it must run it.</summary>
    /// <param name="Sitting">The sitting.</param>
    public sealed record Started(Sitting Sitting) : SittingStart;

    /// <summary>The session has a sitting already.</summary>
    /// <param name="Running">That sitting's run.</param>
    public sealed record AlreadyRunning(RunId Running) : SittingStart;

    /// <summary>As many sittings run as may.</summary>
    public sealed record TooMany : SittingStart;

    /// <summary>The rules of conduct for real accounts forbid it.</summary>
    /// <param name="Reason">Why, as a sentence.</param>
    /// <param name="Until">When it may begin; null if that is not known.</param>
    public sealed record Refused(string Reason, DateTimeOffset? Until) : SittingStart;

    /// <summary>
    /// Other sittings of the session, in other processes, began and ended while this one was planned, each time that it
    /// was planned anew.
    /// </summary>
    public sealed record Overtaken : SittingStart;

    /// <summary>The service is stopping.</summary>
    public sealed record Stopping : SittingStart;
}
