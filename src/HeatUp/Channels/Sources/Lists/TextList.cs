using System.Buffers;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads any text: its links and <c>@names</c> are taken, and if its lines are single words, these too.
/// </summary>
/// <param name="head">The beginning of the text, which tells whether its words are names.</param>
/// <param name="category">The category of what it names.</param>
/// <param name="take">Takes a channel.</param>
/// <param name="remarks">Takes what is wrong.</param>
/// <param name="newReader">Makes a reader for the entries of a table in the text.</param>
internal sealed class TextList(
    string head, string? category, Action<Channel> take, Remarks remarks, Func<EntryReader> newReader)
{
    /// <summary>Longer than any name, with what may stand around it.</summary>
    private const int WordLengthMax = 256;

    private const string NotInWords = "{}[]<>()=\"";
    private const string Rules = "=*#~-_";

    private static readonly char[] Between = [',', ';', '\t'];

    private static readonly char[] Around = [.. " \u00A0-*+•\"'`.{}()[]<>\uFEFF"];

    private static readonly SearchValues<char> LeadEnds = SearchValues.Create(" \t\u00A0,;|:(#");

    private readonly bool hasRefs = TableList.LinesOf(head).Any(line => TelegramRefs.In(line).Any());
    private readonly Form form = FormOf(head);
    private (string Text, long Number)? above;
    private TableList? table;
    private PassedOverReason? others;
    private bool hasBegun;

    /// <summary>Where a text has bare names.</summary>
    private enum Form
    {
        /// <summary>Nowhere: it is prose.</summary>
        Prose,

        /// <summary>All of its words are names.</summary>
        Words,

        /// <summary>Each line begins with one, as in <c>1. some_channel - about it</c>.</summary>
        Leads,
    }

    /// <summary>Whether a text is a list of bare names.</summary>
    /// <param name="head">The beginning of the text.</param>
    /// <param name="haveSigns">Whether words count only if they are surely names.</param>
    public static bool IsOfNames(string head, bool haveSigns) => FormOf(head) != Form.Prose && (!haveSigns
        || EntryReader.AreNames([.. TableList.LinesOf(head).Where(line => !IsRemark(line)).SelectMany(WordsIn)]));

    private static Form FormOf(string head)
    {
        var lines = TableList.LinesOf(head).ToList();
        // The last line of a beginning may be cut.
        if (head.Length >= ListLimits.HeadLength && lines.Count > 1) lines.RemoveAt(lines.Count - 1);
        lines.RemoveAll(IsRemark);
        if (lines.Count == 0) return Form.Prose;
        if (lines.TrueForAll(line => WordsIn(line).All(IsWord)))
            // What has a head that says so, such as titles, are no names.
            return FieldNames.Of(lines[0]) is not FieldMeaning.None and var said && !FieldNames.MayName(said)
                ? Form.Prose : Form.Words;
        if (lines.Count > 1 && IsHeader(lines[0])) lines.RemoveAt(0);
        var leads = lines.ConvertAll(line => LeadOf(line) ?? "");
        return EntryReader.AreNames(leads) ? Form.Leads : Form.Prose;
    }

    /// <summary>Reads all lines.</summary>
    public async Task ReadAsync(ListLines lines, CancellationToken cancellation)
    {
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            if (line.IsCut)
                remarks.PassOver(PassedOverReason.Unreadable, $"line {line.Number} is left out after its first "
                    + $"{ListLimits.LineLengthMax} characters, the most that is read of a line.");
            if (line.Text.AsSpan().TrimStart() is not ['|', ..])
            {
                EndTable();
                Read(line.Text, line.Number);
            }
            else if (table is not null) table.Add(RowOf(line.Text, line.Number));
            else ReadBetweenBars(line.Text, line.Number);
        }
        EndTable();
    }

    /// <summary>Lines between bars are rows of a table if one that names its columns stands above another.</summary>
    private void ReadBetweenBars(string text, long number)
    {
        if (above is { } head && others is null
            && RowOf(head.Text, head.Number) is var row && TableList.IsHeader(row.Cells))
        {
            table = new(newReader, remarks);
            table.Add(row);
            table.Add(RowOf(text, number));
            above = null;
            return;
        }
        ReadAbove();
        above = (text, number);
    }

    private static TableList.Row RowOf(string text, long number) => new(number, RowSplitter.SplitLoosely(text, '|'));

    private void ReadAbove()
    {
        if (above is var (text, number)) Read(text, number);
        above = null;
    }

    private void EndTable()
    {
        ReadAbove();
        table?.TryComplete();
        table = null;
    }

    /// <summary>Reads a line.</summary>
    public void Read(string line, long number)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        var refs = TelegramRefs.In(line).ToList();
        if (IsBelowOthers(line, refs, number)) return;
        var isFirst = !hasBegun;
        hasBegun = true;
        foreach (var found in refs) Take(found, number);
        if (form == Form.Prose || refs.Count > 0 || IsRemark(line) || isFirst && IsHeader(line)) return;
        if (form == Form.Words) foreach (var word in WordsIn(line)) TakeWord(word, number);
        else if (LeadOf(line) is { } lead) TakeWord(lead, number);
    }

    /// <summary>Whether a line is a head, or stands below one that says that nothing there is a channel.</summary>
    private bool IsBelowOthers(string line, List<TelegramRef> refs, long number)
    {
        if (refs.Count == 0 && line.Length <= WordLengthMax && line.Any(char.IsLetter))
        {
            var said = EntryKind.OfHead(line);
            if (IsRemark(line) || hasRefs && said is not null) others = said;
        }
        if (others is not { } reason) return false;
        foreach (var found in refs)
            remarks.PassOver(reason, $"line {number}: {ForeignText.Clean(found.Text, ListLimits.ShownMax)} is none of "
                + "the channels: its part of the list says so.");
        return true;
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

    /// <summary>Whether a line is a remark or a headline.</summary>
    private static bool IsRemark(string line)
    {
        var text = line.AsSpan().Trim();
        return text is ['#', ..] or ['/', '/', ..] or ['[', .., ']'] or [.., ':']
            || text.Length > 3 && Rules.Contains(text[0]) && text[1] == text[0] && text[^1] == text[0];
    }

    private static IEnumerable<string> WordsIn(string line) => line.Split(Between)
        .Select(Bare).SelectMany(NamesApart).Where(piece => piece.Length > 0);

    private static string Bare(string piece) =>
        WithoutNumber(piece.Trim(Around));

    /// <summary>Names with spaces between them, if each of them has what other words don't.</summary>
    private static string[] NamesApart(string piece)
    {
        var words = piece.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && Array.TrueForAll(words, EntryReader.IsSigned) && EntryReader.AreNames(words)
            ? words : [piece];
    }

    /// <summary>The word that a line begins with, if a sign follows; null if none does.</summary>
    private static string? LeadOf(string line)
    {
        var text = Bare(line);
        var end = text.AsSpan().IndexOfAny(LeadEnds);
        if (end <= 0) return text.Length > 0 ? text : null;
        var rest = text.AsSpan(end).TrimStart();
        // So much space, or a sign, is between columns.
        return text.Length - end - rest.Length > 1
            || rest is ['-' or '–' or '—' or ',' or ';' or '|' or ':' or '(' or '[' or '#', ..] or ['/', '/', ..]
            ? text[..end] : null;
    }

    /// <summary>Without the number of a list's line, such as <c>1.</c> or <c>2)</c>.</summary>
    private static string WithoutNumber(string piece)
    {
        var digits = piece.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && piece[digits] is '.' or ')' ? piece[(digits + 1)..].Trim() : piece;
    }

    private static bool IsHeader(string line) =>
        (FieldNames.Of(line) != FieldMeaning.None || JsonShapes.IsContainer(line.Trim(' ', ':', '"')))
        && !(LeadOf(line) is { } lead && lead.Length < line.Length && EntryReader.AreNames([lead]));

    private static bool IsWord(string piece) =>
        piece.Length <= WordLengthMax && !piece.Any(letter => char.IsWhiteSpace(letter) || NotInWords.Contains(letter));
}

/// <summary>
/// Reads texts of <c>key: value</c> or <c>key = value</c>, as configurations have them: what a hyphen, an empty line, a
/// head in brackets, the same key or another name begins is the next entry.
/// </summary>
internal sealed partial class KeyedText(EntryReader reader, Remarks remarks)
{
    private readonly List<ListField> fields = [];
    private readonly TextBlock block = new();
    private long begunAt;

    /// <summary>Whether nearly all lines are of that form, and one names a channel.</summary>
    public static bool Is(string head)
    {
        var block = new TextBlock();
        var lines = TableList.LinesOf(head).Where(line => !block.Has(line) && !IsAside(line)).ToList();
        var pairs = lines.Select(line => Pair().Match(line)).Where(pair => pair.Success).ToList();
        return pairs.Count * 5 >= lines.Count * 4
            && pairs.Exists(pair => NamesIn(pair.Groups["key"].Value, pair.Groups["value"].Value) is not null);
    }

    /// <summary>Reads all lines.</summary>
    public async Task ReadAsync(ListLines lines, CancellationToken cancellation)
    {
        while (await lines.ReadAsync(cancellation) is { } line)
        {
            if (block.Has(line.Text)) continue;
            if (Pair().Match(line.Text) is { Success: true } pair) Take(pair, line.Number);
            else if (string.IsNullOrWhiteSpace(line.Text) || line.Text.AsSpan().TrimStart() is ['[', ..]) End();
            else if (!IsAside(line.Text))
                remarks.PassOver(PassedOverReason.Unreadable,
                    $"line {line.Number} is left out: it is no key and value: "
                    + ForeignText.Clean(line.Text[..Math.Min(line.Text.Length, 240)], ListLimits.ShownMax));
        }
        End();
        reader.Complete();
    }

    private void Take(Match pair, long number)
    {
        var (key, value) = (pair.Groups["key"].Value, Plain(pair.Groups["value"].Value));
        var meaning = FieldNames.Of(key);
        if (pair.Groups["dash"].Success || fields.Exists(field =>
                field.Name == key || field.Meaning == meaning && FieldNames.MayName(meaning))) End();
        if (fields.Count == 0) begunAt = number;
        if (NamesIn(key, value) is { Length: > 1 } names)
            foreach (var name in names)
                reader.Add(new($"line {number}", [new(key, FieldMeaning.Username, name)]));
        else fields.Add(new(key, meaning, value));
    }

    private void End()
    {
        if (fields.Count > 0 && fields.Exists(field => field.Meaning != FieldMeaning.None))
            reader.Add(new($"line {begunAt}", [.. fields]));
        fields.Clear();
    }

    /// <summary>The channels that a value names, if its key may name some; null if not.</summary>
    private static string[]? NamesIn(string key, string value)
    {
        if (!FieldNames.MayName(FieldNames.Of(key)) && !JsonShapes.IsContainer(key)) return null;
        var words = Plain(value).Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && Array.TrueForAll(words, word =>
            EntryReader.IsHandle(word) && EntryReader.NameOf(word) is not null) ? words : null;
    }

    private static string Plain(string value) => value.Trim().Trim('"', '\'').Trim();

    private static bool IsAside(string line) =>
        line.AsSpan().Trim() is ['#', ..] or ['[', ..] or [.., ':'] or "---" || string.IsNullOrWhiteSpace(line);

    [GeneratedRegex("""^\s*(?<dash>-\s+)?(?:export\s+)?["']?(?<key>[\p{L}_][\w -]{0,40}?)["']?\s*[:=]"""
        + @"\s*(?<value>\S.*)$")]
    private static partial Regex Pair();
}

/// <summary>Finds the lines of a long text in YAML: those that stand further in than the key before them.</summary>
internal sealed class TextBlock
{
    private int? indent;

    /// <summary>Whether a line belongs to such a text; the lines come in their order.</summary>
    public bool Has(string line)
    {
        var own = line.Length - line.AsSpan().TrimStart(" -").Length;
        if (indent is { } outer && (own > outer || string.IsNullOrWhiteSpace(line))) return true;
        indent = line.AsSpan().TrimEnd().TrimEnd("-+") is [.., ':', ' ', '|' or '>'] ? own : null;
        return false;
    }
}
