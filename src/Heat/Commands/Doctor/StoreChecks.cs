using Heat.Reports;
using System.Globalization;
using Heat.Configuration;
using HeatUp.Cluster;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;

namespace Heat.Commands.Doctor;

/// <summary>The database: reachable, ours, of this version; with room; and in agreement with the clock.</summary>
internal static class StoreChecks
{
    private const string What = "database";
    private const string Disk = "disk";
    private const string Clock = "clock";

    private const long RoomMin = 64L * 1024 * 1024;
    private const long RoomGood = 1024L * 1024 * 1024;

    public static Task<IReadOnlyList<Finding>> RunAsync(Settings settings, CancellationToken cancellation) =>
        Task.Run(() => (IReadOnlyList<Finding>)[.. settings.DatabaseUrl is { } address
            ? OfPostgres(address, settings)
            : OfFile(settings)], cancellation);

    private static IEnumerable<Finding> OfPostgres(PostgresAddress address, Settings settings)
    {
        PostgresHistoryReader reader;
        try
        {
            reader = PostgresHistoryReader.Open(address);
        }
        catch (StoreException failure)
        {
            return [failure.IsEmpty
                ? Finding.Ok(What, $"{address.Place} can be reached; the first start makes its tables.")
                : Finding.Problem(What, failure.Message)];
        }
        using (reader)
            return
            [
                Belongs(
                    reader.Telegram, address.Place, settings,
                    $"PostgreSQL {reader.ServerVersion} at {address.Place}"),
                Compared(reader.ClockOffset(TimeProvider.System)),
                .. Remembered(reader, settings),
            ];
    }

    private static IEnumerable<Finding> OfFile(Settings settings)
    {
        var path = settings.DatabasePath;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path))
            return [Finding.Problem(What, $"DATABASE_PATH={path} is a folder.", "Name a file in it.")];
        if (!Directory.Exists(folder))
            return [Finding.Problem(What, $"The folder {folder} of DATABASE_PATH does not exist.",
                "Make it, or name another file.")];
        return [.. File.Exists(path)
            ? OfExisting(settings)
            : [Finding.Ok(What, $"There is none at {path} yet; the first sitting makes it.")],
            Room(folder), Writing(folder)];
    }

    private static IEnumerable<Finding> OfExisting(Settings settings)
    {
        var path = settings.DatabasePath;
        try
        {
            using var file = SqliteHistoryFile.Open(path);
            var size = $"{new FileInfo(path).Length / 1e6:N1} MB";
            var version = file.IsEarlier
                ? $"tables of version {file.Version}, brought to this one when it is next written"
                : $"tables of version {file.Version}";
            return
            [
                Belongs(file.Telegram, path, settings, $"{path}: {version}, {size}"), .. Remembered(file, settings),
            ];
        }
        catch (StoreException failure)
        {
            return [Finding.Problem(What, failure.Message)];
        }
    }

    private static Finding Belongs(string? telegram, string place, Settings settings, string says) =>
        telegram is null || telegram == settings.TelegramMode.Word()
            ? Finding.Ok(What, $"{says}.")
            : Finding.Problem(What,
                $"{place} holds sittings of TELEGRAM_MODE={telegram}, and TELEGRAM_MODE is "
                + $"{settings.TelegramMode.Word()}.", "Name another database, or set TELEGRAM_MODE.");

    /// <summary>What is remembered of times, against the clock; nothing where they agree.</summary>
    private static IEnumerable<Finding> Remembered(IHistoryReader reader, Settings settings)
    {
        if (reader.LastTime() is not { } last) yield break;
        var ahead = last - TimeProvider.System.GetUtcNow();
        if (ahead > ClockLimits.AheadMax)
            yield return Finding.Warning(Clock, $"The newest action is remembered as of {Figures.Time(last)}, "
                + $"{Counted.Of((long)ahead.TotalDays, "day")} ahead of the clock.",
                "If the clock is wrong, set it (NTP). Otherwise a wrong clock wrote that, and nobody follows it.");
        else if (-ahead > ClockLimits.GapMax(settings.SessionHistoryDays))
            yield return Finding.Warning(Clock, $"The newest action is of {Figures.Time(last)}, "
                + $"{Counted.Of((long)-ahead.TotalDays, "day")} ago.",
                "If the clock is wrong, set it (NTP). If it is right, say so before history is removed: "
                + "heat db cleanup --trust-clock");
    }

    private static Finding Compared(TimeSpan offset)
    {
        var says = $"The clock is {Seconds(offset)} {(offset > TimeSpan.Zero ? "ahead of" : "behind")} the database's.";
        return offset.Duration() >= ClusterLimits.ClockMax
            ? Finding.Problem(Clock, says, "Set it (NTP): such a node is not let in.")
            : offset.Duration() >= ClusterLimits.ClockNotice ? Finding.Warning(Clock, says, "Set it (NTP).")
            : Finding.Ok(Clock, $"{Now}; {says}");
    }

    private static Finding Room(string folder)
    {
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            var says = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:N1} GB are free in {folder}.");
            return free < RoomMin
                ? Finding.Problem(Disk, says, "Free some space: no step can be remembered on a full disk.")
                : free < RoomGood ? Finding.Warning(Disk, says, "Free some space.")
                : Finding.Ok(Disk, says);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Warning(Disk, $"Nobody says how much is free in {folder}. {FileTrouble.Of(failure)}");
        }
    }

    /// <summary>Writes a file and removes it: whether that may be done, and what time the disk puts on it.</summary>
    private static Finding Writing(string folder)
    {
        var probe = Path.Combine(folder, $".heat-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            var offset = TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(probe);
            return offset.Duration() < ClusterLimits.ClockMax
                ? Finding.Ok(Clock, $"{Now}; it agrees with the disk's.")
                : Finding.Warning(Clock,
                    $"The clock and that of the disk of {folder} are {Seconds(offset)} apart.",
                    "Set both (NTP), and put the database on a local disk.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(Disk, FileTrouble.Of(failure), $"Let this user write in {folder}.");
        }
        finally
        {
            try { File.Delete(probe); }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { /* Empty. */ }
        }
    }

    private static string Now => Figures.Time(TimeProvider.System.GetUtcNow());

    private static string Seconds(TimeSpan offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{offset.Duration().TotalSeconds:0.0} s");
}
