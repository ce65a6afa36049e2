using HeatUp.Testing.Peer;

namespace HeatUp.Tests.TdLib;

/// <summary>
/// The same contract and the same rules, while TDLib talks of other things between any two: of other chats, in classes
/// and fields of other versions, twice, and late.
/// </summary>
public abstract class NoisyTdLibTelegramTests(ulong seed) : TdLibTelegramTests(() => new PeerNoise(new Seed(seed)))
{
    public override void Dispose()
    {
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>With one seed.</summary>
public sealed class NoisyTdLibTelegramTests1() : NoisyTdLibTelegramTests(1);

/// <summary>With another.</summary>
public sealed class NoisyTdLibTelegramTests2() : NoisyTdLibTelegramTests(20260717);
