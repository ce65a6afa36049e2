using System.Net;
using Heat.Api;
using Heat.Configuration;
using Heat.Hosting;
using Heat.Shell;
using HeatUp;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands;

/// <summary>
/// Sittings that somebody at the terminal waits for while a node runs them: with PostgreSQL, a process that sits is a
/// member of the cluster, whose end the others notice, and a command is none.
/// </summary>
internal sealed class NodeWarmup : IDisposable
{
    private readonly Settings settings;
    private readonly ISessionStore store;
    private readonly Terminal terminal;
    private readonly LocalRunControl runs;
    private readonly NodeClient node;

    private NodeWarmup(Settings settings, ISessionStore store, Terminal terminal)
    {
        (this.settings, this.store, this.terminal) = (settings, store, terminal);
        var (nobody, clock) = (new Claims(1), TimeProvider.System);
        runs = new LocalRunControl(
            nobody, new RunWriter(store, nobody, clock, NullLogger<Sittings>.Instance), store, clock);
        node = new NodeClient(settings);
    }

    /// <summary>Sittings of a session, one after the other. Answers the exit code.</summary>
    public static async Task<int> SitAsync(
        Settings settings, SessionId session, int sittings, bool json, Terminal terminal,
        CancellationToken cancellation)
    {
        await using var services = HeatServices.Build(settings, StoreUse.Ask);
        using var warmup = new NodeWarmup(settings, services.GetRequiredService<ISessionStore>(), terminal);
        var code = ExitCode.Done;
        for (var i = 0; code == ExitCode.Done && i < sittings; i++)
            code = await warmup.SitAsync(session, json, cancellation);
        return code;
    }

    public void Dispose() => node.Dispose();

    private async Task<int> SitAsync(SessionId session, bool json, CancellationToken cancellation)
    {
        var past = await store.RecallAsync(session, cancellation);
        var view = json ? null : new SittingView(terminal, settings, TimeProvider.System);
        view?.Recalled(past, past.NextSitting);
        var path = $"warmup/{Uri.EscapeDataString(session.Value)}";
        using var answer = await node.AskAsync(HttpMethod.Post, path, cancellation);
        using var told = await NodeClient.ReadAsync(answer, cancellation);
        if (answer.StatusCode != HttpStatusCode.Accepted
            || !RunId.TryParse(NodeClient.TextOf(told, "run_id"), out var id)
            || await store.FindRunAsync(id, cancellation) is not { } run)
        {
            terminal.Complain(NodeClient.TextOf(told, "detail")
                ?? $"{SettingsRules.NodeName}={settings.NodeUrl} answered {(int)answer.StatusCode}, and no run that "
                    + $"is in {settings.Database}: is it a node of this database?");
            return ExitCode.Failed;
        }
        await using var cancelling = cancellation.Register(() => _ = CancelAsync(id));
        var events = runs.WatchAsync(id, 0, CancellationToken.None);
        if (view is not null) await view.ShowAsync(run, events);
        else await foreach (var _ in events) { }
        if (await store.FindRunAsync(id, CancellationToken.None) is { } ended)
            return Warmup.Ended(ended, view, terminal);
        terminal.Complain($"'{session}' was forgotten meanwhile, with its run {id}.");
        return ExitCode.Failed;
    }

    private async Task CancelAsync(RunId run)
    {
        try { using var _ = await node.AskAsync(HttpMethod.Delete, $"warmups/{run}", CancellationToken.None); }
        catch (StoreException failure) { terminal.Warn(failure.Message); }
    }
}
