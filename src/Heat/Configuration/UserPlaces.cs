namespace Heat.Configuration;

/// <summary>
/// What this machine's user has one of, whatever database, folder or setting Heat Up runs with. Only the user's
/// environment says where it is: an <c>.env</c> file is a folder's.
/// </summary>
internal static class UserPlaces
{
    /// <summary>
    /// Where the accounts lie, so that their ceilings are the user's and not a folder's; it need not be there yet. Null
    /// if this user has no such place.
    /// </summary>
    public static string? Accounts() => Below(Environment.SpecialFolder.LocalApplicationData, "accounts");

    /// <summary>
    /// The file of the user's own settings, which need not be there. Null if this user has no place for it.
    /// </summary>
    public static string? SettingsFile() => Below(Environment.SpecialFolder.ApplicationData, "config.env");

    private static string? Below(Environment.SpecialFolder folder, string name)
    {
        var path = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        // Below a relative one there would be another place in every folder.
        return Path.IsPathFullyQualified(path) ? Path.Combine(path, "heat-up", name) : null;
    }
}
