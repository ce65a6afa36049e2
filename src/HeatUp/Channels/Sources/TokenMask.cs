namespace HeatUp.Channels.Sources;

/// <summary>Takes a token out of texts that a server or an exception may have put it into.</summary>
internal sealed class TokenMask
{
    private const string Stars = "***";

    private readonly string[] forms;

    public TokenMask(string token) =>
        forms = token.Length == 0 ? [] : [.. new[] { token, Uri.EscapeDataString(token) }.Distinct()];

    /// <summary>The text, cleaned and at most so long, without the token.</summary>
    public string Clean(string? text, int lengthMax)
    {
        // Cleaned before, since characters that can't be seen could part the token; cut after, since a cut could leave
        // half of it.
        var clean = ForeignText.Clean(text, int.MaxValue);
        foreach (var form in forms) clean = clean.Replace(form, Stars, StringComparison.OrdinalIgnoreCase);
        return ForeignText.Clean(clean, lengthMax);
    }
}
