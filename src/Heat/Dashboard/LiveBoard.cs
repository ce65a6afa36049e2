using System.Runtime.CompilerServices;
using Heat.Api;
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

    /// <summary>
    /// Among how many turns the viewers are told of a change, over half of the time until the next: what is sent to all
    /// at once lies in as many buffers.
    /// </summary>
    private const int Turns = 50;

    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Shown? shown;
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

    /// <summary>
    /// The board as the page shows it, at once and whenever it has changed: an event that is written once for all.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, service.ApplicationStopping);
        var turn = Every / 2 / Turns * (Enter() % Turns);
        try
        {
            for (var told = default(Shown); ;)
            {
                var (now, next) = Current();
                if (now is not null && now != told) yield return (told = now).Event;
                try
                {
                    await next.WaitAsync(either.Token);
                    if (turn > TimeSpan.Zero) await Task.Delay(turn, clock, either.Token);
                }
                catch (OperationCanceledException) { yield break; }
            }
        }
        finally
        {
            lock (gate) viewers--;
        }
    }

    /// <summary>Answers how many looked before.</summary>
    private int Enter()
    {
        lock (gate)
        {
            if (isLooking) return viewers++;
            (isLooking, shown) = (true, null);
            viewers++;
        }
        _ = Detached.Run(LookAsync);
        return 0;
    }

    private (Shown? Now, Task Next) Current()
    {
        lock (gate) return (shown, changed.Task);
    }

    private async Task LookAsync()
    {
        while (true)
        {
            try { await ShowAsync(Text(await NowAsync(default))); }
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

    private async Task ShowAsync(string text)
    {
        if (text == Current().Now?.Text) return;
        var next = new Shown(text, await EventStream.WriteAsync(new(text)));
        TaskCompletionSource told;
        lock (gate)
        {
            shown = next;
            (told, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        told.SetResult();
    }

    /// <summary>What is shown, and the event that tells it; each is told once.</summary>
    private sealed class Shown(string text, ReadOnlyMemory<byte> written)
    {
        public string Text => text;

        public ReadOnlyMemory<byte> Event => written;
    }
}
