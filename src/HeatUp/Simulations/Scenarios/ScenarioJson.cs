using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>How System.Text.Json sees a scenario's keys.</summary>
internal static class ScenarioJson
{
    /// <summary>The types as they are: what the schema says.</summary>
    public static readonly JsonSerializerOptions Contract = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The same with the forms that people may write, and that a scenario is written in.</summary>
    public static readonly JsonSerializerOptions Forms = new(Contract)
    {
        Converters =
        {
            new NumberConverter<int>(), new NumberConverter<long>(), new NumberConverter<ulong>(),
            new NumberConverter<double>(), new MomentConverter(), new FaultsConverter(), new ThresholdConverter(),
        },
    };
}

/// <summary>Numbers as people write them: 1000 is also 1e3 and 1000.0, and -0 is 0.</summary>
internal sealed class NumberConverter<T> : JsonConverter<T> where T : struct, System.Numerics.INumber<T>
{
    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
        && T.TryParse(reader.ValueSpan, Style, CultureInfo.InvariantCulture, out var number)
            ? number + T.Zero
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, ScenarioJson.Contract);
}

/// <summary>Days and moments, in UTC.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    /// <summary>The first year in which a run may start.</summary>
    public const int YearMin = 2000;

    /// <summary>The last year in which a run may start. The key's pattern knows that all begin with a 2.</summary>
    public const int YearMax = 2999;

    /// <summary>What is allowed, for people: the end of a sentence.</summary>
    public static readonly string Allowed = $"a day or a moment of the years {YearMin} to {YearMax}, in UTC unless it "
        + "says otherwise, such as 2026-01-05 or 2026-01-05T08:00:00Z";

    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && DateTimeOffset.TryParseExact(
            reader.GetString(), Formats, CultureInfo.InvariantCulture, Utc, out var moment)
        && moment.Year is >= YearMin and <= YearMax
            ? moment
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}

/// <summary>The probabilities of faults, by name.</summary>
internal sealed class FaultChances(IEnumerable<KeyValuePair<string, double>> chances)
    : OrderedDictionary<string, double>(chances)
{
    public static FaultChances Of(SandboxFaults faults) => new(SandboxFaults.Names
        .Zip(Enum.GetValues<SandboxFault>(), (name, fault) => KeyValuePair.Create(name, faults[fault]))
        .Where(chance => chance.Value > 0));

    /// <summary>Reads the form of the setting <c>SANDBOX_FAULTS</c>.</summary>
    public static SandboxFaults Parse(string text) =>
        SandboxFaults.TryParse(text, out var faults, out var problem) ? faults : throw new JsonException(problem);

    public SandboxFaults ToFaults() => Parse(string.Join(',', this.Select(chance =>
        string.Create(CultureInfo.InvariantCulture, $"{chance.Key}:{chance.Value}"))));
}

/// <summary>Faults may also be a text.</summary>
internal sealed class FaultsConverter : JsonConverter<FaultChances>
{
    public override FaultChances? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? FaultChances.Of(FaultChances.Parse(reader.GetString()!))
            : new(JsonSerializer.Deserialize<OrderedDictionary<string, double>>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, FaultChances value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, ScenarioJson.Contract);
}

/// <summary>A threshold may also be its expression alone, and what isn't said is not written.</summary>
internal sealed class ThresholdConverter : JsonConverter<ThresholdKeys>
{
    public override ThresholdKeys? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new() { Expression = reader.GetString()! }
            : JsonSerializer.Deserialize<ThresholdKeys>(ref reader, ScenarioJson.Contract);

    public override void Write(Utf8JsonWriter writer, ThresholdKeys value, JsonSerializerOptions options)
    {
        var full = JsonSerializer.SerializeToNode(value, ScenarioJson.Contract)!.AsObject();
        if (!value.AbortOnFail) full.Remove("abortOnFail");
        if (value.IfUnmeasured == ThresholdKeys.Fail) full.Remove("ifUnmeasured");
        if (full.Count > 1) full.WriteTo(writer);
        else writer.WriteStringValue(value.Expression);
    }
}
