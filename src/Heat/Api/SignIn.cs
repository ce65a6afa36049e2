using Microsoft.AspNetCore.Authentication;

namespace Heat.Api;

/// <summary>The page on which a browser shows the token once and gets a cookie for it.</summary>
internal static class SignIn
{
    public const string CookieName = "heat_up";

    private const string Path = "/ui/sign-in";
    private const string ReturnField = "return";

    /// <summary>The most bytes of the form; a token has a few dozen.</summary>
    private const int FormMax = 8 * 1024;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription().WithMetadata(Page.Mark).AllowAnonymous();
        pages.MapGet(Path, Ask);
        pages.MapPost(Path, EnterAsync);
        pages.MapPost("/ui/sign-out", LeaveAsync);
        foreach (var file in PageFiles.All)
            pages.MapGet(file.Path, (HttpContext http) => file.Answer(http));
    }

    /// <summary>Where a browser signs in and is then led to what it wanted.</summary>
    public static string PathFor(HttpRequest wanted) =>
        $"{Path}?{ReturnField}={Uri.EscapeDataString($"{wanted.Path}{wanted.QueryString}")}";

    private static IResult Ask(HttpRequest request, TokenCheck check)
    {
        var next = Local(request.Query[ReturnField].ToString());
        return check.IsNeeded ? Form(next, null, StatusCodes.Status200OK) : Results.Redirect(next);
    }

    private static async Task<IResult> EnterAsync(HttpContext http, TokenCheck check)
    {
        if (await Requests.FormOfAsync(http, FormMax) is not { } form)
            return Problems.Body("It must be the form of the sign-in page.");
        var next = Local(form[ReturnField].ToString());
        if (!check.IsNeeded) return Results.Redirect(next);
        var rights = check.RightsOf(form["token"].ToString().Trim());
        if (rights == Rights.None)
            return Form(next, "That is not the service's API_TOKEN.", StatusCodes.Status401Unauthorized);
        var caller = ApiAuthentication.Caller(ApiAuthentication.Cookie, rights);
        await http.SignInAsync(ApiAuthentication.Cookie, caller, new() { IsPersistent = true });
        return Results.Redirect(next);
    }

    private static async Task<IResult> LeaveAsync(HttpContext http, TokenCheck check)
    {
        if (check.IsNeeded) await http.SignOutAsync(ApiAuthentication.Cookie);
        return Results.Redirect(Path);
    }

    /// <summary>A place of this service; anything else, such as another site's address, becomes the root.</summary>
    private static string Local(string place) =>
        place.StartsWith('/') && !place.StartsWith("//", StringComparison.Ordinal) && !place.Contains('\\')
            && Uri.TryCreate(place, UriKind.Relative, out _)
            ? place
            : "/";

    private static IResult Form(string next, string? wrong, int status) => Page.Html(status, "Sign in", $"""
        <form method="post" action="{Path}">
        <p><label>The service's <code>API_TOKEN</code>
        <input type="password" name="token" required autofocus autocomplete="current-password"></label></p>
        {(wrong is null ? "" : $"<p role=\"alert\">{Page.Text(wrong)}</p>")}
        <input type="hidden" name="{ReturnField}" value="{Page.Text(next)}">
        <p><button>Sign in</button></p>
        </form>
        """);
}
