using System.Text;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Channels.Sources.Lists;
using HeatUp.Runs.Validation;
using HeatUp.Sessions;

namespace Heat.Dashboard;

/// <summary>The channels: the pool, their check, and an import whose changes are shown before they are taken.</summary>
internal static class ChannelPages
{
    /// <summary>How many channels a page lists.</summary>
    public const int ChannelsAtOnce = 100;

    private const string Pasted = "pasted";

    public static void MapChannelPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/ui/channels", ListAsync);
        pages.MapPost("/ui/channels/validate", Validate);
        pages.MapGet("/ui/channels/import", (PageMaker pages) => pages.Show<ImportView>("channels", []));
        pages.MapPost("/ui/channels/import", ImportAsync);
    }

    private static async Task<IResult> ListAsync(
        string? q, string? category, string? state, string? page, ChannelPoolFile file, IInsights store,
        ValidationDesk desk, PageMaker pages, CancellationToken cancellation)
    {
        var question = new ChannelsQuestion((q ?? "").Trim(), category ?? "", state ?? "",
            DashboardPages.Number(page, 1, ChannelFile.ChannelsMax));
        return pages.Show<ChannelsView>("channels", new()
        {
            [nameof(ChannelsView.Question)] = question,
            [nameof(ChannelsView.File)] = file,
            [nameof(ChannelsView.Followers)] = await store.FollowersAsync(cancellation),
            [nameof(ChannelsView.Check)] = desk.State,
        });
    }

    private static IResult Validate(ValidationDesk desk)
    {
        try
        {
            return desk.TryStart(new ValidationOptions())
                ? DashboardPages.To("/ui/channels#check")
                : Problems.ValidationRuns().ToPage();
        }
        catch (ChannelFileException failure)
        {
            return Problems.ChannelsFile(failure.Message).ToPage();
        }
    }

    /// <summary>Shows what a list would change, and, once that was seen, changes it.</summary>
    private static async Task<IResult> ImportAsync(HttpContext http, Settings settings, PageMaker pages)
    {
        if (await Requests.FormOfAsync(http, DashboardPages.FormMax) is not { } form)
            return Problems.Body($"It must be the form of the page, of at most {DashboardPages.FormMax} bytes. "
                + "'heat channels import FILE' takes lists of any size.").ToPage();
        var (text, category) = (form["list"].ToString(), form["category"].ToString().Trim());
        var isDry = form["take"].ToString() != "yes";
        var source = new FileSource(Pasted, () => new MemoryStream(Encoding.UTF8.GetBytes(text)))
        {
            Category = category.Length > 0 ? category : null,
        };
        var session = new MergeSession(source, settings.ChannelsFile, isDry);
        try
        {
            await session.RunAsync(http.RequestAborted);
        }
        catch (ChannelFileException failure)
        {
            return Problems.ChannelsFile(failure.Message).ToPage();
        }
        return pages.Show<ImportView>("channels", new()
        {
            [nameof(ImportView.List)] = text,
            [nameof(ImportView.Category)] = category,
            [nameof(ImportView.Merge)] = session.Answer,
        });
    }
}

/// <summary>Which channels are asked for.</summary>
/// <param name="Search">What their names and descriptions contain; empty for all.</param>
/// <param name="Category">Their category; empty for all.</param>
/// <param name="State"><c>usable</c>, <c>invalid</c> or <c>unchecked</c>; empty for all.</param>
/// <param name="Page">Which page; the first is 1.</param>
public sealed record ChannelsQuestion(string Search, string Category, string State, int Page)
{
    /// <summary>Whether a channel is one of those.</summary>
    public bool Takes(ListedChannel one) =>
        (one.Channel.Name.Value.Contains(Search, StringComparison.OrdinalIgnoreCase)
            || one.Channel.Description.Contains(Search, StringComparison.OrdinalIgnoreCase))
        && (Category.Length == 0 || one.Channel.Category == Category)
        && State switch
        {
            "usable" => one.IsUsable,
            "invalid" => !one.IsUsable,
            "unchecked" => one.Check is null,
            _ => true,
        };
}
