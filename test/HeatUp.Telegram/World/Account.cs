namespace HeatUp.Telegram.World;

/// <summary>Somebody with a phone number.</summary>
/// <param name="id">A number for ever.</param>
/// <param name="phone">Digits only.</param>
internal sealed class Account(long id, string phone)
{
    public long Id => id;

    public string Phone => phone;

    public string FirstName { get; init; } = "Alice";

    /// <summary>The code that is sent to its phone.</summary>
    public string Code { get; set; } = "12345";

    /// <summary>Whether the code that was sent is good no more.</summary>
    public bool IsCodeExpired { get; set; }

    /// <summary>Its second step; null if it has none.</summary>
    public string? Password { get; init; }

    public string PasswordHint { get; init; } = "";

    /// <summary>Whether Telegram has frozen it: it may look, but change nothing.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The channels that it follows or once followed, by their numbers.</summary>
    public Dictionary<long, Membership> Memberships { get; } = [];

    /// <summary>Whether it follows a channel.</summary>
    public bool Follows(Channel channel) => Memberships.GetValueOrDefault(channel.Id)?.IsMember is true;

    /// <summary>What it is in a channel, which may be nothing yet.</summary>
    public Membership In(Channel channel)
    {
        if (!Memberships.TryGetValue(channel.Id, out var membership))
            Memberships[channel.Id] = membership = new Membership();
        return membership;
    }
}

/// <summary>What an account is in a channel.</summary>
internal sealed class Membership
{
    public bool IsMember { get; private set; }

    /// <summary>When it last joined or left, as Unix seconds; 0 if it never did.</summary>
    public int ChangedAt { get; private set; }

    /// <summary>The newest post that was read.</summary>
    public int ReadUpTo { get; set; }

    /// <summary>Joins or leaves.</summary>
    /// <param name="isMember">What it is from now on.</param>
    /// <param name="now">In Unix seconds.</param>
    public void Change(bool isMember, int now) => (IsMember, ChangedAt) = (isMember, now);
}
