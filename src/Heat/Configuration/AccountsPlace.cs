namespace Heat.Configuration;

/// <summary>
/// Where the accounts of this machine's user lie: one place, whatever database, folder or setting Heat Up runs with, so
/// that their ceilings are the user's and not a folder's.
/// </summary>
internal static class AccountsPlace
{
    /// <summary>The place, whether it is there or not; null if this user has none.</summary>
    public static string? OfUser()
    {
        // Only the user's environment says: an .env file is a folder's.
        var data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // Below a relative one there would be another place in every folder.
        return Path.IsPathFullyQualified(data) ? Path.Combine(data, "heat-up", "accounts") : null;
    }
}
