using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// Which channels of a pool a prompt lists. A pool of up to <see cref="WholeMax"/> is listed whole, the same for all
/// sessions. Of a larger one all sessions see the <see cref="SharedMax"/> best known, and each besides <see
/// cref="OwnMax"/> of its own, so that a prompt doesn't grow with the pool.
/// </summary>
internal sealed class PromptChannels
{
    /// <summary>The most channels of a pool that is listed whole.</summary>
    public const int WholeMax = 200;

    /// <summary>How many channels of a larger pool all sessions see.</summary>
    public const int SharedMax = 100;

    /// <summary>How many others a session sees.</summary>
    public const int OwnMax = 40;

    /// <summary>How many of them are drawn from all that is left, so that everything is seen some day.</summary>
    public const int ExploringMax = 8;

    private static readonly ConditionalWeakTable<ChannelPool, PromptChannels> Known = [];

    private readonly ChannelPool pool;
    private readonly FrozenSet<ChannelName> sharedNames;

    private PromptChannels(ChannelPool pool)
    {
        this.pool = pool;
        IsWhole = pool.All.Length <= WholeMax;
        // In the pool's order: who is best known says the count in each line.
        Shared = IsWhole
            ? pool.All
            : [.. pool.All.OrderByDescending(channel => channel.Subscribers ?? -1).Take(SharedMax)
                .OrderBy(channel => channel.Name)];
        sharedNames = IsWhole ? [] : Shared.Select(channel => channel.Name).ToFrozenSet();
    }

    /// <summary>Whether all sessions see all of the pool.</summary>
    public bool IsWhole { get; }

    /// <summary>What all sessions see, in canonical order.</summary>
    public ImmutableArray<Channel> Shared { get; }

    /// <summary>What a prompt lists of this pool.</summary>
    public static PromptChannels Of(ChannelPool pool) => Known.GetValue(pool, pool => new PromptChannels(pool));

    /// <summary>
    /// What a session sees besides, in canonical order: what is suggested, then by its interests and how well known a
    /// channel is; and a few drawn from the rest. None that it follows.
    /// </summary>
    public IReadOnlyList<Channel> OwnOf(PlanRequest request, Persona persona)
    {
        if (IsWhole) return [];
        var joined = request.Past.Joined.Select(membership => membership.Channel).ToHashSet();
        var candidates = pool.All.Where(
            channel => !sharedNames.Contains(channel.Name) && !joined.Contains(channel.Name)).ToList();
        var places = request.Suggested.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var own = candidates
            .OrderBy(channel => places.GetValueOrDefault(channel.Name, int.MaxValue))
            .ThenByDescending(channel => Liking(channel, persona))
            .Take(OwnMax - ExploringMax).ToList();
        own.AddRange(Drawn([.. candidates.Except(own)], persona.Exploring(request.Past.NextSitting).ToRng()));
        return [.. own.OrderBy(channel => channel.Name)];
    }

    /// <summary>The first suggestions, wherever they are listed.</summary>
    public static IEnumerable<ChannelName> Foremost(PlanRequest request, int count) =>
        request.Suggested.Where(name => !request.Past.HasJoined(name) && request.Pool.Contains(name)).Take(count);

    private static double Liking(Channel channel, Persona persona) =>
        persona.InterestIn(channel.Category) * Math.Log(2 + (double)(channel.Subscribers ?? 0));

    private static IEnumerable<Channel> Drawn(List<Channel> rest, Rng rng)
    {
        for (var i = 0; i < ExploringMax && rest.Count > 0; i++)
        {
            var drawn = rng.Next(rest.Count);
            yield return rest[drawn];
            rest[drawn] = rest[^1];
            rest.RemoveAt(rest.Count - 1);
        }
    }
}
