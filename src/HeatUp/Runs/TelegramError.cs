namespace HeatUp.Runs;

/// <summary>What Telegram said when it said no, understood once.</summary>
public sealed record TelegramError
{
    /// <summary>An error of this number and text.</summary>
    /// <param name="code">Its number, such as 400 or 429.</param>
    /// <param name="message">Its text, such as <c>CHANNEL_PRIVATE</c>.</param>
    public TelegramError(int code, string message)
    {
        (Code, Message) = (code, message);
        (Kind, RetryAfter) = TelegramErrorReading.Of(code, message);
    }

    /// <summary>
    /// A join that waits for somebody's consent. Telegram's own word for it, which client libraries give as a result.
    /// </summary>
    public static TelegramError JoinRequested { get; } = new(400, "INVITE_REQUEST_SENT");

    /// <summary>
    /// No answer within <see cref="RunLimits.AnswerWithin"/>. Client libraries wait for ever, so this one is ours.
    /// </summary>
    public static TelegramError NoAnswer { get; } =
        new(TelegramErrorReading.NoAnswerCode, $"No answer within {RunLimits.AnswerWithin.TotalSeconds} seconds");

    /// <summary>Telegram has said, unasked, that the account is frozen. The words are ours.</summary>
    public static TelegramError AccountFrozen { get; } = new(406, TelegramErrorReading.AccountFrozen);

    /// <summary>The account's login is over. Telegram's own word, said to whoever did not meet the reason.</summary>
    public static TelegramError LoggedOut { get; } = new(401, "Unauthorized");

    /// <summary>The rules of conduct for real accounts say no. Ours, and never asked of Telegram.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public static TelegramError OfConduct(string reason) =>
        new(TelegramErrorReading.ConductCode, TelegramErrorReading.ConductMark + reason);

    /// <summary>Its number.</summary>
    public int Code { get; }

    /// <summary>Its text.</summary>
    public string Message { get; }

    /// <summary>What it means.</summary>
    public TelegramErrorKind Kind { get; }

    /// <summary>How long nothing may be asked; zero unless it is a <see cref="TelegramErrorKind.FloodWait"/>.</summary>
    public TimeSpan RetryAfter { get; }

    /// <summary>How an action that met this error at this time ended.</summary>
    public Outcome ToOutcome(DateTimeOffset now) => Kind switch
    {
        TelegramErrorKind.FloodWait => new Outcome.MustWait(now + RetryAfter, this),
        TelegramErrorKind.AccountLost or TelegramErrorKind.Frozen or TelegramErrorKind.PeerFlood =>
            new Outcome.AccountLost(this),
        TelegramErrorKind.AlreadyMember => Outcome.Done.Plain,
        _ => new Outcome.Refused(this),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Message}";
}
