using Heat.Accounts;
using Heat.Api;
using HeatUp;
using HeatUp.Runs.Conduct;

namespace Heat.Dashboard;

/// <summary>The operator's real accounts, where sittings are theirs.</summary>
internal static class AccountPages
{
    public static void MapAccountPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/ui/accounts", ListAsync);
        pages.MapPost("/ui/accounts/{session_id}/stop", Stop);
    }

    private static async Task<IResult> ListAsync(
        TelegramInUse telegram, IActionCounts counts, PageMaker pages, CancellationToken cancellation)
    {
        var lines = new List<AccountLine>();
        try
        {
            foreach (var account in telegram.Accounts?.Book.List() ?? [])
                lines.Add(new(account, await counts.CountAsync(
                    account.Name, telegram.Accounts!.Now - ConductLimits.Period, cancellation)));
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

    private static IResult Stop(string session_id, TelegramInUse telegram)
    {
        if (!SessionId.TryParse(session_id, out var name, out var problem)) return Problems.SessionId(problem).ToPage();
        if (telegram.Accounts?.WhyNot(name) is { } unknown) return Problems.AccountNotFound(unknown).ToPage();
        telegram.Accounts?.Book.Stop(name, "Its owner stopped it on the dashboard.");
        return DashboardPages.To("/ui/accounts");
    }
}

/// <summary>An account with what it did in the last day.</summary>
/// <param name="Account">The account.</param>
/// <param name="Counts">What it did.</param>
public sealed record AccountLine(Account Account, ActionCounts Counts);
