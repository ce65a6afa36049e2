using System.Text.Json;
using System.Threading.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using Microsoft.Extensions.Hosting;

namespace HeatUp.Cluster;

/// <summary>
/// Tells the other nodes which runs have changed, and hears it from them, so that who watches a run need not ask the
/// store all the time; likewise of trouble with the language model's server. News may be lost: then they come with the
/// next look at the store, or with a call of this node's own. Thread-safe.
/// </summary>
/// <remarks>
/// A notification within a step's own transaction would make all commits of the database wait for each other. So the
/// runs that changed are told together, a few times a second, by a statement of their own.
/// </remarks>
public sealed class RunNews : BackgroundService, IRunNews
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // A payload has at most 8,000 bytes, a name 32.
    private const int RunsAtOnce = 200;

    private readonly PostgresMembers members;
    private readonly TimeProvider clock;
    private readonly bool isAlone;
    private readonly Lock gate = new();
    private readonly Dictionary<RunId, Action?> watched = [];
    private readonly Channel<LlmNews?> planner = Channel.CreateUnbounded<LlmNews?>();
    private readonly LlmPlanner? model;
    private HashSet<RunId> changed = [];
    private TaskCompletionSource wake = NewSignal();

    /// <summary>News of the runs of a store.</summary>
    /// <param name="store">Whose changes are told.</param>
    /// <param name="planner">Whose trouble with its server is told.</param>
    /// <param name="options">Whether there are other nodes to tell.</param>
    /// <param name="clock">When to tell them.</param>
    public RunNews(PostgresSessionStore store, IPlanner planner, ClusterOptions options, TimeProvider clock)
    {
        (members, isAlone, this.clock) = (store.Members, options.IsAlone, clock);
        store.OnChanged = Changed;
        model = planner as LlmPlanner;
        if (!isAlone) model?.OnNews = news => this.planner.Writer.TryWrite(news);
    }

    /// <inheritdoc/>
    public IDisposable Watch(RunId run, Action onNews)
    {
        lock (gate) watched[run] = watched.GetValueOrDefault(run) + onNews;
        return new Watching(this, run, onNews);
    }

    /// <summary>Completes when there is something to take over or to cancel, or when it is cancelled.</summary>
    public async Task WokenAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task woken;
        lock (gate) woken = wake.Task;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(woken, Task.Delay(atMost, clock, either.Token));
        await either.CancelAsync();
        lock (gate)
            if (wake.Task.IsCompleted) wake = NewSignal();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => isAlone
        ? Task.CompletedTask
        : Task.WhenAll(ListenAsync(stoppingToken), TellAsync(stoppingToken), TellOfPlannerAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            try
            {
                await members.ListenAsync(Heard, AllMayHaveChanged, stopping);
            }
            catch (StoreException)
            {
                // Whoever waits looks at the store itself meanwhile.
                await Task.Delay(RetryAfter, clock, stopping);
            }
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TellEvery, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (Taken() is not { Count: > 0 } runs) continue;
            try
            {
                foreach (var some in runs.Chunk(RunsAtOnce))
                    await members.NotifyAsync(PostgresMembers.RunsChannel, string.Join(',', some), stopping);
            }
            catch (StoreException) { /* The others look at the store itself now and then. */ }
        }
    }

    private async Task TellOfPlannerAsync(CancellationToken stopping)
    {
        await foreach (var news in planner.Reader.ReadAllAsync(stopping))
            try
            {
                // With this node's name, which hears it too.
                var text = JsonSerializer.Serialize(
                    new PlannerNews(members.Owner, news), ReplyJson.Default.PlannerNews);
                await members.NotifyAsync(PostgresMembers.PlannerChannel, text, stopping);
            }
            catch (StoreException) { /* The others find out by themselves. */ }
    }

    private void HeardOfPlanner(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, ReplyJson.Default.PlannerNews) is { } told
                && told.Node != members.Owner)
                model?.Hear(told.News);
        }
        catch (JsonException) { /* A later version has more to say. */ }
    }

    private HashSet<RunId> Taken()
    {
        lock (gate)
        {
            var taken = changed;
            if (taken.Count > 0) changed = [];
            return taken;
        }
    }

    private void Changed(RunId run)
    {
        if (isAlone) return;
        lock (gate) changed.Add(run);
    }

    private void Heard(string channel, string text)
    {
        if (channel == PostgresMembers.WakeChannel)
        {
            lock (gate) wake.TrySetResult();
            return;
        }
        if (channel == PostgresMembers.PlannerChannel)
        {
            HeardOfPlanner(text);
            return;
        }
        foreach (var name in text.Split(','))
            if (RunId.TryParse(name, out var run))
                Tell(run);
    }

    private void AllMayHaveChanged()
    {
        RunId[] all;
        lock (gate) all = [.. watched.Keys];
        foreach (var run in all) Tell(run);
    }

    private void Tell(RunId run)
    {
        Action? watchers;
        lock (gate) watchers = watched.GetValueOrDefault(run);
        watchers?.Invoke();
    }

    private void Leave(RunId run, Action onNews)
    {
        lock (gate)
            if (watched.GetValueOrDefault(run) - onNews is { } others) watched[run] = others;
            else watched.Remove(run);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Watching(RunNews news, RunId run, Action onNews) : IDisposable
    {
        public void Dispose() => news.Leave(run, onNews);
    }
}

/// <summary>News of the language model's server, between nodes.</summary>
/// <param name="Node">The node that tells them, as an owner.</param>
/// <param name="News">The trouble; null if it is over.</param>
internal sealed record PlannerNews(long Node, LlmNews? News);
