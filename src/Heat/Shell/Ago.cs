namespace Heat.Shell;

/// <summary>Past times as people say them.</summary>
internal static class Ago
{
    public static string Of(TimeSpan past) => past switch
    {
        { TotalMinutes: < -1 } => "at a time ahead of the clock",
        { TotalSeconds: < 5 } => "just now",
        { TotalMinutes: < 1 } => $"{past.Seconds} seconds ago",
        { TotalHours: < 1 } => Count(past.Minutes, "minute"),
        { TotalDays: < 1 } => Count(past.Hours, "hour"),
        _ => Count(past.Days, "day"),
    };

    private static string Count(int count, string unit) => count == 1 ? $"1 {unit} ago" : $"{count} {unit}s ago";
}
