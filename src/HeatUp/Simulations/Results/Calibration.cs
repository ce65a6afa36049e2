using System.Collections.Immutable;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>
/// Figures of the real Telegram beside those of a run, with the distance between them: what a population may be taken
/// for, and what not.
/// </summary>
internal static class Calibration
{
    private const string Durov = "P. Durov, 19 March 2025";
    private const string Mts = "MTS, fourth quarter of 2023";
    private const string Itna = "itna.ir/news/50460, about 2017";
    private const string SittingNote = "A sitting is one short visit, not every opening of the app.";
    private const int OftenAMonth = 25;
    private const int PostDaysMax = 7;

    public static ImmutableArray<CalibrationFigure> Of(Scenario scenario, ChannelPool pool, Tally tally)
    {
        var posts = PostsOf(scenario, pool);
        var postsTotal = posts.Sum();
        return
        [
            .. OfSittings(scenario, tally),
            new("Hours of the day of visits", "", 0, HoursDistance(tally.HoursLocal), HoursDistance(tally.HoursLocal),
                "YSimulator, docs/agents: its readers' curve", "The sessions' own time; 0 is the same curve."),
            Amount("Posts of a channel a day", "", SandboxFigures.PostsPerDayMean,
                postsTotal / (double)(pool.All.Length * PostDays(scenario)), Itna, "On the sandbox."),
            Amount("Posts at the busiest hour to those at the quietest", "", 14,
                posts.Min() == 0 ? null : posts.Max() / (double)posts.Min(), Itna, "On the sandbox."),
        ];
    }

    /// <summary>The figures that sittings alone tell, without the sandbox and the sessions' own time.</summary>
    public static ImmutableArray<CalibrationFigure> OfSittings(Scenario scenario, Tally tally)
    {
        var sessionDays = (double)scenario.Sessions * scenario.Days;
        var perDay = Known(tally.Sittings / sessionDays, tally.Sittings > 0);
        var seconds = Known(tally.SittingSeconds.Mean, tally.SittingSeconds.Count > 0);
        return
        [
            Amount("Visits a day", "", 21, perDay, Durov, SittingNote),
            Amount("Minutes a day", "min", 41, perDay * seconds / 60, Durov, SittingNote),
            Amount("Length of a visit", "s", 117, seconds, Durov, "41 minutes over 21 openings."),
            Amount("Sessions with more than 25 visits a month", "", 0.63,
                tally.Arrivals == 0 ? null : tally.SessionsMoreOftenThan(OftenAMonth, scenario.Days)
                    / (double)tally.Arrivals,
                Mts, scenario.Days < 14 ? "Of a short run, and so uncertain." : null),
            Amount("Active days on which a channel is read", "", 0.73,
                tally.SessionDays == 0 ? null : tally.ReadingDays / (double)tally.SessionDays,
                "Mediascope, October 2024", "Every sitting here reads channels or joins them; people also chat."),
            Amount("Sessions in more than 5 channels", "", 0.15,
                tally.Arrivals == 0 ? null : tally.SessionsWithChannels(6) / (double)tally.Arrivals,
                "MOMRI, 2017", "Grows with the run's length."),
        ];
    }

    private static CalibrationFigure Amount(
        string name, string unit, double reference, double? simulated, string source, string? note) =>
        new(name, unit, reference, Rounded(simulated),
            simulated is > 0 ? Rounded(Math.Log(simulated.Value / reference)) : null, source, note);

    private static double? Known(double value, bool isKnown) => isKnown ? value : null;

    /// <summary>Rounded, so that the last digits of a logarithm on another machine change no byte.</summary>
    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;

    /// <summary>The total variation between the hours of the visits and the readers' curve.</summary>
    private static double? HoursDistance(long[] hours)
    {
        var all = hours.Sum();
        if (all == 0) return null;
        var difference = 0.0;
        for (var hour = 0; hour < hours.Length; hour++)
            difference += Math.Abs(hours[hour] / (double)all - ReaderCurve.ShareOf(hour));
        return Rounded(difference / 2);
    }

    private static int PostDays(Scenario scenario) => Math.Min(scenario.Days, PostDaysMax);

    /// <summary>How many posts came in each hour of the day, in all channels, in the first days.</summary>
    private static long[] PostsOf(Scenario scenario, ChannelPool pool)
    {
        var world = new SandboxTelegram(
            () => pool, new VirtualTime(scenario.Start, _ => { }), Pace.Real, scenario.Seed, scenario.Faults);
        var hours = new long[24];
        var first = DateOnly.FromDateTime(scenario.Start.UtcDateTime);
        for (var day = 0; day < PostDays(scenario); day++)
            foreach (var channel in pool.All)
                foreach (var post in world.PostsOn(channel.Name, first.AddDays(day)))
                    hours[post.Hour]++;
        return hours;
    }
}
