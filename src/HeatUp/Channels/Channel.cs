namespace HeatUp.Channels;

/// <summary>
/// A public broadcast channel as a directory describes it. Whatever the source said, its texts are clean and short, its
/// link is a web address and its count is not negative, so that all of it may be shown, logged and given to a model as
/// data.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is about: foreign text, cleaned by <see cref="ForeignText"/>; may be
/// empty.</param>
/// <param name="Category">What kind of channel it is, such as <c>News</c>; <see cref="NoCategory"/> if nobody
/// said.</param>
/// <param name="Subscribers">How many follow it, or null if unknown.</param>
/// <param name="TgstatUrl">An http(s) link to the channel or to its page in the directory, or null.</param>
public sealed record Channel(
    ChannelName Name, string? Description, string? Category, long? Subscribers, string? TgstatUrl)
{
    /// <summary>The category of a channel whose source gave none.</summary>
    public const string NoCategory = "Other";

    /// <summary>The longest description that is kept, in characters.</summary>
    public const int DescriptionLengthMax = 160;

    /// <summary>The longest category that is kept, in characters.</summary>
    public const int CategoryLengthMax = 32;

    /// <summary>The longest link that is kept, in characters; a longer one is no link.</summary>
    public const int UrlLengthMax = 256;

    /// <summary>What it is about, at most <see cref="DescriptionLengthMax"/> characters; may be empty.</summary>
    public string Description { get; } = ForeignText.Clean(Description, DescriptionLengthMax);

    /// <summary>What kind of channel it is, at most <see cref="CategoryLengthMax"/> characters; never empty.</summary>
    public string Category { get; } =
        ForeignText.Clean(Category, CategoryLengthMax) is { Length: > 0 } said ? said : NoCategory;

    /// <summary>How many follow it, 0 or more; null if unknown.</summary>
    public long? Subscribers { get; } = Subscribers >= 0 ? Subscribers : null;

    /// <summary>
    /// An http(s) link in ASCII, without a user's name, at most <see cref="UrlLengthMax"/> characters; or null.
    /// </summary>
    public string? TgstatUrl { get; } = WebAddress(TgstatUrl);

    private static string? WebAddress(string? text) =>
        text?.Length <= UrlLengthMax
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0 && url.AbsoluteUri.Length <= UrlLengthMax
            ? url.AbsoluteUri
            : null;

    /// <summary>The same channel with another count.</summary>
    internal Channel WithSubscribers(long count) => new(Name, Description, Category, count, TgstatUrl);
}
