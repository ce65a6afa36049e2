using HeatUp.Testing;

namespace HeatUp.Benchmarks;

/// <summary>A language model that takes its time, as real ones do.</summary>
internal static class SlowLlm
{
    /// <summary>Lets a server answer good plans after a while, and keep no request.</summary>
    public static void AnswerAfter(this StubLlm llm, TimeSpan latency)
    {
        llm.Records = false;
        llm.Otherwise = async request =>
        {
            await Task.Delay(latency);
            return llm.GoodPlan(request);
        };
    }
}
