using HeatUp.Plans;
using HeatUp.Runs;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>What the path writes to the log: always with the session and the run, never with a secret.</summary>
internal static partial class SittingsLog
{
    [LoggerMessage(1, LogLevel.Information,
        "{Session} {Run}: sitting {Number} begins, {Actions} actions planned by {Planner}, {Done} of them done before")]
    public static partial void SittingStarted(
        this ILogger log, SessionId session, RunId run, int number, PlannerKind planner, int actions, int done);

    [LoggerMessage(2, LogLevel.Debug, "{Session} {Run}: step {Step} {Action}: {Outcome} {Error}")]
    public static partial void StepEnded(
        this ILogger log, SessionId session, RunId run, int step, string action, string outcome, TelegramError? error);

    [LoggerMessage(3, LogLevel.Information, "{Session} {Run}: {Status} {Detail}")]
    public static partial void SittingEnded(
        this ILogger log, SessionId session, RunId run, RunStatus status, string detail);

    [LoggerMessage(4, LogLevel.Error, "{Session} {Run}: a step could not be remembered; the sitting ends")]
    public static partial void StepNotRemembered(this ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(5, LogLevel.Error, "{Session} {Run}: the end could not be written; the run stays open until it can")]
    public static partial void EndNotWritten(this ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(7, LogLevel.Error, "{Session} {Run}: could not be taken up again; it is tried again")]
    public static partial void NotResumed(this ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(8, LogLevel.Error, "{Count} ends still wait to be written")]
    public static partial void EndsStillNotWritten(this ILogger log, Exception failure, int count);

    [LoggerMessage(6, LogLevel.Critical, "{Session} {Run}: a fault in the program ended the sitting")]
    public static partial void SittingFaulted(this ILogger log, Exception fault, SessionId session, RunId run);
}
