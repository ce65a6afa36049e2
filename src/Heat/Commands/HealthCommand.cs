using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Heat.Api;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Channels;

namespace Heat.Commands;

/// <summary><c>heat health</c>: how well a service works, for people and for what watches over it.</summary>
internal static class HealthCommand
{
    /// <summary>A service that takes longer is of no use to its callers either.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    public static Command Build(Terminal terminal)
    {
        var json = Options.Json();
        var command = new Command("health",
            "Asks the service at HEAT_URL how well it works. The exit code is 0 as long as sittings can run.")
        { json }.WithExamples(
            "heat health",
            "HEAT_URL=http://10.0.0.5:8080 heat health --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Settings.Load();
            if (await AskAsync(settings, terminal, cancellation) is not { } answer) return ExitCode.Failed;
            if (parsed.GetValue(json)) terminal.WriteJson(answer, ApiJson.Readable.HealthAnswer);
            else Show(answer, terminal);
            return answer.Status == HealthWord.Down ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    /// <summary>What the service answers; null if that is nothing of use, which is said.</summary>
    private static async Task<HealthAnswer?> AskAsync(
        Settings settings, Terminal terminal, CancellationToken cancellation)
    {
        var node = $"{SettingsRules.NodeName}={settings.NodeUrl}";
        using var client = new HttpClient { BaseAddress = settings.NodeUrl, Timeout = Within };
        if (settings.ApiToken is { } token)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        try
        {
            using var answer = await client.GetAsync("health", cancellation);
            var told = await answer.Content.ReadAsStringAsync(cancellation);
            if (TryRead(told) is { } health) return health;
            terminal.Complain($"{node} answered {(int)answer.StatusCode}, and not how well it works. "
                + (settings.ApiToken is null ? "Does it ask for API_TOKEN?" : "Is API_TOKEN that of the service?"));
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            terminal.Complain($"No service answers at {node} ({failure.Message}). Start one with 'heat serve'.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            terminal.Complain($"The service at {node} didn't answer within {Within.TotalSeconds} s.");
        }
        return null;
    }

    private static HealthAnswer? TryRead(string told)
    {
        try
        {
            // A problem is JSON too, without anything to depend on.
            return JsonSerializer.Deserialize(told, ApiJson.Readable.HealthAnswer) is { Dependencies: not null } health
                ? health
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Show(HealthAnswer health, Terminal terminal)
    {
        terminal.OutWriter.WriteLine($"{health.Status}, {Counted.Of(health.RunningSittings, "sitting")} running");
        foreach (var (name, state) in health.Dependencies)
            terminal.OutWriter.WriteLine(ForeignText.Clean(
                $"{name}: {state.Status} ({state.Kind}){(state.Detail is { } detail ? $": {detail}" : "")}", 1000));
    }
}
