using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Support;

/// <summary>Driving a <see cref="FakeTimeProvider"/>.</summary>
internal static class FakeTime
{
    public static readonly DateTimeOffset Noon = new(2025, 6, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(3);

    // On a busy machine hours of a fake clock are over before the disk has answered once.
    private static readonly TimeSpan RealPatience = TimeSpan.FromSeconds(10);

    public static FakeTimeProvider AtNoon() => new(Noon);

    /// <summary>Lets time pass until the work is done; fails if that takes hours.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider clock, Task<T> work)
    {
        await clock.RunAsync((Task)work);
        return await work;
    }

    /// <summary>The same for work without a result.</summary>
    public static async Task RunAsync(this FakeTimeProvider clock, Task work)
    {
        var real = Stopwatch.StartNew();
        for (var passed = TimeSpan.Zero;
            !work.IsCompleted && (passed < Patience || real.Elapsed < RealPatience); passed += Tick)
        {
            clock.Advance(Tick);
            await Task.Yield();
        }
        work.IsCompleted.ShouldBeTrue($"It isn't done after {Patience.TotalHours} hours.");
        await work;
    }

    /// <summary>
    /// The same for work that waits for real threads too, such as a database's: however much time passes meanwhile.
    /// </summary>
    public static async Task RunWithThreadsAsync(this FakeTimeProvider clock, Task work)
    {
        while (!work.IsCompleted)
        {
            clock.Advance(Tick);
            await Task.Yield();
        }
        await work;
    }

    /// <summary>The same for a call.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider clock, ValueTask<T> work) =>
        await clock.RunAsync(work.AsTask());

    /// <summary>Lets this much time pass, in small ticks.</summary>
    public static void Pass(this FakeTimeProvider clock, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick) clock.Advance(Tick);
    }
}
