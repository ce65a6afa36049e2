using Heat.Accounts;
using HeatUp;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Sessions;

namespace Heat.Api;

/// <summary>How well everything works. Thread-safe.</summary>
internal sealed class Health(
    ISessionStore store, HistoryRetention retention, IPlanner planner, TelegramInUse telegram, Claims claims,
    NodeHealth? node = null)
{
    /// <summary>Asks each dependency. The planner never takes the service down: the built-in one stands in.</summary>
    public async Task<HealthAnswer> AskAsync(CancellationToken cancellation)
    {
        var dependencies = new Dictionary<string, DependencyAnswer>
        {
            ["store"] = await store.TroubleAsync(cancellation) is { } trouble
                ? State(store.Kind, trouble, HealthWord.Down)
                : State(store.Kind, retention.Notice, HealthWord.Degraded),
            ["planner"] = StateOf(planner as LlmPlanner),
            ["telegram"] = telegram.Trouble is { } none
                ? State(telegram.Kind, none, HealthWord.Down)
                : State(telegram.Kind, telegram.Accounts?.Notice, HealthWord.Degraded),
        };
        var nodes = default(IReadOnlyList<NodeAnswer>?);
        if (node is not null)
        {
            dependencies["cluster"] = State("orleans", node.Notice, HealthWord.Degraded);
            try { nodes = await node.NodesAsync(cancellation); }
            catch (StoreException) { /* The store's own line says so. */ }
        }
        var status = dependencies.Values.Select(dependency => dependency.Status).MaxBy(Severity)!;
        return new HealthAnswer(status, claims.Sittings.Count, dependencies, nodes);
    }

    private static DependencyAnswer StateOf(LlmPlanner? model) => model?.Held is { } held
        ? new(HealthWord.Degraded, "llm", held.Reason, held.Since, held.Until)
        : State(model is null ? "builtin" : "llm", model?.Trouble, HealthWord.Degraded);

    private static DependencyAnswer State(string kind, string? trouble, string ifTrouble) =>
        new(trouble is null ? HealthWord.Ok : ifTrouble, kind, trouble);

    private static int Severity(string status) => status switch
    {
        HealthWord.Down => 2,
        HealthWord.Degraded => 1,
        _ => 0,
    };
}

/// <summary>What a node of a cluster adds.</summary>
internal abstract class NodeHealth
{
    /// <summary>What is wrong with the node; null if nothing is.</summary>
    public abstract string? Notice { get; }

    /// <summary>The nodes that share the database.</summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public abstract Task<IReadOnlyList<NodeAnswer>> NodesAsync(CancellationToken cancellation);
}

/// <summary>How well something works.</summary>
internal static class HealthWord
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Down = "down";
}
