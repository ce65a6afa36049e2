using System.Text.Json.Serialization;

namespace HeatUp.TdLib;

/// <summary>How much the library logs.</summary>
internal sealed record LogLevelRequest(int NewVerbosityLevel)
{
    [JsonPropertyName("@type")]
    public string Type { get; } = "setLogVerbosityLevel";
}

/// <summary>An option's value, if it is a text.</summary>
internal sealed record VersionReply(string? Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LogLevelRequest))]
[JsonSerializable(typeof(VersionReply))]
internal sealed partial class NativeJson : JsonSerializerContext;
