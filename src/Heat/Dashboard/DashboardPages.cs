using Heat.Accounts;
using Heat.Api;
using Heat.Reports;
using HeatUp;
using Microsoft.AspNetCore.Components;

namespace Heat.Dashboard;

/// <summary>
/// The dashboard: pages below <c>/ui</c>, made on the server and whole without scripts. A form posts, does what it
/// says, and leads to a page. What other sites' pages send is refused before it comes here, as everywhere.
/// </summary>
internal static class DashboardPages
{
    /// <summary>The most bytes of a form: that of an import.</summary>
    public const long FormMax = BodyLimit.Bytes;

    public static void AddDashboard(this IServiceCollection services) =>
        services.AddSingleton<LiveBoard>().AddSingleton<PageMaker>();

    public static void MapDashboard(this WebApplication app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription().WithMetadata(Page.Mark);
        pages.MapSittingPages();
        pages.MapSessionPages();
        pages.MapChannelPages();
        pages.MapInsightPages();
        pages.MapSimulationPages();
        pages.MapAccountPages();
    }

    /// <summary>Leads the browser to a page, which it asks for anew.</summary>
    public static IResult To(string place) => Results.LocalRedirect(place);

    public static string PlaceOf(string session) => $"/ui/sessions/{Uri.EscapeDataString(session)}";

    public static string PlaceOf(RunId run) => $"/ui/runs/{run}";

    /// <summary>An address with what is asked for; what is empty is left away.</summary>
    public static string Query(string place, params (string Name, string? Value)[] values)
    {
        var given = values.Where(one => !string.IsNullOrEmpty(one.Value))
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}").ToList();
        return given.Count == 0 ? place : $"{place}?{string.Join('&', given)}";
    }

    /// <summary>A whole number out of an address; the least if it is none.</summary>
    public static int Number(string? text, int least, int most) =>
        text is not null && Whole.TryParse(text, out var number) ? Math.Clamp(number, least, most) : least;
}

/// <summary>What stands around every page.</summary>
/// <param name="Current">Which page of the navigation it belongs to.</param>
/// <param name="HasAccounts">Whether sittings are those of real accounts.</param>
/// <param name="SignsOut">Whether one signs in, and so out.</param>
/// <param name="MayAct">Whether whoever looks may change something.</param>
public sealed record Frame(string Current, bool HasAccounts, bool SignsOut, bool MayAct);

/// <summary>Makes pages out of components. Thread-safe.</summary>
internal sealed class PageMaker(TokenCheck check, TelegramInUse telegram)
{
    /// <summary>A page.</summary>
    /// <param name="current">Which page of the navigation it belongs to.</param>
    /// <param name="parameters">The component's, the frame aside.</param>
    /// <param name="status">The HTTP status.</param>
    public IResult Show<TView>(
        string current, Dictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TView : IComponent => new View<TView>(this, current, parameters, status);

    private sealed class View<TView>(
        PageMaker maker, string current, Dictionary<string, object?> parameters, int status) : IResult
        where TView : IComponent
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            parameters["Frame"] = maker.FrameOf(current, httpContext);
            return Page.Of(HtmlReport.Render<TView>(parameters), status).ExecuteAsync(httpContext);
        }
    }

    private Frame FrameOf(string current, HttpContext http) =>
        new(current, telegram.Accounts is not null, check.IsNeeded, ApiAuthentication.MayAct(http));
}
