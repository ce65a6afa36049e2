using System.Collections.Concurrent;

namespace HeatUp.Telegram.World;

/// <summary>
/// Who and what there is on this Telegram: accounts, their devices, channels and posts. Whoever works with it holds
/// <see cref="Gate"/>.
/// </summary>
internal sealed class TelegramWorld(TimeProvider clock)
{
    private const long FirstUser = 7_000_001;
    private const long FirstChannel = 1_000_000_001;

    /// <summary>How far apart the posts of a new channel are, in seconds.</summary>
    private const int BetweenPosts = 3600;

    private readonly ConcurrentDictionary<long, Device> devices = new();

    public Lock Gate { get; } = new();

    public List<Account> Accounts { get; } = [];

    public List<Channel> Channels { get; } = [];

    /// <summary>How often a client asked for a public view counter to be raised.</summary>
    public int ViewsRaised { get; set; }

    public int Now => (int)clock.GetUtcNow().ToUnixTimeSeconds();

    public IEnumerable<Device> Devices => devices.Values;

    public Device DeviceOf(long key) => devices.GetOrAdd(key, number => new Device(number));

    public void Forget(Device device) => devices.TryRemove(device.Key, out _);

    public void AddAccount(Account account)
    {
        account.Id = FirstUser + Accounts.Count;
        Accounts.Add(account);
    }

    public Channel AddChannel(string name, string title, int members, int posts)
    {
        var now = Now;
        var channel = new Channel(FirstChannel + Channels.Count, name)
        {
            Title = title,
            Members = members,
            CreatedAt = now - (posts + 1) * BetweenPosts,
        };
        Channels.Add(channel);
        for (var number = 1; number <= posts; number++) Publish(channel, now - (posts - number + 1) * BetweenPosts);
        return channel;
    }

    /// <summary>A new post of a channel.</summary>
    public static Post Publish(Channel channel, int date)
    {
        var post = new Post(channel.Newest + 1, date, $"Post {channel.Newest + 1} of {channel.Title}");
        channel.Posts.Add(post);
        return post;
    }

    public Account? Find(string phone) => Accounts.Find(account => account.Phone == Digits(phone));

    public Channel? Named(string name) =>
        Channels.Find(channel => channel.OtherNames.Prepend(channel.Name).Contains(name, StringComparer.OrdinalIgnoreCase));

    public Channel? Channel(long id) => Channels.Find(channel => channel.Id == id);

    public static string Digits(string phone) => string.Concat(phone.Where(char.IsAsciiDigit));
}
