using System.Globalization;
using System.Text;

namespace HeatUp.Channels.Recommendations;

/// <summary>That somebody rated something.</summary>
/// <param name="User">Who.</param>
/// <param name="Item">What.</param>
/// <param name="Value">How high.</param>
/// <param name="Time">When, in seconds since 1970.</param>
public readonly record struct Rating(string User, string Item, double Value, double Time);

/// <summary>
/// Why ratings can't be used: a sentence that names the line, what is wrong there and what is allowed.
/// </summary>
public sealed class RatingsException : Exception
{
    /// <summary>A failure with its sentence.</summary>
    public RatingsException(string message) : base(message) { }

    /// <summary>A failure with its sentence and its cause.</summary>
    public RatingsException(string message, Exception cause) : base(message, cause) { }

    /// <summary>A failure without a sentence.</summary>
    public RatingsException() { }
}

/// <summary>
/// A file of ratings: a line each, user, item, rating and unix time with tabs between, in UTF-8 with or without a mark.
/// Its first line may name the columns.
/// </summary>
public static class RatingsFile
{
    private const int FieldCount = 4;
    private const int ShownMax = 40;
    private const string Form = "user, item, rating and unix time with tabs between";

    /// <summary>Reads all of a file.</summary>
    /// <exception cref="RatingsException">A line isn't what it must be, or there is none.</exception>
    public static IReadOnlyList<Rating> Read(Stream file)
    {
        using var reader = new StreamReader(
            file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            return Read(reader);
        }
        catch (DecoderFallbackException broken)
        {
            throw new RatingsException("The file is no UTF-8 text.", broken);
        }
    }

    private static List<Rating> Read(StreamReader reader)
    {
        var ratings = new List<Rating>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var fields = line.Split('\t');
            if (fields.Length != FieldCount) throw Wrong(number,
                $"it has {(fields.Length == 1 ? "1 column" : $"{fields.Length} columns")}, not {FieldCount}: {Form}");
            if (number == 1 && !IsNumber(fields[2]) && !IsNumber(fields[3])) continue;
            ratings.Add(RatingOf(fields, number));
        }
        return ratings.Count > 0 ? ratings : throw new RatingsException($"The file has no rating. A line is {Form}.");
    }

    private static Rating RatingOf(string[] fields, int line)
    {
        if (string.IsNullOrWhiteSpace(fields[0])) throw Wrong(line, "the user is missing");
        if (string.IsNullOrWhiteSpace(fields[1])) throw Wrong(line, "the item is missing");
        return new Rating(fields[0].Trim(), fields[1].Trim(),
            NumberOf(fields[2], "rating", line), NumberOf(fields[3], "unix time", line));
    }

    private static double NumberOf(string text, string what, int line) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(line, $"the {what} must be a number, not '{ForeignText.Clean(text, ShownMax)}'");

    // NaN is a wrong number and no name of a column.
    private static bool IsNumber(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static RatingsException Wrong(int line, string what) => new($"Line {line}: {what}.");
}
