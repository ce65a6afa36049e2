using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeatUp.Simulations;

/// <summary>How the texts of a run folder are written: the same on every machine.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(StatusConverter), typeof(UtcConverter), typeof(SecondsConverter)])]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(Summary))]
[JsonSerializable(typeof(RunComparison))]
[JsonSerializable(typeof(FormatMark))]
[JsonSerializable(typeof(SeedsMark))]
internal sealed partial class RunFolderJsonContext : JsonSerializerContext
{
    /// <summary>Other scripts than Latin stay as they are: JSON needs no escapes for them.</summary>
    public static RunFolderJsonContext Readable => readable ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static RunFolderJsonContext? readable;
}

/// <summary>What every version of a manifest has: which version it is.</summary>
internal sealed record FormatMark(int Format);

internal sealed class StatusConverter()
    : JsonStringEnumConverter<RunFolderStatus>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

/// <summary>Times as <c>2026-01-05T00:00:00Z</c>, with a fraction only if there is one.</summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}

/// <summary>Lengths of time as a number of seconds, to the microsecond.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    private const int Digits = 6;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is >= 0 and var seconds && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new JsonException("It must be a number of seconds from 0 on.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Round(value.TotalSeconds, Digits));
}
