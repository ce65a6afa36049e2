using System.Text;
using System.Text.RegularExpressions;
using HeatUp.Channels;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Takes what nobody may read out of a server's words: the key, also parts of it, and what looks like one.
/// </summary>
internal sealed partial class LlmSecrets
{
    private const string Mask = "***";
    private const int PartLengthMin = 6;
    private const int ValueLengthMin = 4;

    private readonly List<string> secrets = [];
    private readonly Regex[] spelled;

    /// <summary>The secrets of a server: its key, and what its address carries beside the place.</summary>
    public LlmSecrets(LlmOptions options)
    {
        if (!string.IsNullOrEmpty(options.ApiKey)) Add(options.ApiKey);
        foreach (var part in options.BaseUrl.UserInfo.Split(':')) Add(part);
        foreach (var pair in options.BaseUrl.Query.TrimStart('?').Split('&'))
            if (pair.Split('=', 2) is [var name, var value] && SecretName().IsMatch(name))
                Add(value);
        // The longest first, so that none leaves the rest of another.
        secrets.Sort((one, other) => other.Length - one.Length);
        spelled = [.. secrets.Select(Spelled)];
    }

    /// <summary>The text without secrets, cleaned, at most so many characters long.</summary>
    public string Hide(string text, int lengthMax)
    {
        // Only what is shown needs to be looked through; a secret at the cut's edge is whole with some room.
        var clean = ForeignText.Clean(text, lengthMax + MarginForCuts);
        foreach (var form in spelled) clean = form.Replace(clean, Mask);
        clean = KeyLike().Replace(clean, Mask);
        clean = Word().Replace(clean, word => HasPart(word.Value) ? Mask : word.Value);
        return ForeignText.Clean(clean, lengthMax);
    }

    private const int MarginForCuts = 300;

    private void Add(string secret)
    {
        if (secret.Length < ValueLengthMin) return;
        string[] forms = [secret, Uri.UnescapeDataString(secret), Uri.EscapeDataString(secret), .. Base64Of(secret)];
        // A form can be shorter than the secret, and then stand in any word.
        secrets.AddRange(forms.Where(form => form.Length >= ValueLengthMin).Except(secrets));
    }

    /// <summary>What a secret looks like in Base64 wherever it stands in the text that was encoded.</summary>
    private static IEnumerable<string> Base64Of(string secret) => Enumerable.Range(0, 3).Select(before =>
    {
        var text = Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(secret)]).TrimEnd('=');
        // The first and the last depend on their neighbours.
        return text[(before == 0 ? 0 : 4)..^1];
    });

    /// <summary>A secret, also with other marks or blanks between its letters.</summary>
    private static Regex Spelled(string secret)
    {
        char[] letters = [.. secret.Where(char.IsLetterOrDigit)];
        return new Regex(
            letters.Length >= ValueLengthMin ? string.Join(@"[\W_]{0,3}", letters) : Regex.Escape(secret),
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>Whether a word shares its beginning or end, or enough of its middle, with a secret.</summary>
    private bool HasPart(string word)
    {
        foreach (var secret in secrets)
            for (var at = 0; at + PartLengthMin <= secret.Length; at++)
                if (secret.AsSpan(at, PartLengthMin).ContainsAnyExcept(Letters)
                    && word.Contains(secret.Substring(at, PartLengthMin), StringComparison.Ordinal))
                    return true;
        return false;
    }

    // A part of letters alone may be a plain word.
    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz-_.");

    [GeneratedRegex(@"\S{6,}")]
    private static partial Regex Word();

    [GeneratedRegex("key|token|secret|sig|pass|auth|code", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Known beginnings of keys, what follows "Bearer", and what somebody has blotted out in part already.
    [GeneratedRegex(
        @"\b(?:sk|pk|rk|gsk|xai|nvapi|hf|pplx|r8|fw|tgp|csk)[-_][\w\-*.…]{6,}|\bAIza[\w-]{10,}|\bey[\w-]{10,}\.[\w.-]+"
        + @"|(?<=Bearer\s+)(?!token|auth|is\b|key)\S{6,}|(?<=[?&](?:key|api_key|token|api-key)=)[^\s&]+"
        + @"|(?<=(?:key|token|secret|password)\W{1,4})(?=\S*\d)[\w\-+/.…*]{7,}[\w*]"
        + @"|[\w-]*\*{3,}[\w-]*|\w+(?:\.{3}|…)\w+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();
}
