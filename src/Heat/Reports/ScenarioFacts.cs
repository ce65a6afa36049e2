using System.Globalization;
using System.Text.Json;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>What the scenario says, or where it doesn't, what came of it.</summary>
internal sealed record ScenarioFacts(Manifest Manifest, Summary Summary)
{
    public long Sessions => Of("sessions") ?? Manifest.Sessions;

    public long Days => Of("days") ?? Summary.Days.Length;

    public string Start => TimeOf("start") is { } time
        ? Figures.LongDay(DateOnly.FromDateTime(time.UtcDateTime))
        : Summary.Days is [var first, ..] ? Figures.LongDay(first.Day) : "its start";

    private long? Of(string name) =>
        Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : null;

    private DateTimeOffset? TimeOf(string name)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParse(Field(name)?.ToString(), CultureInfo.InvariantCulture, utc, out var time)
            ? time
            : null;
    }

    private JsonElement? Field(string name) =>
        Manifest.Scenario.ValueKind == JsonValueKind.Object && Manifest.Scenario.TryGetProperty(name, out var field)
            ? field
            : null;
}
