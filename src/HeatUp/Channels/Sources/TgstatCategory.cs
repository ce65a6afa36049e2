using System.Collections.Immutable;

namespace HeatUp.Channels.Sources;

/// <summary>
/// A category of ours as TGStat is asked for it: by the first of its codes that TGStat has, else by a word.
/// </summary>
/// <param name="Title">What the file of channels calls it.</param>
/// <param name="Codes">What TGStat may call it, the best first.</param>
/// <param name="Word">What is searched for if TGStat has none of them; 3 letters or more.</param>
/// <param name="RussianWord">The same in Russian, which TGStat searches unless told otherwise.</param>
internal sealed record TgstatCategory(string Title, ImmutableArray<string> Codes, string Word, string RussianWord)
{
    /// <summary>The categories that are asked for unless some are named.</summary>
    public static readonly ImmutableArray<TgstatCategory> Usual =
    [
        new("News", ["news"], "news", "новости"),
        new("Technology", ["tech"], "technology", "технологии"),
        new("Programming", ["programming", "development"], "programming", "программирование"),
        new("Crypto", ["crypto"], "crypto", "криптовалюты"),
        new("Business", ["business"], "business", "бизнес"),
        new("Science", ["science", "edutainment"], "science", "наука"),
        new("Entertainment", ["entertainment"], "entertainment", "развлечения"),
        new("Sports", ["sport", "sports"], "sports", "спорт"),
        new("Music", ["music"], "music", "музыка"),
        new("Lifestyle", ["lifestyle", "blogs"], "lifestyle", "стиль жизни"),
    ];

    /// <summary>The category that a person names, by its title or by a code; null if it is none of ours.</summary>
    public static TgstatCategory? Find(string name) => Usual.FirstOrDefault(category =>
        category.Title.Equals(name, StringComparison.OrdinalIgnoreCase)
        || category.Codes.Contains(name, StringComparer.OrdinalIgnoreCase));
}
