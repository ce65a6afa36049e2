using Heat.Api;
using HeatUp.Primitives;

namespace Heat.Commands.Doctor;

/// <summary>How a thing is that was looked at; a later one is worse.</summary>
internal enum FindingStatus
{
    Ok,
    Warning,
    Problem,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="What">Its name.</param>
/// <param name="Status">How it is.</param>
/// <param name="Says">What was found, as a sentence.</param>
/// <param name="Advice">What to do; null if nothing is to be done, or if the sentence says it.</param>
internal sealed record Finding(string What, FindingStatus Status, string Says, string? Advice = null)
{
    public static Finding Ok(string what, string says) => new(what, FindingStatus.Ok, says);

    public static Finding Warning(string what, string says, string? advice = null) =>
        new(what, FindingStatus.Warning, says, advice);

    public static Finding Problem(string what, string says, string? advice = null) =>
        new(what, FindingStatus.Problem, says, advice);

    /// <summary>The same for programs.</summary>
    public FindingAnswer ToAnswer() => new(What, Status.Word(), Says, Advice);
}
