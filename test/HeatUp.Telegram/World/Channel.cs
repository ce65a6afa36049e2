namespace HeatUp.Telegram.World;

/// <summary>A public channel.</summary>
/// <param name="id">A number for ever.</param>
/// <param name="name">Its name, without the @.</param>
internal sealed class Channel(long id, string name)
{
    public long Id => id;

    /// <summary>What a client must show to ask about it by its number.</summary>
    public long AccessHash => id * 7919;

    public string Name { get; set; } = name;

    /// <summary>The names that lead to it beside its main one.</summary>
    public List<string> OtherNames { get; } = [];

    public bool IsRestricted { get; set; }

    public string Title { get; init; } = name;

    public int Members { get; set; } = 1000;

    public int CreatedAt { get; init; }

    /// <summary>The oldest first; each has changed the channel once.</summary>
    public List<Post> Posts { get; } = [];

    /// <summary>How often it has changed. A client that knows this number knows all.</summary>
    public int Changes => Posts.Count;

    public int Newest => Posts.Count > 0 ? Posts[^1].Id : 0;
}

/// <summary>A post of a channel.</summary>
/// <param name="Id">The newer, the greater.</param>
/// <param name="Date">In seconds since 1970.</param>
/// <param name="Text">What it says.</param>
internal sealed record Post(int Id, int Date, string Text)
{
    /// <summary>The public counter of its views.</summary>
    public int Views { get; set; } = 1000 + Id;
}
