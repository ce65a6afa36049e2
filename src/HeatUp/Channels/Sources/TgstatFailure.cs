namespace HeatUp.Channels.Sources;

/// <summary>Why a call of TGStat brought nothing.</summary>
/// <param name="Sentence">What happened and what to do next, for people; without the token.</param>
internal sealed record TgstatFailure(string Sentence)
{
    /// <summary>Whether the same call may succeed a little later.</summary>
    public bool MayPass { get; init; }

    /// <summary>How long TGStat wants to be left alone; null if it doesn't.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Why no other call can succeed either, as the end of a sentence; null if others may.</summary>
    public string? EndsAll { get; init; }

    /// <summary>Whether TGStat did not answer at all, or not in its own words.</summary>
    public bool IsOfTransport { get; init; }
}
