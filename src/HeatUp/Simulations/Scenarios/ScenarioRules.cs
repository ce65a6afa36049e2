using System.Globalization;

namespace HeatUp.Simulations;

/// <summary>What each plain value of a scenario must be.</summary>
internal static class ScenarioRules
{
    /// <summary>The first year in which a run may start.</summary>
    public const int YearMin = 2000;

    /// <summary>The last year in which a run may start.</summary>
    public const int YearMax = 2999;

    /// <summary>More than that is nobody's estimate of sessions.</summary>
    private const double MassesMax = 1e15;

    private const string DayFormat = "yyyy-MM-dd";
    private static readonly string[] MomentFormats =
        [DayFormat, "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static void Sessions(ScenarioDraft draft, Given given)
    {
        // What too many would take is said at the end, when the days are known.
        if (!AreMasses(given) && Whole(draft, given, 1, Scenario.SessionsMax) is { } sessions)
            draft.Scenario = draft.Scenario with { Sessions = (int)sessions };
    }

    public static void Days(ScenarioDraft draft, Given given)
    {
        if (Whole(draft, given, 1, Scenario.DaysMax) is { } days)
            draft.Scenario = draft.Scenario with { Days = (int)days };
    }

    public static void Start(ScenarioDraft draft, Given given)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(given.Text, MomentFormats, CultureInfo.InvariantCulture, utc, out var start)
            && start.Year is >= YearMin and <= YearMax)
            draft.Scenario = draft.Scenario with { Start = start };
        else
            draft.Refuse(given, $"a day or a moment of the years {YearMin} to {YearMax}, in UTC unless it says "
                + "otherwise, such as 2026-01-05 or 2026-01-05T08:00:00Z");
    }

    /// <summary>The end says how many days there are, once the start is known: <see cref="CheckTogether"/>.</summary>
    public static void End(ScenarioDraft draft, Given given)
    {
        if (DayOf(given) is null) draft.Refuse(given, "a day, such as 2026-01-12");
    }

    public static void Seed(ScenarioDraft draft, Given given)
    {
        if (given.Natural is { } seed) draft.Scenario = draft.Scenario with { Seed = new Seed(seed) };
        else draft.Refuse(given, $"a whole number from 0 to {ulong.MaxValue}");
    }

    public static void Pool(ScenarioDraft draft, Given given)
    {
        if (given.IsNull) draft.Scenario = draft.Scenario with { Pool = null };
        else if (given.Text is { } path && !string.IsNullOrWhiteSpace(path) && !path.Contains('\0'))
            draft.Scenario = draft.Scenario with { Pool = given.IsOption ? Path.GetFullPath(path) : path };
        else draft.Refuse(given, "the path of a file of channels");
    }

    public static void ArriveOverDays(ScenarioDraft draft, Given given)
    {
        if (Whole(draft, given, 0, Scenario.DaysMax) is { } days)
            draft.Scenario = draft.Scenario with { ArriveOverDays = (int)days };
    }

    public static void SittingsPerDay(ScenarioDraft draft, Given given)
    {
        if (given.IsNull) draft.Scenario = draft.Scenario with { SittingsPerDay = null };
        else if (given.Number is > 0 and <= Scenario.SittingsPerDayMax)
            draft.Scenario = draft.Scenario with { SittingsPerDay = given.Number };
        else draft.Refuse(given, $"a number of more than 0 and at most {Scenario.SittingsPerDayMax}");
    }

    public static void History(ScenarioDraft draft, Given given)
    {
        if (given.Flag is { } history) draft.Scenario = draft.Scenario with { History = history };
        else draft.Refuse(given, "true or false");
    }

    public static void Recommendations(ScenarioDraft draft, Given given)
    {
        if (given.Flag is { } wanted) draft.Scenario = draft.Scenario with { Recommendations = wanted };
        else draft.Refuse(given, "true or false");
    }

    public static void MaxTokens(ScenarioDraft draft, Given given)
    {
        if (given.IsNull) draft.Scenario = draft.Scenario with { MaxTokens = null };
        else if (Whole(draft, given, 1, long.MaxValue) is { } tokens)
            draft.Scenario = draft.Scenario with { MaxTokens = tokens };
    }

    public static void Schema(ScenarioDraft draft, Given given)
    {
        if (given.Text is null) draft.Refuse(given, "the address of this file's schema");
    }

    public static void TelegramMode(ScenarioDraft draft, Given given)
    {
        if (given.Text == "sandbox") return;
        draft.Say(given, $"{given.Name} must be sandbox, not {given.Shown}: a simulation runs on the sandbox only "
            + "and can't reach a real server.");
    }

    /// <summary>What values must be beside each other.</summary>
    public static void CheckTogether(ScenarioDraft draft)
    {
        if (CheckEnd(draft)) CheckArrivals(draft);
        if (draft.SaidFor("sessions") is { } sessions && AreMasses(sessions)) RefuseMasses(draft, sessions);
    }

    /// <summary>Whether somebody means so many sessions, and should hear what they would take.</summary>
    private static bool AreMasses(Given sessions) => sessions.Number is > Scenario.SessionsMax and < MassesMax;

    private static long? Whole(ScenarioDraft draft, Given given, long low, long high)
    {
        if (given.Whole is { } number && number >= low && number <= high) return number;
        draft.Refuse(given, high == long.MaxValue
            ? $"a whole number, {low} or more"
            : $"a whole number from {low} to {high}");
        return null;
    }

    private static DateOnly? DayOf(Given given) =>
        DateOnly.TryParseExact(given.Text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    /// <summary>Whether the days are known afterwards.</summary>
    private static bool CheckEnd(ScenarioDraft draft)
    {
        if (!draft.IsSound("days") || !draft.IsSound("end") || !draft.IsSound("start")) return false;
        if (draft.SaidFor("end") is not { } given || DayOf(given) is not { } end) return true;
        if (draft.SaidFor("days") is null) return TakeEnd(draft, given, end);
        draft.SayOfKey(given, () => "end must not stand beside days: either of them says how long the run is.");
        return false;
    }

    private static bool TakeEnd(ScenarioDraft draft, Given given, DateOnly end)
    {
        var start = DateOnly.FromDateTime(draft.Scenario.Start.UtcDateTime);
        var days = end.DayNumber - start.DayNumber;
        if (days is < 1 or > Scenario.DaysMax)
        {
            draft.Refuse(given, $"1 to {Scenario.DaysMax} days after the start, which is {start:yyyy-MM-dd}");
            return false;
        }
        draft.Scenario = draft.Scenario with { Days = days };
        return true;
    }

    private static void CheckArrivals(ScenarioDraft draft)
    {
        var (arrive, days) = (draft.Scenario.ArriveOverDays, draft.Scenario.Days);
        if (arrive <= days) return;
        if (draft.SaidFor("arrive_over_days") is { } given)
            draft.Refuse(given, $"at most the {days} days that the run lasts");
        else if (draft.SaidFor("days") is { } shortened)
            draft.Refuse(shortened, $"at least {arrive}, because the sessions arrive over so many days");
    }

    private static void RefuseMasses(ScenarioDraft draft, Given given)
    {
        var needs = ScenarioNeeds.Of(draft.Scenario, given.Number ?? 0);
        draft.Say(given, $"{given.Name} must be a whole number from 1 to {Scenario.SessionsMax}, not {given.Shown}: "
            + $"for {draft.Scenario.Days} days they would take {needs}.");
    }
}
