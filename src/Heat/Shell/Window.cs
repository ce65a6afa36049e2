using Heat.Api;
using Heat.Reports;
using HeatUp.Sessions;

namespace Heat.Shell;

/// <summary>How far back a question for the history goes.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Days">The same in days up to now; null for all that is remembered.</param>
internal readonly record struct Window(DateTimeOffset Since, int? Days)
{
    /// <summary>The window for people, such as <c>in the last 30 days</c>.</summary>
    public string Text => Days is { } days ? $"in the last {Counted.Of(days, "day")}" : "in all that is remembered";

    /// <summary>
    /// The window that was asked for, or the usual one. A simulation's days lie anywhere, and are all of interest.
    /// </summary>
    public static async Task<Window> OfAsync(ISessionStore store, int? days, CancellationToken cancellation) =>
        days is null && await store.IsOfSimulationAsync(cancellation)
            ? new Window(DateTimeOffset.MinValue, null)
            : new Window(
                TimeProvider.System.GetUtcNow().AddDays(-(days ?? Api.Days.Default)), days ?? Api.Days.Default);

    /// <summary>
    /// That nothing lies in the window, and where the newest does: with the option that finds it, if one can.
    /// </summary>
    /// <param name="newest">The newest time that is remembered.</param>
    /// <param name="command">The command that asks, without the option.</param>
    public static string Elsewhere(DateTimeOffset newest, string command)
    {
        var back = Math.Ceiling((TimeProvider.System.GetUtcNow() - newest).TotalDays);
        var further = back is >= Api.Days.Min and <= Api.Days.Max ? $": {command} --days {back}" : ".";
        return $"The newest of what is remembered is of {newest.UtcDateTime:yyyy-MM-dd HH:mm} UTC{further}";
    }
}
