using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Heat.Api;

/// <summary>The API's description (OpenAPI) and a page to try it (Scalar).</summary>
internal static class Description
{
    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Heat Up",
                Version = ServiceApi.Version,
                Description =
                    "Gives a Telegram session short, sensible sittings: recalls what it did, plans a few actions, "
                    + "runs them, remembers each. Errors are problem documents (RFC 9457) with a stable `type`.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) Describe(parameter);
            return Task.CompletedTask;
        });
    });

    public static void MapDescription(this WebApplication app)
    {
        app.MapOpenApi();
        // The page needs no network and tells nobody of its visitor.
        app.MapScalarApiReference("/docs", options => options
            .WithTitle("Heat Up")
            .WithOperationTitleSource(OperationTitleSource.Path)
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .DisableDefaultFonts()
            .HideDeveloperTools()
            .HideClientButton());
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
                    MaxLength = HeatUp.SessionId.LengthMax,
                };
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
