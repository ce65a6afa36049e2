using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Heat.Api;

/// <summary>The API's description (OpenAPI) and a page to try it (Scalar).</summary>
internal static class Description
{
    private const string TokenScheme = "token";
    private const string DocsPath = "/docs";

    /// <param name="services">Where it goes.</param>
    /// <param name="needsToken">Whether requests must bring a token: then the page asks for it.</param>
    public static void AddDescription(
        this IServiceCollection services, bool needsToken) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Heat Up",
                Version = ServiceApi.Version,
                Description =
                    "Gives a Telegram session short, sensible sittings: recalls what it did, plans a few actions, "
                    + "runs them, remembers each. Errors are problem documents (RFC 9457) with a stable `type`; beside "
                    + "those that stand with a request, any may be answered with `invalid-request`, `not-found`, "
                    + "`method-not-allowed`, `fault`, `read-only` (403: the token may only look), `cross-site` (403: a "
                    + "page of another site asks) and `wrong-host` (421: without a token, for another name than this "
                    + "machine's own).",
            };
            document.Servers?.Clear();
            if (needsToken) DescribeToken(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) Describe(parameter);
            Examples.AddTo(operation);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // What would be null is absent.
            foreach (var property in context.JsonTypeInfo.Properties)
                if (property.IsGetNullable) schema.Required?.Remove(property.Name);
            return Task.CompletedTask;
        });
    });

    /// <summary>
    /// The description and the page are the same for every installation, so that they need no token: a browser can't
    /// bring one before there is a page that asks for it.
    /// </summary>
    public static void MapDescription(this WebApplication app)
    {
        // One address and not a pattern: of a document that isn't there, the library would say so in plain text.
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        // The page needs no network and tells nobody of its visitor.
        var page = app.MapScalarApiReference(DocsPath, options => options
            .WithTitle("Heat Up")
            .WithOperationTitleSource(OperationTitleSource.Path)
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .DisableDefaultFonts()
            .HideDeveloperTools()
            .HideClientButton()
            .AddPreferredSecuritySchemes(TokenScheme));
        page.AllowAnonymous().WithMetadata(Page.Mark);
        page.WithInlineScripts(DocsPath);
    }

    private static void DescribeToken(OpenApiDocument document)
    {
        document.AddComponent(TokenScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The service's API_TOKEN.",
        });
        document.Security =
            [new() { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] }];
    }

    private static void Describe(OpenApiParameter parameter)
    {
        switch (parameter.Name)
        {
            case "session_id":
                parameter.Description = "The session: 1 to 128 letters and digits of any script and `_ . : @ + -`.";
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    MinLength = 1,
                    MaxLength = SessionId.LengthMax,
                };
                break;
            case "channel":
                parameter.Description = "The channel's name, with or without its `@`.";
                break;
            case "zone":
                parameter.Description =
                    "Whose days and hours: `UTC`, an offset such as `UTC+3`, or an IANA name such as `Europe/Berlin`.";
                break;
            case "table":
                parameter.Description = $"Which table, as CSV: `{string.Join("`, `", AnalyticsTables.Names)}`.";
                break;
            case "format":
                parameter.Description = "`json` or `csv`, where the Accept header can't be set.";
                break;
            case "run_id":
                parameter.Description = "The run, as the answer to a warmup names it.";
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9a-fA-F]{32}$" };
                break;
            case "count":
                parameter.Description = "How many at most.";
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = $"{Recommending.CountMax}",
                    Default = Recommending.CountDefault,
                };
                break;
            case "days":
                parameter.Description = "How many days back.";
                parameter.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = $"{Days.Min}",
                    Maximum = $"{Days.Max}",
                    Default = Days.Default,
                };
                break;
        }
    }
}
