using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>Writes scenarios.</summary>
internal static class ScenarioWriter
{
    private static readonly JsonWriterOptions Readable =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Scenario scenario)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable)) Write(json, scenario);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteStartObject();
        json.WriteNumber("sessions", scenario.Sessions);
        json.WriteNumber("days", scenario.Days);
        json.WriteString("start", scenario.Start.UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("seed", scenario.Seed.Value);
        json.WriteString("planner", scenario.Planner.Word());
        json.WriteString("pool", scenario.Pool);
        WriteFaults(json, scenario.Faults);
        json.WriteNumber("arrive_over_days", scenario.ArriveOverDays);
        WriteNumberOrNull(json, "sittings_per_day", scenario.SittingsPerDay);
        WriteZones(json, scenario);
        json.WriteBoolean("recommendations", scenario.Recommendations);
        json.WriteBoolean("history", scenario.History);
        WritePrices(json, scenario.Prices);
        WriteNumberOrNull(json, "max_tokens", scenario.MaxTokens);
        WriteThresholds(json, scenario);
        json.WriteEndObject();
    }

    private static void WriteFaults(Utf8JsonWriter json, SandboxFaults faults)
    {
        json.WriteStartObject("faults");
        foreach (var (name, fault) in SandboxFaults.Names.Zip(Enum.GetValues<SandboxFault>()))
            if (faults[fault] > 0)
                json.WriteNumber(name, faults[fault]);
        json.WriteEndObject();
    }

    private static void WriteZones(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteStartObject("time_zones");
        foreach (var zone in scenario.TimeZones) json.WriteNumber(zone.Zone, zone.Share);
        json.WriteEndObject();
    }

    private static void WritePrices(Utf8JsonWriter json, TokenPrices? prices)
    {
        if (prices is null)
        {
            json.WriteNull("prices");
            return;
        }
        json.WriteStartObject("prices");
        json.WriteNumber("input", prices.Input);
        json.WriteNumber("cached", prices.Cached);
        json.WriteNumber("output", prices.Output);
        json.WriteString("currency", prices.Currency);
        json.WriteEndObject();
    }

    private static void WriteThresholds(Utf8JsonWriter json, Scenario scenario)
    {
        json.WriteStartObject("thresholds");
        foreach (var ofMetric in ScenarioParts.InOrder(scenario.Thresholds).GroupBy(threshold => threshold.Metric.Name))
        {
            json.WriteStartArray(ofMetric.Key);
            foreach (var threshold in ofMetric) WriteThreshold(json, threshold);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteThreshold(Utf8JsonWriter json, Threshold threshold)
    {
        if (threshold is { AbortOnFail: false, PassesUnmeasured: false })
        {
            json.WriteStringValue(threshold.Expression);
            return;
        }
        json.WriteStartObject();
        json.WriteString(ScenarioParts.ThresholdKey, threshold.Expression);
        if (threshold.AbortOnFail) json.WriteBoolean(ScenarioParts.AbortKey, true);
        if (threshold.PassesUnmeasured) json.WriteString(ScenarioParts.UnmeasuredKey, ScenarioParts.Pass);
        json.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string key, double? number)
    {
        if (number is { } value) json.WriteNumber(key, value);
        else json.WriteNull(key);
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string key, long? number)
    {
        if (number is { } value) json.WriteNumber(key, value);
        else json.WriteNull(key);
    }
}
