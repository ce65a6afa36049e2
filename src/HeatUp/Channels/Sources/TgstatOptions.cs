namespace HeatUp.Channels.Sources;

/// <summary>
/// How TGStat is asked. A class and no record, and its token can't be read, so that nothing prints it.
/// </summary>
public sealed class TgstatOptions
{
    /// <summary>The country that is searched unless another one is asked for.</summary>
    public const string CountryDefault = "ru";

    /// <summary>The address of the API, such as <c>https://api.tgstat.ru</c>.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>What TGStat knows the caller by. It goes to <see cref="BaseUrl"/> and nowhere else.</summary>
    public required string Token { internal get; init; }

    /// <summary>The code of the country; null for <see cref="CountryDefault"/>. A given one is checked first.</summary>
    public string? Country { get; init; }

    /// <summary>The code of the language; null for TGStat's own choice. A given one is checked first.</summary>
    public string? Language { get; init; }

    /// <summary>The categories, by name or by TGStat's code; empty for the usual ones.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>
    /// The most calls in any 30 days. Null for what the subscription allows, or for
    /// <see cref="CallLedger.CallsMaxDefault"/> if it doesn't say.
    /// </summary>
    public int? Budget { get; init; }

    /// <summary>How long one call may take. The default is 30 seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is repeated after a 5xx or a fault of the network. The default is 2.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The wait before the first repetition, doubled before each further one. Default: 2 seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait between two searches, so that TGStat need not ask for one. The default is a second.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often one call obeys a flood wait before it gives up. The default is 3.</summary>
    public int FloodWaitsMax { get; init; } = 3;
}
