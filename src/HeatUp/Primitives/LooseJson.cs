using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HeatUp.Primitives;

/// <summary>
/// Reads JSON as models and people write it, which is more than JSON: Python's literals, single and typographic quotes,
/// raw line breaks and bare quotes in texts, unquoted names, comments, missing and trailing commas. What is JSON keeps
/// its meaning; nothing that is missing is made up.
/// </summary>
internal sealed class LooseJson
{
    private const int DepthMax = 60;

    private readonly string text;
    private readonly StringBuilder strict = new();
    private int at;
    private int depth;
    private int tuples;
    private bool hasTokens;

    private LooseJson(string text, int start) => (this.text, at) = (text, start);

    /// <summary>What begins with the bracket at <paramref name="start"/>, and how far it reaches.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="start">Where an object or a list may begin.</param>
    /// <param name="value">The value, if there is one.</param>
    /// <param name="end">Where to go on.</param>
    public static Found Read(string text, int start, out JsonElement value, out int end)
    {
        var reader = new LooseJson(text, start);
        var isWhole = reader.Value();
        (value, end) = (default, reader.at);
        if (isWhole)
        {
            value = JsonElement.Parse(reader.strict.ToString());
            return Found.Value;
        }
        if (reader.at >= text.Length && reader.depth <= DepthMax) return Found.CutOff;
        // "[see below]" is prose that has a bracket; what fails after its first token was meant as JSON.
        end = reader.hasTokens ? Math.Max(start + 1, reader.at) : start + 1;
        return reader.hasTokens ? Found.Broken : Found.Prose;
    }

    /// <summary>The text that a JSON string stands for, its quotes included or not; null if it is none.</summary>
    public static string? Unquoted(string text)
    {
        var inner = text.Trim();
        if (inner.StartsWith('"')) inner = inner[1..];
        if (inner.EndsWith('"') && !inner.EndsWith("\\\"", StringComparison.Ordinal)) inner = inner[..^1];
        var reader = new LooseJson(inner, 0);
        while (reader.at < inner.Length)
            if (!reader.Character())
                return null;
        return JsonElement.Parse($"\"{reader.strict}\"").GetString();
    }

    private char Next => at < text.Length ? text[at] : '\0';

    private bool Value()
    {
        SkipBlanks();
        return Next switch
        {
            '{' => Nested('}', Member),
            '[' => Nested(']', Value),
            // Python's tuple.
            '(' => Tuple(),
            _ when IsQuote(Next) => Quoted(),
            '-' or '+' or (>= '0' and <= '9') => Number(),
            _ => Literal(),
        };
    }

    private bool Tuple()
    {
        tuples++;
        var isWhole = Nested(')', Value);
        tuples--;
        return isWhole;
    }

    private bool Nested(char close, Func<bool> item)
    {
        if (++depth > DepthMax) return false;
        strict.Append(close == '}' ? '{' : '[');
        at++;
        for (var count = 0; ; count++)
        {
            SkipBlanks();
            if (Next == close) break;
            if (count > 0) strict.Append(',');
            if (!item()) return false;
            hasTokens = true;
            SkipBlanks();
            if (Next is ',' or '，') at++;
            // Between two objects nothing else can be meant.
            else if (Next != close && !(Next == '{' && text[at - 1] != ',' && close != '}')) return false;
        }
        strict.Append(close == '}' ? '}' : ']');
        at++;
        depth--;
        return true;
    }

    private bool Member()
    {
        if (IsQuote(Next))
        {
            if (!Quoted()) return false;
        }
        else if (!Name()) return false;
        SkipBlanks();
        if (Next is not (':' or '：')) return false;
        at++;
        strict.Append(':');
        return Value();
    }

    private bool Name()
    {
        var start = at;
        while (char.IsAsciiLetterOrDigit(Next) || Next == '_') at++;
        strict.Append('"').Append(text, start, at - start).Append('"');
        return at > start;
    }

    private const int LiteralLengthMax = 9;

    private bool Literal()
    {
        var start = at;
        while (char.IsAsciiLetter(Next)) at++;
        var literal = at - start > LiteralLengthMax ? null : text[start..at].ToLowerInvariant() switch
        {
            "true" => "true",
            "false" => "false",
            "null" or "none" or "undefined" or "nan" or "infinity" => "null",
            _ => null,
        };
        // A word that the text ends in may have been meant to go on.
        if (literal is null && at < text.Length) at = start;
        strict.Append(literal);
        return literal is not null;
    }

    private bool Number()
    {
        var start = at;
        while (char.IsAsciiDigit(Next) || Next is '+' or '-' or '.' or 'e' or 'E') at++;
        var digits = text[start..at].TrimStart('+');
        var sign = digits.StartsWith('-') ? "-" : "";
        digits = digits[sign.Length..].TrimStart('0');
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0])) digits = $"0{digits}";
        if (digits == "0" && Next == 'I') return Literal();
        var isNumber = double.TryParse(sign + digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            && char.IsAsciiDigit(digits[^1]);
        if (!isNumber && at < text.Length) at = start;
        strict.Append(sign).Append(digits);
        return isNumber;
    }

    private bool Quoted()
    {
        hasTokens = true;
        var open = text[at++];
        strict.Append('"');
        while (!(IsClosing(open, Next) && Ends(at + 1)))
            if (at >= text.Length || !Character())
                return false;
        at++;
        strict.Append('"');
        return true;
    }

    /// <summary>Whether what follows a quote says that it was the last of its text, and not one within it.</summary>
    private bool Ends(int after)
    {
        while (after < text.Length && char.IsWhiteSpace(text[after])) after++;
        return after >= text.Length || text[after] is ',' or '，' or '}' or ']' or ':' or '：' or '#'
            || (tuples > 0 && text[after] == ')')
            || (text[after] == '/' && after + 1 < text.Length && text[after + 1] is '/' or '*');
    }

    private bool Character()
    {
        if (Next == '\\') return Escape();
        var letter = text[at++];
        if (char.IsSurrogate(letter))
        {
            if (!char.IsHighSurrogate(letter) || !char.IsLowSurrogate(Next)) letter = '\uFFFD';
            else
            {
                strict.Append(letter).Append(text[at++]);
                return true;
            }
        }
        Append(letter);
        return true;
    }

    private bool Escape()
    {
        at++;
        if (at >= text.Length) return false;
        // Nobody escapes those, so that the backslash is in the way.
        if (char.IsSurrogate(text[at])) return Character();
        var letter = text[at++];
        if (letter != 'u') return Append(letter switch
        {
            'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => letter,
        });
        if (!Hex(out var unit)) return false;
        if (!char.IsSurrogate(unit)) return Append(unit);
        // Half a pair is no text.
        if (!char.IsHighSurrogate(unit) || Next != '\\' || at + 1 >= text.Length || text[at + 1] != 'u') return false;
        at += 2;
        if (!Hex(out var low) || !char.IsLowSurrogate(low)) return false;
        strict.Append(unit).Append(low);
        return true;
    }

    private bool Hex(out char unit)
    {
        unit = '\0';
        if (at + 4 > text.Length)
        {
            at = text.Length;
            return false;
        }
        var isHex = ushort.TryParse(
            text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number);
        unit = (char)number;
        if (isHex) at += 4;
        return isHex;
    }

    private bool Append(char letter)
    {
        if (letter is '"' or '\\') strict.Append('\\').Append(letter);
        else if (letter < ' ') strict.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        else strict.Append(letter);
        return true;
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(Next) || char.GetUnicodeCategory(Next) == UnicodeCategory.Format) at++;
            else if (Next == '#' || text.AsSpan(at).StartsWith("//")) SkipLine();
            else if (text.AsSpan(at).StartsWith("/*")) SkipTo("*/");
            else return;
        }
    }

    private void SkipLine()
    {
        var length = text.AsSpan(at).IndexOfAny('\n', '\r');
        at = length < 0 ? text.Length : at + length + 1;
    }

    private void SkipTo(string end)
    {
        var found = text.IndexOf(end, at + 1, StringComparison.Ordinal);
        at = found < 0 ? text.Length : found + end.Length;
    }

    private static bool IsQuote(char letter) => letter is '"' or '\'' or '`' or '“' or '”' or '„' or '‘';

    private static bool IsClosing(char open, char letter) => open switch
    {
        '"' or '\'' or '`' => letter == open,
        '‘' => letter is '’' or '‘',
        _ => letter is '”' or '“',
    };
}

/// <summary>What a bracket in a text begins.</summary>
internal enum Found
{
    /// <summary>A value.</summary>
    Value,

    /// <summary>Nothing: it is one of a sentence.</summary>
    Prose,

    /// <summary>A value that breaks the rules.</summary>
    Broken,

    /// <summary>A value that the text ends in.</summary>
    CutOff,
}
