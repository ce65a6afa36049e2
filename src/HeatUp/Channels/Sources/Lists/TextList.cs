namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads any text: its links and <c>@names</c> are taken, and if its lines are single words, these too.
/// </summary>
/// <param name="head">The beginning of the text, which tells whether its words are names.</param>
/// <param name="category">The category of what it names.</param>
/// <param name="take">Takes a channel.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed class TextList(string head, string? category, Action<Channel> take, Remarks remarks)
{
    /// <summary>Longer than any name, with what may stand around it.</summary>
    private const int WordLengthMax = 256;

    private const string NotInWords = "{}[]<>()=\"";

    private static readonly char[] Between = [',', ';', '\t'];

    private readonly bool hasWords = IsOfWords(head);
    private readonly bool hasRefs = LinesOf(head).Any(line => TelegramRefs.In(line).Any());
    private bool hasBegun;

    /// <summary>Whether a text is a list of single words, which are bare names.</summary>
    public static bool IsOfWords(string head)
    {
        var lines = LinesOf(head).ToList();
        // The last line of a beginning may be cut.
        if (head.Length >= ListLimits.HeadLength && lines.Count > 1) lines.RemoveAt(lines.Count - 1);
        return lines.Count > 0 && lines.TrueForAll(line => IsRemark(line) || WordsIn(line).All(IsWord));
    }

    /// <summary>Reads all lines.</summary>
    public async Task ReadAsync(ListLines lines, CancellationToken cancellation)
    {
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            if (line.IsCut)
                remarks.PassOver(PassedOverReason.Unreadable, $"line {line.Number} is left out after its first "
                    + $"{ListLimits.LineLengthMax} characters, the most that is read of a line.");
            Read(line.Text, line.Number);
        }
    }

    /// <summary>Reads a line.</summary>
    public void Read(string line, long number)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        var isFirst = !hasBegun;
        hasBegun = true;
        var hasAny = false;
        foreach (var found in TelegramRefs.In(line))
        {
            hasAny = true;
            Take(found, number);
        }
        if (!hasWords || hasAny || IsRemark(line) || isFirst && IsHeader(line)) return;
        foreach (var word in WordsIn(line)) TakeWord(word, number);
    }

    private void Take(TelegramRef found, long number)
    {
        var isBot = found.Name?.Value.EndsWith("bot", StringComparison.OrdinalIgnoreCase) == true;
        if (found.Name is { } name && !isBot) take(new(name, null, category, null, name.Link));
        else
            remarks.PassOver(isBot ? PassedOverReason.Bot : found.Fault!.Value, $"line {number}: "
                + ForeignText.Clean(found.Text, ListLimits.ShownMax)
                + (isBot ? " has a bot's name." : found.Fault == PassedOverReason.OtherSite
                    ? " is a name on another network." : " leads to no public channel."));
    }

    private void TakeWord(string word, long number)
    {
        // Among links and @names, a word with a capital is a headline.
        if (word.Length > WordLengthMax || hasRefs && !EntryReader.IsHandle(word)) return;
        if (EntryReader.NameOf(word) is { } name) Take(new(name, word), number);
        else if (!NoValue.IsIn(word))
            remarks.PassOver(PassedOverReason.NotAName,
                $"line {number} is left out: '{ForeignText.Clean(word, 40)}' is not a channel's name.");
    }

    private static IEnumerable<string> LinesOf(string head) =>
        head.Split('\n', '\r').Where(line => !string.IsNullOrWhiteSpace(line));

    private static bool IsRemark(string line) => line.AsSpan().TrimStart() is ['#', ..] or ['/', '/', ..];

    private static IEnumerable<string> WordsIn(string line) => line.Split(Between)
        .Select(piece => piece.Trim(' ', '\u00A0', '-', '*', '•', '"', '\'', '`', '.', '\uFEFF'))
        .Select(WithoutNumber).Where(piece => piece.Length > 0);

    /// <summary>Without the number of a list's line, such as <c>1.</c> or <c>2)</c>.</summary>
    private static string WithoutNumber(string piece)
    {
        var digits = piece.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && piece[digits] is '.' or ')' ? piece[(digits + 1)..].Trim() : piece;
    }

    private static bool IsHeader(string line) =>
        FieldNames.Of(line) != FieldMeaning.None || JsonShapes.IsContainer(line.Trim(' ', ':', '"'));

    private static bool IsWord(string piece) =>
        piece.Length <= WordLengthMax && !piece.Any(letter => char.IsWhiteSpace(letter) || NotInWords.Contains(letter));
}
