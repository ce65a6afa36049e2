using Heat.Configuration;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;

namespace Heat.Shell;

/// <summary>What a command reads that only looks.</summary>
internal static class HistorySource
{
    /// <summary>Opens a file, or the database of the settings.</summary>
    /// <param name="file">The file; null for the settings' database.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It is no such database, or can't be read.</exception>
    public static IHistoryReader Open(string? file, Settings settings)
    {
        if (file is null && settings.DatabaseUrl is { } address) return PostgresHistoryReader.Open(address);
        var path = file ?? settings.DatabasePath;
        return File.Exists(path)
            ? SqliteHistoryFile.Open(path)
            : throw new FileNotFoundException(
                $"There is neither a run nor a database at {path}. 'heat simulate --out {path}' makes a run; "
                + "'heat warmup alice' a database.");
    }
}
