namespace HeatUp.Channels;

/// <summary>The words for faults of channels in files and answers.</summary>
public static class ChannelFaultWord
{
    private static readonly (ChannelFault Fault, string Word)[] Words =
    [
        (ChannelFault.Gone, "gone"),
        (ChannelFault.Private, "private"),
        (ChannelFault.NotAChannel, "not_a_channel"),
        (ChannelFault.Renamed, "renamed"),
        (ChannelFault.Restricted, "restricted"),
    ];

    /// <summary>The word for a fault.</summary>
    public static string Of(ChannelFault fault) => Words.Single(known => known.Fault == fault).Word;

    /// <summary>The fault of a word, in any case; null if no fault is called so.</summary>
    public static ChannelFault? Read(string? text)
    {
        foreach (var (fault, word) in Words)
            if (word.Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase))
                return fault;
        return null;
    }
}
