using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// A value that somebody gave: a piece of a scenario's file, or an option of the command line. Both are read by the
/// same rules.
/// </summary>
internal sealed class Given
{
    private const NumberStyles NumberStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly ReadOnlyMemory<byte> file;
    private readonly JsonElement? json;
    private readonly string? option;
    private readonly int offset;
    private readonly int keyOffset;

    private Given(string name, string text) => (Name, option) = (name, text);

    private Given(string name, ReadOnlyMemory<byte> file, JsonElement json, int keyOffset)
    {
        (Name, this.file, this.json, this.keyOffset) = (name, file, json, keyOffset);
        offset = OffsetIn(file, JsonMarshal.GetRawUtf8Value(json)) ?? 0;
    }

    /// <summary>
    /// What it is called: a key with those that it lies in, such as <c>faults.offline</c>, or an option.
    /// </summary>
    public string Name { get; }

    public bool IsOption => option is not null;

    public bool IsNull => json?.ValueKind == JsonValueKind.Null;

    /// <summary>Its text; null if it is none.</summary>
    public string? Text => json is { } value ? JsonText.Of(value) : option;

    public bool? Flag => json?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Its number, perhaps infinite; null if it is none.</summary>
    public double? Number =>
        double.TryParse(Digits, NumberStyle, CultureInfo.InvariantCulture, out var number)
            ? number + 0.0 // no minus before a zero
            : null;

    /// <summary>The same if it is a whole number of 64 bits.</summary>
    public long? Whole =>
        long.TryParse(Digits, NumberStyle, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The same if it is 0 or more.</summary>
    public ulong? Natural =>
        ulong.TryParse(Digits, NumberStyle, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The values of an array; null if it is none.</summary>
    public IEnumerable<Given>? Items => json is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Select((item, index) => new Given($"{Name}[{index}]", file, item, -1))
        : null;

    /// <summary>The fields of an object in their order, repeated ones too; null if it is none.</summary>
    public IEnumerable<(string Key, Given Value)>? Fields => json is { ValueKind: JsonValueKind.Object } fields
        ? fields.EnumerateObject().Select(FieldOf)
        : null;

    /// <summary>Itself, for people: short, and on one line.</summary>
    public string Shown => json is { } value ? JsonText.Show(value)
        : ForeignText.Clean(option, JsonText.ShownMax) is { Length: > 0 } text ? text
        : "nothing";

    /// <summary>Where it is in its file; null for an option.</summary>
    public string? Place => IsOption ? null : JsonText.Place(file.Span, offset);

    /// <summary>Where its key is; null for an option.</summary>
    public string? PlaceOfKey => IsOption ? null : JsonText.Place(file.Span, keyOffset < 0 ? offset : keyOffset);

    private string? Digits => json is not { } value ? option
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    public static Given Option(string name, string text) => new(name, text);

    /// <summary>All that a file holds. The file is what <paramref name="root"/> was parsed from.</summary>
    public static Given Root(ReadOnlyMemory<byte> file, JsonElement root) => new("", file, root, -1);

    private (string Key, Given Value) FieldOf(JsonProperty field)
    {
        var rawName = JsonMarshal.GetRawUtf8PropertyName(field);
        var key = NameOf(field) ?? ForeignText.Clean(Encoding.UTF8.GetString(rawName), JsonText.ShownMax);
        var keyOffset = OffsetIn(file, rawName) - 1 ?? -1; // the quote before it
        var shownKey = ForeignText.Clean(key, JsonText.ShownMax);
        return (key, new Given(Name.Length == 0 ? shownKey : $"{Name}.{shownKey}", file, field.Value, keyOffset));
    }

    /// <summary>A field's name; null if it is broken text.</summary>
    private static string? NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException) // half a surrogate pair: valid JSON, but no text
        {
            return null;
        }
    }

    private static int? OffsetIn(ReadOnlyMemory<byte> file, ReadOnlySpan<byte> piece) =>
        file.Span.Overlaps(piece, out var offset) ? offset : null;
}
