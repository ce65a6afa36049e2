using Heat.Accounts;
using Heat.Api;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs.Conduct;
using HeatUp.Sessions;

namespace Heat.Dashboard;

/// <summary>The operator's real accounts, where sittings are theirs.</summary>
internal static class AccountPages
{
    /// <summary>How many weeks an account's calendar has, from a Monday to the one that goes on.</summary>
    private const int Weeks = 5;

    private const int DaysOfWeek = 7;

    public static void MapAccountPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/ui/accounts", ListAsync);
        pages.MapPost("/ui/accounts/{session_id}/stop", Stop);
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, TelegramInUse telegram, IActionCounts counts, IInsights insights, ChannelPoolFile pool,
        PageMaker pages, CancellationToken cancellation)
    {
        var (lines, zone) = (new List<AccountLine>(), ViewerZone.Of(request));
        try
        {
            foreach (var account in telegram.Accounts?.Book.List() ?? [])
            {
                var (name, now) = (account.Name, telegram.Accounts!.Now);
                var days = AnalyticsQuestion.Of(DaysShown(now, zone), now, zone, name);
                lines.Add(new(account, await counts.CountAsync(name, now - ConductLimits.Period, cancellation),
                    await insights.AnalyseAsync(days, pool.Listed, cancellation)));
            }
        }
        catch (IOException failure)
        {
            return Problems.Conduct(failure.Message, null).ToPage();
        }
        return pages.Show<AccountsView>("accounts", new()
        {
            [nameof(AccountsView.Mode)] = telegram.Kind,
            [nameof(AccountsView.Accounts)] = lines,
        });
    }

    private static int DaysShown(DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return (Weeks - 1) * DaysOfWeek + today.DayNumber - Cohort.MondayOf(today).DayNumber + 1;
    }

    private static IResult Stop(string session_id, TelegramInUse telegram)
    {
        if (!SessionId.TryParse(session_id, out var name, out var problem)) return Problems.SessionId(problem).ToPage();
        if (telegram.Accounts?.WhyNot(name) is { } unknown) return Problems.AccountNotFound(unknown).ToPage();
        telegram.Accounts?.Book.Stop(name, "Its owner stopped it on the dashboard.");
        return DashboardPages.To("/ui/accounts");
    }
}

/// <summary>An account with what it did.</summary>
/// <param name="Account">The account.</param>
/// <param name="Counts">What it did in the last day.</param>
/// <param name="Past">What it did and was refused in the weeks of its calendar.</param>
public sealed record AccountLine(Account Account, ActionCounts Counts, Analytics Past);
