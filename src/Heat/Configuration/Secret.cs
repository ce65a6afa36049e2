using System.Diagnostics.CodeAnalysis;

namespace Heat.Configuration;

/// <summary>
/// A text that nobody may see by accident: whatever prints it, a log or a record around it, prints stars.
/// </summary>
internal sealed class Secret
{
    /// <summary>What is shown instead.</summary>
    public const string Mask = "***";

    private readonly string text;

    private Secret(string text) => this.text = text;

    /// <summary>A secret for a header of HTTP: visible ASCII characters without spaces.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Secret? secret)
    {
        secret = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? new Secret(text) : null;
        return secret is not null;
    }

    /// <summary>
    /// A setting's value as it may be shown: an address without the user's name, the password and the query; of other
    /// texts that may hold a password, nothing.
    /// </summary>
    public static string HideIn(string value)
    {
        if (value.Contains("password", StringComparison.OrdinalIgnoreCase)) return Mask;
        var isAddress = value.Contains("://", StringComparison.Ordinal);
        if (!isAddress || value.AsSpan().IndexOfAny('@', '?') < 0) return value;
        // A password with a slash or another @ in it makes an address that reads otherwise: then no part of it is sure.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url)) return Mask;
        if (value.Count('@') != Math.Min(url.UserInfo.Length, 1)) return Mask;
        var user = url.UserInfo.Length > 0 ? $"{Mask}@" : "";
        var query = url.Query.Length > 0 ? $"?{Mask}" : "";
        return $"{url.Scheme}://{user}{url.Authority}{url.AbsolutePath}{query}";
    }

    /// <summary>The text itself, for the one that needs it.</summary>
    public string Reveal() => text;

    /// <inheritdoc/>
    public override string ToString() => Mask;
}
