using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>An event's outside: its class, and the number of the request that it answers.</summary>
/// <param name="Class">TDLib's name, such as <c>updateUser</c>; null if it has none.</param>
/// <param name="Request">The number; null for what comes unasked.</param>
internal readonly record struct TdEvent(string? Class, long? Request)
{
    private static readonly FrozenSet<string> Understood = typeof(TdObject)
        .GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => (string)derived.TypeDiscriminator!)
        .ToFrozenSet();

    /// <summary>Whether it is worth reading: most updates aren't.</summary>
    public bool IsUnderstood => Class is not null && Understood.Contains(Class);

    /// <exception cref="JsonException">It isn't a JSON object.</exception>
    public static TdEvent Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var found = default(TdEvent);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isClass = reader.ValueTextEquals("@type"u8);
            var isRequest = reader.ValueTextEquals("@extra"u8);
            reader.Read();
            if (isClass && reader.TokenType == JsonTokenType.String) found = found with { Class = reader.GetString() };
            else if (isRequest && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
                found = found with { Request = number };
            else reader.Skip();
        }
        return found;
    }

    /// <summary>The event itself; a plain <see cref="TdObject"/> if its class isn't used.</summary>
    /// <exception cref="JsonException">It has other fields than its class should have.</exception>
    public static TdObject Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, TdJsonContext.Default.TdObject) ?? throw new JsonException("null");
}
