using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// Reads and writes scenarios: a JSON object whose keys are those of <see cref="Scenario"/> in snake_case, each of
/// which may be left out; <see cref="ScenarioSchema"/> describes it. Comments and trailing commas are allowed; a key
/// that there isn't, or that is there twice, is a problem.
/// </summary>
public static class ScenarioFile
{
    /// <summary>The largest file that is read, in bytes: 1 MiB.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>The fewest channels that a simulation needs.</summary>
    public const int PoolChannelsMin = 3;

    /// <summary>
    /// Reads a file. Whether or not it is there, the answer comes: each problem begins with the file's path.
    /// </summary>
    public static ScenarioReading Read(string path)
    {
        var (bytes, fault) = SmallFile.Read(path, BytesMax);
        return (fault is null ? Parse(bytes) : ScenarioReading.Bad(fault)).Of(path);
    }

    /// <summary>Reads a text.</summary>
    public static ScenarioReading Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>
    /// A scenario as JSON, the same bytes for the same scenario: every key in a fixed order, defaults too; indented,
    /// with line feeds between the lines and none at the end. It reads as this scenario.
    /// </summary>
    public static string ToJson(Scenario scenario) =>
        JsonSerializer.Serialize(new ScenarioKeys(scenario), ScenarioJson.Forms);

    /// <summary>
    /// Where a scenario's pool is: <see cref="Scenario.Pool"/> as seen from the folder of the scenario's file; null if
    /// it names none.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="path">Its file; null if it comes from none.</param>
    public static string? PoolPath(Scenario scenario, string? path) => scenario.Pool is { } pool
        ? Path.Combine(Path.GetDirectoryName(path) ?? "", pool)
        : null;

    /// <summary>Why a pool is none for a simulation, as a sentence; null if it is.</summary>
    public static string? ProblemOf(ChannelPool pool) => pool.All.Length >= PoolChannelsMin
        ? null
        : $"The pool has only {string.Join(" and ", pool.All.Select(channel => channel.Name))}, which is nothing to "
            + $"choose from: a simulation needs {PoolChannelsMin} channels or more; name a file of them with the "
            + "scenario's pool, the option --pool or the setting CHANNELS_FILE.";

    private static ScenarioReading Parse(ReadOnlyMemory<byte> bytes)
    {
        bytes = JsonText.WithoutMark(bytes);
        if (JsonText.EncodingFault(bytes.Span) is { } fault) return ScenarioReading.Bad(fault);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, JsonText.Tolerant);
        }
        catch (JsonException failure)
        {
            return ScenarioReading.Bad(JsonText.Fault(bytes.Span, failure));
        }
        using var _ = document;
        var root = new Given("", document.RootElement, bytes);
        return root.Json.ValueKind == JsonValueKind.Object
            ? new ScenarioReader(new Scenario()).Read(root)
            : ScenarioReading.Bad($"it holds {root.Shown}, not an object of a scenario's keys.");
    }
}
