using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>TDLib's JSON, to and fro, compiled.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TdRequest))]
[JsonSerializable(typeof(TdObject))]
internal sealed partial class TdJsonContext : JsonSerializerContext;
