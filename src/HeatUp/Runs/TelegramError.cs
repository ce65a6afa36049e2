namespace HeatUp.Runs;

/// <summary>What Telegram said when it said no.</summary>
/// <param name="Code">Its number, such as 400 or 429.</param>
/// <param name="Message">Its text, such as <c>CHANNEL_PRIVATE</c>.</param>
public sealed record TelegramError(int Code, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Message}";
}
