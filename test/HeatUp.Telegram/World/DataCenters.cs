namespace HeatUp.Telegram.World;

/// <summary>Where clients look for Telegram: the addresses that TDLib has built in.</summary>
internal static class DataCenters
{
    /// <summary>That of clients that don't say which one they want.</summary>
    public const int Default = 2;

    /// <summary>The port that is tried first.</summary>
    public const int Port = 443;

    /// <summary>Each data centre's main address.</summary>
    public static IReadOnlyDictionary<int, string> Addresses { get; } = new Dictionary<int, string>
    {
        [1] = "149.154.175.50",
        [2] = "149.154.167.51",
        [3] = "149.154.175.100",
        [4] = "149.154.167.91",
        [5] = "149.154.171.5",
    };

    /// <summary>All addresses, also those that only some clients try.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Addresses.Values, "95.161.76.100", "149.154.167.50", "149.154.167.41"];
}
