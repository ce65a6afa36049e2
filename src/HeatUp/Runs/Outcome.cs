namespace HeatUp.Runs;

/// <summary>How an action, or the attempt to go online, ended: a value, not an exception.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>The word for it that users and databases see, such as <c>must_wait</c>.</summary>
    public abstract string Word { get; }

    /// <summary>What Telegram said, if it said no; null otherwise.</summary>
    public virtual TelegramError? Error => null;

    /// <summary>It was done.</summary>
    /// <param name="PostsRead">How many unread posts were looked at and marked read; 0 for other actions.</param>
    public sealed record Done(int PostsRead) : Outcome
    {
        /// <summary>Done, and nothing was read.</summary>
        public static Done Plain { get; } = new(0);

        /// <inheritdoc/>
        public override string Word => "done";
    }

    /// <summary>Telegram refused this action; others may still work.</summary>
    /// <param name="Why">What it said.</param>
    public sealed record Refused(TelegramError Why) : Outcome
    {
        /// <inheritdoc/>
        public override string Word => "refused";

        /// <inheritdoc/>
        public override TelegramError Error => Why;
    }

    /// <summary>Telegram wants nothing from this session before a time.</summary>
    /// <param name="Until">That time.</param>
    /// <param name="Why">What it said.</param>
    public sealed record MustWait(DateTimeOffset Until, TelegramError Why) : Outcome
    {
        /// <summary>Whether it ends the sitting however short it is, as it does on a real account.</summary>
        public bool EndsSitting { get; init; }

        /// <inheritdoc/>
        public override string Word => "must_wait";

        /// <inheritdoc/>
        public override TelegramError Error => Why;
    }

    /// <summary>The caller gave up before it was done; nothing has happened.</summary>
    public sealed record Cancelled : Outcome
    {
        /// <summary>The one value.</summary>
        public static Cancelled Instance { get; } = new();

        /// <inheritdoc/>
        public override string Word => "cancelled";
    }

    /// <summary>The account can't go on: logged out, banned, frozen or limited.</summary>
    /// <param name="Why">What Telegram said.</param>
    public sealed record AccountLost(TelegramError Why) : Outcome
    {
        /// <inheritdoc/>
        public override string Word => "account_lost";

        /// <inheritdoc/>
        public override TelegramError Error => Why;
    }
}
