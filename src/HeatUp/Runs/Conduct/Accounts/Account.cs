using HeatUp.Channels;
using HeatUp.Primitives;

namespace HeatUp.Runs.Conduct;

/// <summary>An account of the operator's own, as its installation keeps it.</summary>
/// <param name="Name">Its name, which is its session's: 1 to <see cref="NameMax"/> of <c>A-Z a-z 0-9 _ . -</c>.</param>
/// <param name="AddedAt">When it was added.</param>
public sealed record Account(SessionId Name, DateTimeOffset AddedAt)
{
    /// <summary>The longest name, in characters.</summary>
    public const int NameMax = 40;

    // An account's folder lies beside the book, the key, the locks and an earlier version's files.
    private static readonly string[] FileEndings =
        [".json", ".db", ".db-journal", ".ledger", ".lock", ".key", ".broken", ".part", ".new"];

    /// <summary>The channels that its owner lets it join; on no other account's list.</summary>
    public IReadOnlyList<ChannelName> Allowed { get; init; } = [];

    /// <summary>The channels that it was asked to join here. They stay its own, also when they are allowed no more.
    /// </summary>
    public IReadOnlyList<ChannelName> Joined { get; init; } = [];

    /// <summary>The channels that it follows, as far as Telegram has said so.</summary>
    public IReadOnlyList<ChannelName> Followed { get; init; } = [];

    /// <summary>Why nothing may be done until its owner looks; null if it may.</summary>
    public AccountStop? Stopped { get; init; }

    /// <summary>Why its login is over; null while it isn't, as far as Telegram has said.</summary>
    public AccountEnd? Ended { get; init; }

    /// <summary>Before this time Telegram wants nothing of it; null if it never said so.</summary>
    public DateTimeOffset? WaitUntil { get; init; }

    /// <summary>
    /// A wait from before its owner said that the clock is right; it counts again when the time comes at which it was
    /// asked for.
    /// </summary>
    internal AccountWait? WaitAhead { get; init; }

    /// <summary>The numbers of <see cref="Joined"/>, as far as Telegram has told them: names change.</summary>
    internal IReadOnlyList<long> JoinedIds { get; init; } = [];

    /// <summary>The numbers of <see cref="Followed"/>.</summary>
    internal IReadOnlyList<long> FollowedIds { get; init; } = [];

    /// <summary>When it was removed; what it joined stays its own.</summary>
    internal DateTimeOffset? RemovedAt { get; init; }

    /// <summary>What stands for its user at Telegram; null if nobody has said who that is.</summary>
    internal string? User { get; init; }

    /// <summary>Where its ledger begins and ends.</summary>
    internal LedgerEnds Ledger { get; init; } = LedgerEnds.None;

    /// <summary>The run whose sitting went online last; null if nobody said.</summary>
    internal RunId? LastRun { get; init; }

    /// <summary>The newest time that it has seen, as far as it was written down.</summary>
    internal DateTimeOffset? Seen { get; init; }

    /// <summary>Until when Telegram wants nothing of it at a time; null if it doesn't say so.</summary>
    internal DateTimeOffset? WaitAt(DateTimeOffset now)
    {
        var until = WaitAhead is { } ahead && ahead.AskedAt <= now + ClockLimits.AheadMax && ahead.Until > WaitUntil
            ? ahead.Until
            : WaitUntil;
        return until > now ? until : null;
    }

    /// <summary>What is wrong with an account's name; null if nothing is.</summary>
    public static string? ProblemOf(SessionId name)
    {
        if (name.Value.Length > NameMax || !name.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            return $"'{name}' can't be an account's name: 1 to {NameMax} of the letters A to Z, digits and _ . - are "
                + "allowed.";
        var ending = FileEndings.FirstOrDefault(
            ending => name.Value.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return ending is null
            ? null
            : $"'{name}' can't be an account's name: files of the accounts' folder end in {ending}.";
    }
}

/// <summary>That an account does nothing until its owner has looked at it.</summary>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="At">Since when.</param>
public sealed record AccountStop(string Reason, DateTimeOffset At);

/// <summary>That Telegram wants nothing of an account for a while.</summary>
/// <param name="AskedAt">When it said so, at the earliest.</param>
/// <param name="Until">Until when.</param>
internal sealed record AccountWait(DateTimeOffset AskedAt, DateTimeOffset Until);
