using System.Reflection;
using HeatUp.Tests.Support;
using Xunit.v3;

[assembly: Watchdog]

namespace HeatUp.Tests.Support;

/// <summary>
/// Ends a test that doesn't end: first it is cancelled, and if it doesn't listen, the whole run ends with its name.
/// Faults that make code wait or go round for ever fail in this way too.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class WatchdogAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan CancelAfter = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndAfter = TimeSpan.FromMinutes(5);

    private static readonly AsyncLocal<Timer[]?> Running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        var longer = methodUnderTest.GetCustomAttribute<TakesAttribute>()?.Longer ?? TimeSpan.Zero;
        Running.Value =
        [
            new(_ => context.CancelCurrentTest(), null, CancelAfter + longer, Timeout.InfiniteTimeSpan),
            new(_ => Environment.FailFast($"A test doesn't end: {test.TestDisplayName}"), null, EndAfter + longer,
                Timeout.InfiniteTimeSpan),
        ];
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        foreach (var timer in Running.Value ?? []) timer.Dispose();
    }
}

/// <summary>A test that may take longer than others, by so many minutes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesAttribute(int minutesLonger) : Attribute
{
    public TimeSpan Longer => TimeSpan.FromMinutes(minutesLonger);
}
