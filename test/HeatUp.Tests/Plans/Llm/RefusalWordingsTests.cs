using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>In how many words servers refuse one thing: each leads to a request without it.</summary>
public sealed class RefusalWordingsTests
{
    public static TheoryData<string, int, string> Wordings => new()
    {
        { "role", 400, "Only user and assistant roles are supported!" },
        { "role", 500, "Error rendering prompt with jinja template: \"Only user and assistant roles are supported!\"." },
        { "role", 424, "Server error: Conversation roles must alternate user/assistant/user/assistant/..." },
        { "role", 400, "A conversation must start with a user message. Try again." },
        { "role", 400, "First message must be from user" },
        { "role", 400, "Please use a valid role: user, model." },
        { "role", 400, "Invalid role. Only 'user' and 'assistant' are allowed." },
        { "role", 400, "Unsupported value: 'messages[0].role' does not support 'system' with this model." },
        { "role", 400, "The first turn must be from the user." },
        { "form", 400, "format must be json" },
        { "form", 400, "Request contains an invalid argument." },
        { "form", 400, "Invalid request parameters." },
        { "form", 422, "Validation error" },
        { "form", 400, "Request validation failed" },
        { "form", 400, "Provider returned error" },
        { "form", 400, "This response_format type is unavailable now" },
        { "form", 404, "No endpoints found that can handle the requested parameters." },
        { "form", 501, "json_schema is not implemented" },
        { "form", 400, "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'." },
        { "limit", 400, "Unrecognized request argument supplied: max_completion_tokens" },
        { "limit", 422, "Input validation error: `max_new_tokens` must be <= 1024. Given: 4096" },
        { "limit", 400, "This model's maximum context length is 6048 tokens. However, you requested 6616 tokens." },
        { "limit", 400, "Max tokens 4096 exceeds limit 2048 for this model" },
        { "limit", 400, "The requested number of output tokens exceeds the limit of 2048" },
        { "stream", 400, "Please set stream=true" },
        { "stream", 422, "body.stream: Input should be True" },
        { "stream", 400, "streaming_required" },
        { "stream", 400, "stream=false is not supported" },
        { "stream", 400, "Non streaming responses are disabled for this deployment" },
        { "stream", 400, "This model only support stream mode, please enable the stream parameter." },
    };

    [Theory]
    [MemberData(nameof(Wordings))]
    public async Task ARefusalIsFollowedByARequestWithoutWhatItNames(string what, int status, string words)
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = request => Task.FromResult(
            Has(request, what) ? StubReply.Fails(status, words) : StubReply.Says(Replies.Good));

        (await world.PlanAsync()).Origin.FallbackReason.ShouldBeNull();

        world.Llm.RequestCount.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task AFormThatKeepsAModelFromSayingAnythingIsLeft()
    {
        await using var world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = request => Task.FromResult(
            StubReply.Says(Has(request, "form") ? "" : Replies.Good));

        for (var sitting = 0; sitting < 4; sitting++)
            (await world.PlanAsync(Some.New(session: $"s{sitting}"))).Origin.Planner.ShouldBe(PlannerKind.Llm);

        // Found twice, then known for a while.
        world.Llm.RequestCount.ShouldBeLessThanOrEqualTo(7);
    }

    private static bool Has(StubRequest request, string what)
    {
        using var json = JsonDocument.Parse(request.Body);
        var body = json.RootElement;
        return what switch
        {
            "role" => body.GetProperty("messages")[0].GetProperty("role").GetString() == "system",
            "form" => request.ResponseFormat is not null,
            "limit" => body.TryGetProperty("max_completion_tokens", out _) || body.TryGetProperty("max_tokens", out _),
            _ => !body.TryGetProperty("stream", out var streams) || !streams.GetBoolean(),
        };
    }
}
