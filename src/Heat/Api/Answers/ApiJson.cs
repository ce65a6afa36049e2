using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;
using Heat.Background;

namespace Heat.Api;

/// <summary>
/// How answers become JSON: snake_case, absent instead of null, times as `2024-01-10T12:34:56.000000Z`.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(WarmupAnswer))]
[JsonSerializable(typeof(RunAnswer))]
[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(StepStartedAnswer))]
[JsonSerializable(typeof(SessionsAnswer))]
[JsonSerializable(typeof(RecommendationsAnswer))]
[JsonSerializable(typeof(HeatUp.Channels.Recommendations.EvaluationResult))]
[JsonSerializable(typeof(ForgottenAnswer))]
[JsonSerializable(typeof(ChannelsAnswer))]
[JsonSerializable(typeof(AccountsAnswer))]
[JsonSerializable(typeof(MergeAnswer))]
[JsonSerializable(typeof(FetchPlanAnswer))]
[JsonSerializable(typeof(ValidationAnswer))]
[JsonSerializable(typeof(InvalidChannelsAnswer))]
[JsonSerializable(typeof(ServiceAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SimulationRequest))]
[JsonSerializable(typeof(SimulationAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(ConfigAnswer))]
[JsonSerializable(typeof(DoctorAnswer))]
[JsonSerializable(typeof(LlmCheckAnswer))]
[JsonSerializable(typeof(HeatUp.Sessions.Archive.ImportReport))]
[JsonSerializable(typeof(Exports.ExportedTable[]))]
[JsonSerializable(typeof(HeatUp.Sessions.SessionHistory))]
[JsonSerializable(typeof(HeatUp.Sessions.Analytics))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// What answers are written with. Other scripts than Latin stay as they are: JSON needs no escapes for them.
    /// </summary>
    public static ApiJson Readable => readable ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static ApiJson? readable;

    /// <summary>Makes the framework, and with it the API's description, see answers as they are written.</summary>
    public static void Set(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
    }
}

internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
