using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Heat.Reports;

/// <summary>
/// A piece of HTML. It is made of a text in quotes with holes; what comes through a hole is escaped unless it is HTML
/// itself, so nothing foreign can become markup.
/// </summary>
internal readonly record struct Html(string Text)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static Html Empty { get; } = new("");

    public static Html Of(Builder text) => new(text.ToString());

    /// <summary>The pieces one after the other, each on a line of its own.</summary>
    public static Html Lines(params IEnumerable<Html> pieces) =>
        new(string.Join('\n', pieces.Select(piece => piece.Text).Where(text => text.Length > 0)));

    public override string ToString() => Text;

    [InterpolatedStringHandler]
    internal readonly struct Builder(int literalLength, int holes)
    {
        private const int HoleLength = 12;

        private readonly StringBuilder text = new(literalLength + holes * HoleLength);

        public void AppendLiteral(string markup) => text.Append(markup);

        public void AppendFormatted(Html html) => text.Append(html.Text);

        public void AppendFormatted(string? foreign) => text.Append(Encoder.Encode(foreign ?? ""));

        public void AppendFormatted(int number) => text.Append(CultureInfo.InvariantCulture, $"{number}");

        public override string ToString() => text.ToString();
    }
}
