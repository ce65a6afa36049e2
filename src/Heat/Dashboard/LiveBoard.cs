using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Heat.Reports;
using HeatUp;
using HeatUp.Sessions;

namespace Heat.Dashboard;

/// <summary>The sittings that go on.</summary>
/// <param name="Total">How many.</param>
/// <param name="Runs">The newest of them.</param>
public sealed record RunningSittings(int Total, IReadOnlyList<RunRecord> Runs);

/// <summary>
/// What goes on now, for all who look: looked up and written once a second, however many there are, told only if it has
/// changed, and not at all while nobody looks. Thread-safe.
/// </summary>
internal sealed class LiveBoard(Claims claims, IInsights store, TimeProvider clock, IHostApplicationLifetime service)
{
    /// <summary>The most sittings that are shown.</summary>
    public const int ShownMax = 50;

    /// <summary>How often it is looked at.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? shown;
    private int viewers;
    private bool isLooking;

    /// <summary>The sittings of this process, and those that the store knows to be another's.</summary>
    public async Task<RunningSittings> NowAsync(CancellationToken cancellation)
    {
        var own = claims.Sittings;
        var open = await store.OpenRunsAsync(ShownMax, cancellation);
        var others = open.Where(run => !claims.Has(run.Id)).ToList();
        // The newest are shown: what they do is told as it stands, whatever the store has of it yet.
        var newest = own.OrderByDescending(sitting => sitting.Snapshot().StartedAt).Take(ShownMax)
            .Select(sitting => sitting.Snapshot());
        return new(own.Count + others.Count, [.. newest.Where(run => run.End is null).Concat(others)
            .OrderByDescending(run => run.StartedAt).ThenBy(run => run.Session.Value, StringComparer.Ordinal)
            .Take(ShownMax)]);
    }

    /// <summary>The board as the page shows it: at once, and whenever it has changed.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, service.ApplicationStopping);
        Enter();
        try
        {
            for (var told = default(string); ;)
            {
                var (text, next) = Current();
                if (text is not null && text != told) yield return new(told = text);
                try { await next.WaitAsync(either.Token); }
                catch (OperationCanceledException) { yield break; }
            }
        }
        finally
        {
            lock (gate) viewers--;
        }
    }

    private void Enter()
    {
        lock (gate)
        {
            viewers++;
            if (isLooking) return;
            (isLooking, shown) = (true, null);
        }
        _ = Detached.Run(LookAsync);
    }

    private (string? Text, Task Next) Current()
    {
        lock (gate) return (shown, changed.Task);
    }

    private async Task LookAsync()
    {
        while (true)
        {
            try { Show(Text(await NowAsync(default))); }
            catch (StoreException) { /* The page's line on the store says so; what was seen last stays. */ }
            try { await Task.Delay(Every, clock, service.ApplicationStopping); }
            catch (OperationCanceledException) { return; }
            lock (gate)
            {
                isLooking = viewers > 0;
                if (!isLooking) return;
            }
        }
    }

    private static string Text(RunningSittings board) =>
        HtmlReport.Render<RunningTable>(new() { [nameof(RunningTable.Board)] = board });

    private void Show(string text)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            if (text == shown) return;
            shown = text;
            (told, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        told.SetResult();
    }
}
