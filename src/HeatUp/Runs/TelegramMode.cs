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

/// <summary>The words for it, as databases and settings have them.</summary>
internal static class TelegramModeWords
{
    public static string Word(this TelegramMode telegram) => telegram switch
    {
        TelegramMode.Live => "live",
        TelegramMode.Test => "test",
        _ => "sandbox",
    };
}
