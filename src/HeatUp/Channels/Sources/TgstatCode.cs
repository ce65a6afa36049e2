using System.Globalization;
using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>A category, country or language of TGStat.</summary>
/// <param name="Code">What it is asked for by.</param>
/// <param name="Name">What TGStat calls it.</param>
internal readonly record struct TgstatCode(string Code, string Name)
{
    private const int CodeLengthMax = 40;

    /// <summary>Those of a list; what is none is left out.</summary>
    public static List<TgstatCode> Read(JsonElement list, TokenMask mask) =>
        list.ValueKind != JsonValueKind.Array ? [] :
        [
            .. from item in list.EnumerateArray()
               where item.ValueKind == JsonValueKind.Object
               let code = mask.Clean(CodeIn(item), CodeLengthMax)
               where code.Length > 0
               select new TgstatCode(code, mask.Clean(JsonText.Of(JsonText.Field(item, "name")), CodeLengthMax)),
        ];

    /// <summary>Whether a person may mean this one.</summary>
    public bool Is(string name) =>
        Code.Equals(name, StringComparison.OrdinalIgnoreCase) || Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The code as a title of a category.</summary>
    public string Title => Code.Length == 0 ? "" : $"{char.ToUpper(Code[0], CultureInfo.InvariantCulture)}{Code[1..]}";

    private static string? CodeIn(JsonElement item) => JsonText.Field(item, "code") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        var text => JsonText.Of(text),
    };
}
