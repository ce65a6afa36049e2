using Heat.Configuration;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands;

/// <summary>The database for commands that need nothing else.</summary>
internal static class Store
{
    /// <summary>Opens the database, and makes it if there is none.</summary>
    public static Task<SqliteSessionStore> OpenAsync(Settings settings) => SqliteSessionStore.OpenAsync(
        settings.DatabasePath, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

    /// <summary>
    /// Opens the database for a question: asking must not make a file, least of all at a mistyped place.
    /// </summary>
    /// <exception cref="StoreException">There is none.</exception>
    public static Task<SqliteSessionStore> OpenExistingAsync(Settings settings) => File.Exists(settings.DatabasePath)
        ? OpenAsync(settings)
        : throw new StoreException(
            $"There is no database at DATABASE_PATH={settings.DatabasePath}. "
            + "'heat warmup alice' or 'heat db init' makes one.");
}
