namespace HeatUp.Channels;

/// <summary>A public broadcast channel as a directory describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is about: foreign text, cleaned by <see cref="ForeignText"/>; may be empty.</param>
/// <param name="Category">What kind of channel it is, such as <c>News</c>; <see cref="NoCategory"/> if nobody said.</param>
/// <param name="Subscribers">How many follow it, or null if unknown.</param>
/// <param name="TgstatUrl">A link to the channel or to its page in the directory, or null.</param>
public sealed record Channel(ChannelName Name, string Description, string Category, long? Subscribers, string? TgstatUrl)
{
    /// <summary>The category of a channel whose source gave none.</summary>
    public const string NoCategory = "Other";

    /// <summary>The longest description that is kept, in characters.</summary>
    public const int DescriptionLengthMax = 160;

    /// <summary>The longest category that is kept, in characters.</summary>
    public const int CategoryLengthMax = 32;
}
