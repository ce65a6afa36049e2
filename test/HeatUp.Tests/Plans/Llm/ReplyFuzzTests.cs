using HeatUp.Testing;

namespace HeatUp.Tests.Plans.Llm;

public sealed class ReplyFuzzTests
{
    [Fact]
    public void NoMutatedReplyMakesABadPlanOrAnException()
    {
        var result = ReplyFuzz.Run(seed: 1, count: 5_000);

        result.Faults.ShouldBeEmpty();
        result.Plans.ShouldBeInRange(500, 4_500, "replies must be near a plan, on both sides");
    }
}
