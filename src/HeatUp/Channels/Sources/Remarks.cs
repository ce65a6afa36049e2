using System.Collections.Immutable;

namespace HeatUp.Channels.Sources;

/// <summary>
/// Remarks about items: as many as a person reads, the rest counted. And how many were passed over, for which reason.
/// </summary>
internal sealed class Remarks
{
    private readonly ImmutableArray<string>.Builder said = ImmutableArray.CreateBuilder<string>();
    private readonly SortedDictionary<PassedOverReason, long> counts = [];
    private long unsaid;

    public void Add(string remark)
    {
        if (said.Count < ChannelFile.EntryWarningsMax) said.Add(remark);
        else unsaid++;
    }

    /// <summary>Counts an item that is passed over; says so if there is something to say.</summary>
    public void PassOver(PassedOverReason reason, string? remark)
    {
        counts[reason] = counts.GetValueOrDefault(reason) + 1;
        if (remark is not null) Add(remark);
    }

    public ImmutableArray<string> All => unsaid == 0
        ? said.ToImmutable()
        : [.. said, unsaid == 1 ? "1 more has such faults." : $"{unsaid} more have such faults."];

    /// <summary>What was passed over, by reason.</summary>
    public ImmutableArray<PassedOver> PassedOver => [.. counts.Select(one => new PassedOver(one.Key, one.Value))];
}
