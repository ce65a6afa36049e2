namespace HeatUp.Telegram.World;

/// <summary>Somebody with a phone number.</summary>
/// <param name="phone">In any form.</param>
internal sealed class Account(string phone)
{
    /// <summary>A number for ever, from the world that it is in.</summary>
    public long Id { get; internal set; }

    /// <summary>Digits only.</summary>
    public string Phone { get; } = TelegramWorld.Digits(phone);

    public string FirstName { get; init; } = "Alice";

    /// <summary>The code that is sent to its phone.</summary>
    public string Code { get; set; } = "12345";

    /// <summary>Whether the code that was sent is good no more.</summary>
    public bool IsCodeExpired { get; set; }

    /// <summary>The code that is sent by e-mail instead; null if it isn't.</summary>
    public string? EmailCode { get; init; }

    /// <summary>Whether an address has to be named and proved before any code is sent.</summary>
    public bool NamesEmail { get; set; }

    /// <summary>Whether anybody has made an account of the number.</summary>
    public bool IsRegistered { get; init; } = true;

    /// <summary>Whether a purchase is wanted before any code is sent.</summary>
    public bool MustBuy { get; init; }

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
