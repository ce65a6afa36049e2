using System.Collections.Immutable;

namespace HeatUp.Channels.Sources;

/// <summary>Remarks about items: as many as a person reads, the rest counted.</summary>
internal sealed class Remarks
{
    private readonly ImmutableArray<string>.Builder said = ImmutableArray.CreateBuilder<string>();
    private long unsaid;

    public void Add(string remark)
    {
        if (said.Count < ChannelFile.EntryWarningsMax) said.Add(remark);
        else unsaid++;
    }

    public ImmutableArray<string> All => unsaid == 0
        ? said.ToImmutable()
        : [.. said, unsaid == 1 ? "1 more has such faults." : $"{unsaid} more have such faults."];
}
