using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Heat.Configuration;
using Heat.Simulations;
using HeatUp.Channels;
using HeatUp.Simulations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heat.Api;

/// <summary>Simulations in folders of the service: on its own cores, or on those of all nodes of a cluster.</summary>
internal static class SimulationApi
{
    /// <summary>The largest request, in bytes: a scenario and a file of channels.</summary>
    public const int BodyMax = 16 * 1024 * 1024;

    private const string EndEvent = "end";

    public static void MapSimulations(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/simulations").WithTags("Simulations");
        api.MapPost("", StartAsync).WithName("simulate")
            .WithSummary("Begin a simulation, or go on with a stopped one, in a folder of the service")
            .Accepts<SimulationRequest>("application/json")
            .ProducesProblems(400, 401, 409, 413, 503);
        api.MapGet("/{name}", Find).WithName("simulation")
            .WithSummary("A simulation: how far it is, and what it came to")
            .ProducesProblems(401, 404);
        api.MapGet("/{name}/events", Watch).WithName("simulation_events")
            .WithSummary("A simulation as server-sent events: progress, end")
            .ProducesProblems(401, 404);
        api.MapDelete("/{name}", Stop).WithName("stop_simulation")
            .WithSummary("Stop a simulation at its next edge; it can go on later")
            .ProducesProblems(401, 404, 409);
    }

    private static async Task<Results<Begun<SimulationAnswer>, ProblemResult>> StartAsync(
        HttpRequest request, SimulationDesk desk, Settings settings, CancellationToken cancellation)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = BodyMax;
        var (body, problem) = await Requests.ReadAsync(request, BodyMax, cancellation);
        if (body is null) return problem!;
        using var reading = body;
        if (SimulationRequest.Read(body.RootElement, out var wrong) is not { } wanted) return Problems.Body(wrong!);
        return TryBegin(wanted, desk, settings, out var begun) is { } refused ? refused
            : new Begun<SimulationAnswer>(SimulationAnswer.Of(begun!)) { Location = $"/simulations/{wanted.Name}" };
    }

    /// <summary>Begins a simulation, or goes on with one; or says why not.</summary>
    internal static ProblemResult? TryBegin(
        SimulationRequest wanted, SimulationDesk desk, Settings settings, out DeskRun? begun)
    {
        begun = null;
        if (!SimulationDesk.IsName(wanted.Name)) return Problems.Body(
            "name is that of the folder: 1 to 100 letters, digits and . _ -, the first a letter or digit.");
        try
        {
            return desk.TryBegin(wanted.Name, path => Prepare(wanted, path, settings), out begun, out var running)
                ? null : Problems.SimulationRuns(running.Name);
        }
        catch (ScenarioException bad)
        {
            return Problems.Scenario(bad.Problems);
        }
        catch (RunFolderException failure)
        {
            return Problems.RunFolder(failure.Message);
        }
    }

    private static Results<Answer<SimulationAnswer>, ProblemResult> Find(string name, SimulationDesk desk)
    {
        if (!SimulationDesk.IsName(name)) return Problems.SimulationNotFound(name);
        if (desk.Find(name) is { } run) return new Answer<SimulationAnswer>(SimulationAnswer.Of(run));
        try
        {
            using var folder = RunFolder.Read(desk.PathOf(name));
            return new Answer<SimulationAnswer>(SimulationAnswer.Of(name, folder));
        }
        catch (RunFolderException)
        {
            return Problems.SimulationNotFound(name);
        }
    }

    private static Results<EventStream, NoContent, ProblemResult> Watch(
        string name, HttpRequest request, SimulationDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        if (desk.Find(name) is not { } run) return Problems.SimulationNotFound(name);
        if (request.Headers["Last-Event-ID"] == EndEvent) return TypedResults.NoContent();
        return new EventStream(EventsOf(run, cancellation), clock);
    }

    private static Results<Begun<SimulationAnswer>, ProblemResult> Stop(string name, SimulationDesk desk)
    {
        if (desk.Find(name) is not { } run) return Problems.SimulationNotFound(name);
        if (run.IsOver) return Problems.SimulationOver(name);
        run.Stop();
        return new Begun<SimulationAnswer>(SimulationAnswer.Of(run)) { Location = $"/simulations/{name}" };
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        DeskRun run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var now in run.WatchAsync(cancellation))
        {
            var answer = JsonSerializer.Serialize(
                SimulationAnswer.Of(now) with { Summary = null }, ApiJson.Readable.SimulationAnswer);
            yield return now.IsOver
                ? new SseItem<string>(answer, EndEvent) { EventId = EndEvent }
                : new SseItem<string>(answer, "progress");
        }
    }

    /// <exception cref="ScenarioException">It can't be simulated.</exception>
    private static PreparedRun Prepare(SimulationRequest wanted, string path, Settings settings)
    {
        if (wanted.Resume)
            return wanted is { Scenario: null, Channels: null, Replace: false } ? PreparedRun.Resume(path)
                : throw new ScenarioException(["With resume the run goes on as it began: only name goes with it."]);
        var read = wanted.Scenario is { } given ? ScenarioFile.Parse(given.GetRawText()) : null;
        if (read is { IsGood: false }) throw new ScenarioException(read.Problems);
        var scenario = read?.Scenario ?? new Scenario();
        SimulationDesk.Check(scenario);
        if (scenario.Pool is not null) throw new ScenarioException([
            "pool: names a file, which the service doesn't read for others. Send what it holds as channels."]);
        ReadOnlyMemory<byte> bytes;
        ChannelFile file;
        if (wanted.Channels is { } channels)
        {
            bytes = Encoding.UTF8.GetBytes(channels.GetRawText());
            file = ChannelFile.Parse("of the request", bytes);
        }
        else
        {
            file = ChannelFile.Read(settings.ChannelsFile, out bytes);
        }
        return PreparedRun.New(scenario, PreparedRun.PoolOf(file), bytes, path, wanted.Replace);
    }
}
