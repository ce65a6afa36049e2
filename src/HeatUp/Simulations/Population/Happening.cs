using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>What the memory of a simulated session was told: a run's beginning, a step, or a run's end.</summary>
/// <param name="At">When, in ticks of UTC.</param>
/// <param name="Session">The number of the session.</param>
/// <param name="What">A <see cref="RunRecord"/> that begins, a <see cref="Step"/> or a <see cref="RunEnd"/>.</param>
internal readonly record struct Happening(long At, int Session, object What);

/// <summary>Hears all that happens in a shard, in canonical order: by time, then session.</summary>
internal interface IWitness
{
    /// <summary>It happened.</summary>
    void Saw(in Happening happening);
}
