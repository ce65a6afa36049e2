using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>
/// A value that somebody gave: a piece of a scenario's file, or an option of the command line.
/// </summary>
/// <param name="Name">
/// What it is called: a key with those that it lies in, such as <c>faults.offline</c>, or an option.
/// </param>
/// <param name="Json">Itself.</param>
/// <param name="File">What it was parsed from; null for an option.</param>
/// <param name="KeyOffset">Where its key begins in the file; null if it has none.</param>
internal sealed record Given(string Name, JsonElement Json, ReadOnlyMemory<byte>? File = null, int? KeyOffset = null)
{
    /// <summary>Its text; null if it is none.</summary>
    public string? Text => JsonText.Of(Json);

    /// <summary>Itself, for people: short, and on one line.</summary>
    public string Shown => File is not null ? JsonText.Show(Json)
        : ForeignText.Clean(Json.ToString(), JsonText.ShownMax) is { Length: > 0 } text ? text
        : "nothing";

    /// <summary>What begins a sentence about it: where it is in its file.</summary>
    public string Place => PlaceAt(OffsetOf(JsonMarshal.GetRawUtf8Value(Json)));

    /// <summary>The same for its key.</summary>
    public string PlaceOfKey => KeyOffset is null ? Place : PlaceAt(KeyOffset);

    /// <summary>The values of an array.</summary>
    public IEnumerable<Given> Items => Json.EnumerateArray()
        .Select((item, index) => this with { Name = $"{Name}[{index}]", Json = item, KeyOffset = null });

    /// <summary>The fields of an object in their order, repeated ones too.</summary>
    public IEnumerable<(string Key, Given Value)> Fields => Json.EnumerateObject().Select(FieldOf);

    private (string Key, Given Value) FieldOf(JsonProperty field)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(field);
        var key = NameOf(field) ?? ForeignText.Clean(Encoding.UTF8.GetString(raw), JsonText.ShownMax);
        var name = ForeignText.Clean(key, JsonText.ShownMax);
        var offset = OffsetOf(raw) - 1; // the quote before it
        return (key, new(Name.Length == 0 ? name : $"{Name}.{name}", field.Value, File, offset));
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

    private string PlaceAt(int? offset) => File is { } file ? JsonText.Place(file.Span, offset ?? 0) : "";

    private int? OffsetOf(ReadOnlySpan<byte> piece) =>
        File is { } file && file.Span.Overlaps(piece, out var offset) ? offset : null;
}
