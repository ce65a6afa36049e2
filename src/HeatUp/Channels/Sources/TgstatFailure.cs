namespace HeatUp.Channels.Sources;

/// <summary>Why a call of TGStat brought nothing.</summary>
/// <param name="What">What happened, as a sentence for people; without the token.</param>
/// <param name="ToDo">What to do next, if waiting doesn't help.</param>
internal sealed record TgstatFailure(string What, string ToDo = "")
{
    /// <summary>Both.</summary>
    public string Sentence => $"{What} {ToDo}".TrimEnd();

    /// <summary>Whether the same call may succeed a little later.</summary>
    public bool MayPass { get; init; }

    /// <summary>How long TGStat wants to be left alone; null if it doesn't.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Why no other call can succeed either, as the end of a sentence; null if others may.</summary>
    public string? EndsAll { get; init; }

    /// <summary>Whether TGStat did not answer at all, or not in its own words.</summary>
    public bool IsOfTransport { get; init; }
}
