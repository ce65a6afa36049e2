using System.Buffers;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>What programs and people write where there is nothing.</summary>
internal static class NoValue
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "none", "null", "nan", "nat", "n/a", "n.a.", "na", "<na>", "#n/a", "nil", "undefined", "false", "true", "\\n",
        "(null)", "(none)", "(empty)", "empty", "missing", "unknown", "private", "hidden", "deleted", "no", "?",
        "нет", "не указано", "неизвестно", "отсутствует", "пусто", "н/д", "приватный", "закрытый", "无", "없음",
    };

    private static readonly SearchValues<char> Dashes = SearchValues.Create("-–—−_.…* \u00A0");

    /// <summary>Words that programs write for nothing, even in the place of a name, as in <c>t.me/None</c>; and those
    /// that stand for a name in instructions.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "@none", "@null", "@undefined", "@false", "@true", "@empty", "@username", "@user_name", "@your_username",
        "@channel_name", "@channelname", "@channel_username", "@your_channel", "@yourchannel", "@admin",
    };

    /// <summary>Whether a cell says that there is nothing.</summary>
    public static bool IsIn(string? text)
    {
        var said = text.AsSpan().Trim();
        return said.Length == 0 || Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(said)
            || !said.ContainsAnyExcept(Dashes);
    }

    /// <summary>Whether a name is none but stands for one.</summary>
    public static bool IsName(ChannelName name) => Names.Contains(name.Value);
}
