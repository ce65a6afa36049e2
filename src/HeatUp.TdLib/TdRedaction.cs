using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>
/// Takes out of TDLib's words what no log may hold: phone numbers, codes, passwords, addresses, keys and login links.
/// What the program itself has sent as a secret is taken out wherever it stands; the rest is known by its look, and
/// rather too much goes than too little. Thread-safe.
/// </summary>
internal sealed partial class TdRedaction
{
    /// <summary>What is shown instead.</summary>
    public const string Mask = "***";

    /// <summary>How many secrets are known at most: those of the last logins.</summary>
    public const int SecretsMax = 256;

    private readonly Lock adding = new();
    private readonly List<string> known = [];
    private volatile string[] secrets = [];

    /// <summary>From now on this text shows nowhere, in its own form or as its digits alone.</summary>
    public void Hide(string secret)
    {
        lock (adding)
        {
            var digits = string.Concat(secret.Where(char.IsAsciiDigit));
            var isNumber = digits.Length >= secret.Length / 2 && digits.Length > 0;
            string[] forms = isNumber && digits != secret ? [secret, digits] : [secret];
            known.AddRange(forms.Where(form => form.Length > 0 && !known.Contains(form)));
            if (known.Count > SecretsMax) known.RemoveRange(0, known.Count - SecretsMax);
            // The longest first, or a short one would leave the ends of a long one.
            secrets = [.. known.OrderByDescending(form => form.Length)];
        }
    }

    /// <summary>The text as a log may hold it.</summary>
    public string Redact(string text)
    {
        text = Head().Replace(text, "").TrimEnd();
        // Fields first: a secret that is a word may be a part of its field's name.
        text = Field().Replace(text, $"$1{Mask}");
        foreach (var secret in secrets) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return Telltale().Replace(text, Mask);
    }

    /// <summary>TDLib counts from 0, with which it ends the process, to 5 and beyond.</summary>
    public static LogLevel LevelOf(int level) => level switch
    {
        <= 0 => LogLevel.Critical,
        1 => LogLevel.Error,
        2 => LogLevel.Warning,
        3 => LogLevel.Information,
        4 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    /// <summary>The level, the thread and the time, which the log has already.</summary>
    [GeneratedRegex(@"^\[ ?\d+\]\[t ?\d+\]\[\d+\.\d+\]")]
    private static partial Regex Head();

    /// <summary>A field whose name says that it is a secret: in JSON, or as TDLib prints its objects.</summary>
    [GeneratedRegex("""
        (\b(?:phone_number|(?:recovery_)?code|\w*password|\w*email_address\w*|api_hash|\w*token|link|\w*hint|\w*key)"?
            \s*[:=]\s*)
        (?:"(?:[^"\\]|\\.)*"|bytes\s*\[\d+\]\s*\{[^}]*\})
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    /// <summary>A login link, an address, bytes, a long hexadecimal number, a number as long as a phone's.</summary>
    [GeneratedRegex("""
        tg://\S+ | [\w.+-]+@[\w-]+\.[\w.-]+ | bytes\s*\[\d+\]\s*\{[^}]*\} | \b[0-9a-fA-F]{32,}\b
        | \+?\d(?:[ ()-]{0,2}\d){6,}
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Telltale();
}
