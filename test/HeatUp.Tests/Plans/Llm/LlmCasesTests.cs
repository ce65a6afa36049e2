using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>What servers that call themselves OpenAI-compatible were met to say, and what a user expects of it.</summary>
public sealed class LlmCasesTests
{
    private static readonly string[] PlannedActions = ["join_channel @addmeto", "read_messages @addmeto 17", "idle 6"];

    public static TheoryData<string> Cases => [.. LlmCase.Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AServerIsTakenAsAUserWouldExpect(string name)
    {
        var (theCase, expected) = (LlmCase.Read(name), LlmCase.Read(name).Expect);
        await using var world = await LlmWorld.StartAsync(under: theCase.Base);
        world.Llm.Otherwise = theCase.AnswerAsync;

        var plans = new List<Plan>();
        for (var sitting = 0; sitting < theCase.Sittings; sitting++)
            plans.Add(await world.PlanAsync(Some.New(session: $"s{sitting}")));

        foreach (var plan in plans) Check(plan, expected);
        if (expected.Requests is { } requests) world.Llm.RequestCount.ShouldBe(requests);
        world.Llm.RequestCount.ShouldBeLessThan(9 * theCase.Sittings);
        if (expected.Forms is { } forms)
            world.Llm.Requests.Select(request => request.ResponseFormat).ShouldBe(forms);
        if (expected.Limits is { } limits) world.Llm.Requests.Select(LimitOf).ShouldBe(limits);
    }

    private static void Check(Plan plan, LlmCase.Expected expected)
    {
        var origin = plan.Origin;
        if (expected.Planner == "llm")
        {
            origin.FallbackReason.ShouldBeNull();
            plan.Actions.Select(Some.Text).ShouldBe(PlannedActions);
        }
        origin.FallbackCode.ShouldBe(expected.Code);
        foreach (var words in expected.Says ?? []) origin.FallbackReason!.ShouldContain(words);
        (origin.FallbackReason ?? "").ShouldNotContain("0123456789");
        if (expected.Tokens is [var input, var output, var cached])
            origin.Tokens.ShouldBe(new TokenUsage(input, output, cached));
    }

    private static string? LimitOf(StubRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.EnumerateObject().Select(property => property.Name)
            .SingleOrDefault(property => property.StartsWith("max_", StringComparison.Ordinal));
    }
}
