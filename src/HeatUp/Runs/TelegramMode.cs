namespace HeatUp.Runs;

/// <summary>Which Telegram sittings visit.</summary>
public enum TelegramMode
{
    /// <summary>The embedded one, offline.</summary>
    Sandbox,

    /// <summary>Telegram's test servers.</summary>
    Test,

    /// <summary>The real one.</summary>
    Live,
}
