using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp;
using Microsoft.OpenApi;

namespace Heat.Api;

/// <summary>
/// The examples of the API's description: answers that a service gave, and of every problem that an operation answers
/// the problem itself.
/// </summary>
internal static class Examples
{
    /// <summary>The file of the answers: by operation and status or media type.</summary>
    public const string FileName = "examples.json";

    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly RunId Run =
        RunId.TryParse("c6ab7a40ed7aebb38253eee91d8552a0", out var run) ? run : default;

    private static readonly ProblemResult[] OfSittings =
    [
        Problems.SessionId("A session id has 1 to 128 characters; this one is empty."), Problems.UnknownField("count"),
        Problems.AccountNotFound("'alice' is no account of this installation. 'heat account login alice' adds it."),
        Problems.AlreadyRunning(Alice, Run), Problems.Overtaken(Alice),
        Problems.Conduct("The account is paused until its owner says 'heat account resume alice'.", null),
        Problems.BodyTooLarge(BodyLimit.Bytes), Problems.TooMany(),
        Problems.Conduct("alice has had 4 sittings in 24 hours.", TimeSpan.FromHours(5)),
    ];

    private static readonly ProblemResult[] OfAnalytics =
        [Problems.Days("0"), Problems.Zone("Mars"), Problems.Table("weeks"), Problems.Format("xml")];

    private static readonly ProblemResult[] OfSimulations = [Problems.SimulationNotFound("a")];

    private static readonly Dictionary<string, ProblemResult[]> Known = new()
    {
        ["warmup"] = OfSittings,
        ["warmup_sync"] = OfSittings,
        ["run"] = [Problems.RunNotFound($"{Run}")],
        ["run_events"] = [Problems.RunNotFound($"{Run}")],
        ["cancel"] =
            [Problems.RunNotFound($"{Run}"), Problems.RunEnded(Run, "completed"), Problems.RunElsewhere(Run)],
        ["sessions"] = [Problems.Days("0")],
        ["history"] = [OfSittings[0], Problems.Days("0")],
        ["recommendations"] = [OfSittings[0], Problems.Count("0")],
        ["forget"] = [OfSittings[0], Problems.SessionNotFound(Alice), Problems.AlreadyRunning(Alice, Run)],
        ["validate"] =
        [
            Problems.UnknownField("all"), Problems.ReadOnly(), Problems.ValidationRuns(),
            Problems.BodyTooLarge(BodyLimit.Bytes),
            Problems.ChannelsFile("channels_data.json can't be written: the disk is full."),
        ],
        ["simulate"] =
        [
            Problems.Body("name is the name of the folder, a text."),
            Problems.Scenario(["line 1, column 14: sessions must be a whole number from 1 to 10000000, not 0."]),
            Problems.SimulationRuns("a"), Problems.RunFolder("a holds a run already. Name another folder."),
            Problems.BodyTooLarge(SimulationApi.BodyMax),
        ],
        ["simulation"] = OfSimulations,
        ["simulation_events"] = OfSimulations,
        ["stop_simulation"] = [.. OfSimulations, Problems.SimulationOver("a")],
        ["analytics"] = OfAnalytics,
        ["analytics_of_session"] = [OfSittings[0], .. OfAnalytics],
        ["analytics_of_channel"] = [Problems.Channel("x"), .. OfAnalytics],
    };

    private static readonly ProblemResult[] OfAll =
        [Problems.Token(), Problems.Stopping(), Problems.StoreFailed("sessions.db can't grow: the disk is full.")];

    private static readonly Lazy<JsonObject> Answers = new(() =>
    {
        using var file = typeof(Examples).Assembly.GetManifestResourceStream(FileName)!;
        return JsonNode.Parse(file)!.AsObject();
    });

    /// <summary>Gives an operation its examples.</summary>
    public static void AddTo(OpenApiOperation operation)
    {
        var name = operation.OperationId!;
        foreach (var request in operation.RequestBody?.Content?.Values ?? [])
            request.Example = Of(name, "request");
        foreach (var (status, answer) in operation.Responses ?? [])
            foreach (var (media, content) in answer.Content ?? new Dictionary<string, OpenApiMediaType>())
                if (media == "application/problem+json") content.Examples = ProblemsOf(name, status);
                else
                {
                    content.Example = Of(name, media == "application/json" ? status : media);
                    // A table or events: not the answer's type as it is in JSON.
                    if (media.StartsWith("text/", StringComparison.Ordinal))
                        content.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
                }
    }

    private static JsonNode? Of(string operation, string part) =>
        (Answers.Value[operation] as JsonObject)?[part]?.DeepClone();

    private static Dictionary<string, IOpenApiExample> ProblemsOf(string operation, string status)
    {
        var examples = new Dictionary<string, IOpenApiExample>();
        foreach (var problem in Known.GetValueOrDefault(operation, []).Concat(OfAll))
            if ($"{problem.StatusCode}" == status)
                examples[problem.Kind] = new OpenApiExample
                {
                    Summary = problem.Answer.Title,
                    Value = JsonSerializer.SerializeToNode(problem.Answer, ApiJson.Readable.ProblemAnswer),
                };
        return examples;
    }
}
