using System.Buffers;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Primitives;
using HeatUp.Runs;

namespace HeatUp.Sessions;

/// <summary>
/// What the path needs of a store: recalling a session, and remembering its runs step by step. Thread-safe. What a
/// method has answered as written stays remembered, whatever happens then. Every method throws <see
/// cref="StoreException"/> when the store fails; whether a write that failed was carried out is then unknown, and
/// <see cref="TakeOverAsync"/> finds out.
/// </summary>
public interface ISittingStore
{
    /// <summary>
    /// What is remembered of a session; of an unknown one, <see cref="Recollection.OfNobody"/>. Times more than <see
    /// cref="ClockLimits.AheadMax"/> ahead of the clock aren't told: a wrong clock wrote them, and the session would
    /// follow it for years.
    /// </summary>
    ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation);

    /// <summary>
    /// Begins a run: from now on it is open until <see cref="EndAsync"/>, over restarts. It can begin only if no
    /// other run of the session is open, in whatever process, and if no sitting has begun since its plan's
    /// recollection.
    /// </summary>
    ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation);

    /// <summary>
    /// Remembers a step, all of it or nothing: the step with its outcome; if it was done, the row of the history; if
    /// it joined or read, the membership. Not cancellable: what has happened must be remembered.
    /// </summary>
    /// <returns>False if the hold is lost: another process has the run, or it has ended, or its session was forgotten.
    /// Nothing was written then.</returns>
    ValueTask<bool> RememberAsync(Hold hold, Step step);

    /// <summary>Ends a run. Ending it twice under one hold keeps the first end, and is no error.</summary>
    /// <returns>False if the hold is lost, as with <see cref="RememberAsync"/>. Nothing was written then.</returns>
    ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at);

    /// <summary>
    /// Takes over open runs that nobody goes on with, the oldest first: those whose process is gone, and those of this
    /// process that it doesn't hold, because their beginning or an earlier take-over was written and not acknowledged.
    /// Of several that try at once, one gets a run.
    /// </summary>
    ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation);
}

/// <summary>
/// All that is remembered: the history of each session, its memberships, its runs with their steps and failures; and
/// what plans cost by the day, which outlasts the sessions they were made for. Thread-safe. What a method has answered
/// as written is on the disk.
/// </summary>
public interface ISessionStore : ISittingStore, ITokenLedger, IAsyncDisposable
{
    /// <summary>What kind of database it is, for people and programs: <c>sqlite</c>.</summary>
    string Kind { get; }

    /// <summary>Where it is, as its setting names it.</summary>
    string Place { get; }

    /// <summary>A run with its steps; null if it isn't remembered.</summary>
    ValueTask<RunRecord?> FindRunAsync(RunId run, CancellationToken cancellation);

    /// <summary>
    /// Writes the answer to a question for a session's history, as JSON: <c>session_id, summary, history</c>, newest
    /// first. The summary's counts and lists and the history hold what was done since <paramref name="since"/>;
    /// <c>is_new</c> and <c>last_activity</c> are about all that is remembered.
    /// </summary>
    ValueTask WriteHistoryAsync(
        SessionId session, DateTimeOffset since, IBufferWriter<byte> answer, CancellationToken cancellation);

    /// <summary>The sessions that did something since a time, in ordinal order of their names.</summary>
    IAsyncEnumerable<SessionActivity> ActiveSessionsAsync(DateTimeOffset since, CancellationToken cancellation);

    /// <summary>
    /// Who follows what, and who has read what as far as the history goes back. A pair may come twice, as a member's
    /// and as a reader's; channels without a readable name don't come.
    /// </summary>
    IAsyncEnumerable<SessionChannel> InteractionsAsync(CancellationToken cancellation);

    /// <summary>
    /// Forgets all of a session: history, memberships, runs. Whether it sits, in whatever process, and the forgetting
    /// are decided at once: a sitting that begins later knows nothing of what was forgotten.
    /// </summary>
    ValueTask<Forgetting> ForgetAsync(SessionId session, CancellationToken cancellation);

    /// <summary>
    /// Removes the history and the ended runs from before a time, in slices so short that no other call waits for them
    /// noticeably. Memberships and the count of sittings stay. Answers how many rows of the history went.
    /// </summary>
    /// <param name="before">The time.</param>
    /// <param name="isAwaited">Whether somebody waits for it. If not, it rests most of the time, for the others' sake.
    /// </param>
    /// <param name="cancellation">Stops after a slice; what went stays gone.</param>
    ValueTask<long> CleanUpAsync(DateTimeOffset before, bool isAwaited, CancellationToken cancellation);

    /// <summary>
    /// Whether a simulation wrote it. Its days aren't today's, so that no retention by the wall clock fits.
    /// </summary>
    ValueTask<bool> IsOfSimulationAsync(CancellationToken cancellation);

    /// <summary>The newest time of the history, and what lies at a time or later.</summary>
    /// <param name="ahead">From this time on, a time was written by a wrong clock.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<RememberedTimes> TimesAsync(DateTimeOffset ahead, CancellationToken cancellation);

    /// <summary>What <see cref="KeepClockAsync"/> kept last; null if nothing yet.</summary>
    ValueTask<DateTimeOffset?> ClockAsync(CancellationToken cancellation);

    /// <summary>Keeps a time that the clock showed and that was found plausible.</summary>
    ValueTask KeepClockAsync(DateTimeOffset time);

    /// <summary>Whether the store can be read and written now; null if so, else why not.</summary>
    ValueTask<string?> TroubleAsync(CancellationToken cancellation);
}

/// <summary>The times of a history beside the clock.</summary>
/// <param name="Newest">The newest that isn't ahead of the clock; null if there is none.</param>
/// <param name="AheadCount">How many rows lie ahead of it.</param>
/// <param name="FirstAhead">One of these; null if there is none.</param>
public sealed record RememberedTimes(DateTimeOffset? Newest, long AheadCount, RowAhead? FirstAhead);

/// <summary>A row of the history whose time lies ahead of the clock.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="Session">The session's name, as the history has it.</param>
/// <param name="At">Its time.</param>
public sealed record RowAhead(long Id, string Session, DateTimeOffset At);

/// <summary>A session that did something.</summary>
/// <param name="Session">Its name as the history has it, which may be one that a <see cref="SessionId"/> would
/// refuse.</param>
/// <param name="Actions">How many actions it did.</param>
/// <param name="LastActivity">When it did the newest.</param>
public sealed record SessionActivity(string Session, long Actions, DateTimeOffset LastActivity);

/// <summary>That a session follows a channel or has read it.</summary>
/// <param name="Session">Its name as the store has it, which may be one that a <see cref="SessionId"/> would
/// refuse.</param>
/// <param name="Channel">Which one.</param>
public readonly record struct SessionChannel(string Session, ChannelName Channel);
