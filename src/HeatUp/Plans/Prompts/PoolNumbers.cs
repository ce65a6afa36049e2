using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// The numbers under which a language model sees a pool's channels: 1, 2, 3 in canonical order. A number can't be
/// misspelt, and none stands for a channel outside the pool.
/// </summary>
internal static class PoolNumbers
{
    /// <summary>The number of the first channel.</summary>
    public const int First = 1;

    /// <summary>The number of a channel; null if the pool doesn't have it.</summary>
    public static int? NumberOf(ChannelPool pool, ChannelName name)
    {
        var index = pool.All.AsSpan().BinarySearch(new ByName(name));
        return index < 0 ? null : First + index;
    }

    /// <summary>The channel of a number; null if no channel has it.</summary>
    public static ChannelName? ChannelOf(ChannelPool pool, int number) =>
        number >= First && number - First < pool.All.Length ? pool.All[number - First].Name : null;

    private readonly struct ByName(ChannelName name) : IComparable<Channel>
    {
        private readonly ChannelName name = name;

        public int CompareTo(Channel? other) => other is null ? 1 : name.CompareTo(other.Name);
    }
}
