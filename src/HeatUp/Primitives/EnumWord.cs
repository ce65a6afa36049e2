using System.Text.Json;

namespace HeatUp.Primitives;

/// <summary>
/// The values of enumerations as users, databases and collectors see them: words in snake_case, such as
/// <c>not_a_channel</c>.
/// </summary>
public static class EnumWord
{
    /// <summary>The word for a value.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => Words<T>.Of[value];

    /// <summary>The value of a word, in any case; null if none is called so.</summary>
    public static T? Read<T>(string? word) where T : struct, Enum
    {
        foreach (var (value, known) in Words<T>.Of)
            if (known.Equals(word?.Trim(), StringComparison.OrdinalIgnoreCase))
                return value;
        return null;
    }

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of = Enum.GetValues<T>().ToDictionary(
            value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
