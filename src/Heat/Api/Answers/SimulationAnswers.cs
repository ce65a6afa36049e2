using System.Text.Json;
using Heat.Simulations;
using HeatUp;
using HeatUp.Simulations;

namespace Heat.Api;

/// <summary>What is to be simulated.</summary>
/// <param name="Name">The name of the folder.</param>
/// <param name="Scenario">The scenario; null for the default one.</param>
/// <param name="Channels">The channels, as a file has them; null for those of the service.</param>
/// <param name="Replace">Whether the folder's run may be replaced.</param>
/// <param name="Resume">Whether to go on with the folder's run.</param>
internal sealed record SimulationRequest(
    string Name, JsonElement? Scenario = null, JsonElement? Channels = null, bool Replace = false, bool Resume = false)
{
    private static readonly string[] Fields = ["name", "scenario", "channels", "replace", "resume"];

    /// <summary>Reads a request's body; or says why it can't be read.</summary>
    public static SimulationRequest? Read(JsonElement body, out string? problem)
    {
        var fields = body.EnumerateObject().Select(field => field.Name).ToList();
        problem = fields.Find(field => !Fields.Contains(field)) is { } unknown
            ? $"There is no field '{unknown}'; this request takes {string.Join(", ", Fields)}."
            : fields.Count != fields.Distinct().Count() ? "A field is there twice."
            : ValueOf("name") is not { ValueKind: JsonValueKind.String } ? "name is the name of the folder, a text."
            : !IsFlag("replace") ? "replace is true or false."
            : !IsFlag("resume") ? "resume is true or false."
            : null;
        return problem is not null ? null : new SimulationRequest(
            ValueOf("name")!.Value.GetString()!, ValueOf("scenario"), ValueOf("channels"), Is("replace"), Is("resume"));

        JsonElement? ValueOf(string field) =>
            body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : null;
        bool Is(string field) => ValueOf(field) is { ValueKind: JsonValueKind.True };
        bool IsFlag(string field) => ValueOf(field) is null or { ValueKind: JsonValueKind.True or JsonValueKind.False };
    }
}

/// <summary>A simulation.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Folder">Its folder, on the service's machine.</param>
/// <param name="Status">running, complete, stopped, aborted (by a threshold) or failed.</param>
/// <param name="Detail">Why it is not complete; absent if it is, or goes on.</param>
/// <param name="Reached">Until when it was simulated; absent before the first epoch is over.</param>
/// <param name="Done">Which part of the scenario's time is over, 0 to 1.</param>
/// <param name="Sittings">How many began.</param>
/// <param name="Actions">How many were tried.</param>
/// <param name="IsReplaying">Whether it replays what an interrupted run has already written.</param>
/// <param name="Summary">What it came to, as in summary.json; absent before its end.</param>
internal sealed record SimulationAnswer(
    string Name, string Folder, string Status, string? Detail, DateTimeOffset? Reached, double Done, long Sittings,
    long Actions, bool IsReplaying, JsonElement? Summary)
{
    public static SimulationAnswer Of(DeskRun run) => new(
        run.Name, run.Folder, run.Status.Word(), run.Detail, run.Progress?.Reached, run.Progress?.Done ?? 0,
        run.Progress?.Sittings ?? 0, run.Progress?.Actions ?? 0, run.Progress?.IsReplaying ?? false, Of(run.Summary));

    public static SimulationAnswer Of(string name, RunFolder folder)
    {
        var manifest = folder.ReadManifest();
        var isOver = manifest.Status != RunFolderStatus.Running;
        return new(name, folder.Path, manifest.Status.Word(), manifest.Detail, manifest.Reached,
            manifest.Status == RunFolderStatus.Complete ? 1 : 0, manifest.Sittings, manifest.Actions, false,
            isOver ? Of(folder.ReadSummary()) : null);
    }

    private static JsonElement? Of(Summary? summary) =>
        summary is null ? null : JsonDocument.Parse(RunFolderJson.Write(summary)).RootElement;
}
