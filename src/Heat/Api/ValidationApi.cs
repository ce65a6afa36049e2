using Heat.Background;
using HeatUp.Channels;
using HeatUp.Runs.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heat.Api;

/// <summary>Checking the channels: beginning a pass, and seeing how far it is.</summary>
internal static class ValidationApi
{
    public static void MapValidation(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/channels").WithTags("Channels");
        api.MapPost("/validate", StartAsync).WithName("validate")
            .WithSummary("Look up every channel of the file, the longest unchecked first, in the background")
            .ProducesProblems(400, 401, 403, 409, 413, 503);
        api.MapGet("/validation", (ValidationDesk desk) => new Answer<ValidationAnswer>(desk.State))
            .WithName("validation")
            .WithSummary("The check of the channels that goes on, or else the last one of this process")
            .ProducesProblems(401);
    }

    private static async Task<Results<Begun<ValidationAnswer>, ProblemResult>> StartAsync(
        HttpRequest request, ValidationDesk desk, CancellationToken cancellation)
    {
        if (await Requests.RefuseFieldsAsync(request, cancellation) is { } refusal) return refusal;
        try
        {
            return desk.TryStart(new ValidationOptions())
                ? new Begun<ValidationAnswer>(desk.State) { Location = "/channels/validation" }
                : Problems.ValidationRuns();
        }
        catch (ChannelFileException failure)
        {
            return Problems.ChannelsFile(failure.Message);
        }
    }
}
