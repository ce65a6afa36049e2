using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The files in which earlier versions kept the accounts: a sealed book, and a ledger for each account whose lines have
/// the same seals as today's. They are taken over once and put aside.
/// </summary>
internal sealed class EarlierAccounts(string folder)
{
    private const int BytesMax = 64 * 1024 * 1024;
    private const string LedgerEnding = ".ledger";
    private const string AsideMark = ".taken-over";

    /// <summary>Where the book was.</summary>
    public string BookPath { get; } = Path.Combine(folder, "accounts.json");

    /// <summary>Whether there is a book that was not taken over yet.</summary>
    public bool IsThere => File.Exists(BookPath);

    /// <summary>Whether there was one, as its ledgers or what was put aside say.</summary>
    public bool WasThere() => File.Exists(Aside(BookPath)) || Ledgers().Any();

    /// <summary>The book's accounts with their seal. Answers what is wrong with it; null if nothing is.</summary>
    public string? ReadBook(out string? key, out string? seal, out string accounts)
    {
        (key, seal, accounts) = (null, null, "");
        var read = SmallFile.Read(BookPath, BytesMax);
        if (read.IsUnreadable) throw AccountFiles.Unusable(BookPath, read.Fault!);
        if (read.Fault is not null) return read.Fault;
        try
        {
            var json = JsonNode.Parse(read.Bytes.Span)!.AsObject();
            (key, seal, accounts) = ((string?)json["key"], (string?)json["seal"], json["accounts"]!.ToJsonString());
            return null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or NullReferenceException)
        {
            return "it is no such file.";
        }
    }

    /// <summary>
    /// The lines of an account's ledger that can be believed, and the ends that it must have. If others can't be, no
    /// ledger has those ends: the account stops, as it would have in the earlier version.
    /// </summary>
    public IReadOnlyList<LedgerLine> LinesOf(Account account, byte[] key, out LedgerEnds ends)
    {
        var path = LedgerOf(account.Name);
        var read = SmallFile.Read(path, BytesMax);
        if (read.IsUnreadable) throw AccountFiles.Unusable(path, read.Fault!);
        var text = Encoding.ASCII.GetString(read.Bytes.Span);
        // After the last line's end: the action of a line that a crash cut in two was never done.
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Parse).ToList();
        ends = new(0, "", lines.Count, lines.LastOrDefault().Seal ?? "");
        var isBelieved = read.Fault is null or SmallFile.Missing && lines.Count >= account.Ledger.Lines
            && new AccountLedger(account with { Ledger = ends }, lines, key).Fault is null;
        if (isBelieved) return lines;
        ends = ends with { Lines = Math.Max(account.Ledger.Lines, lines.Count) + 1 };
        return [];
    }

    /// <summary>Puts the files aside, once the database has all that they held.</summary>
    public void PutAside()
    {
        if (!IsThere) return;
        foreach (var file in Ledgers().Where(file => !file.Contains(AsideMark, StringComparison.Ordinal)).ToList())
            PutAside(file);
        PutAside(BookPath);
    }

    private string LedgerOf(SessionId name) =>
        Path.Combine(folder, Uri.EscapeDataString(name.Value)) + LedgerEnding;

    private IEnumerable<string> Ledgers() => Directory.EnumerateFiles(folder, $"*{LedgerEnding}");

    private static void PutAside(string file) => AccountFiles.Use(file, () =>
    {
        File.Move(file, Aside(file), overwrite: true);
        return true;
    });

    private static string Aside(string file) => Path.ChangeExtension(file, AsideMark + Path.GetExtension(file));

    private static LedgerLine Parse(string line) => line.Split(' ') is [var number, var time, var kind, var seal]
        && int.TryParse(number, out var parsed)
            ? new(parsed, AccountLedger.TimeOf(time) ?? default, kind, seal)
            : new(0, default, "", "");
}
