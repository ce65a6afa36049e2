using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HeatUp.Primitives;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// What an account did, a line for each action. Each line is sealed together with all before it, and the account knows
/// the number and the seal of its last line, so that a line that was changed, removed or put back is found. Lives for
/// one transaction of the <see cref="AccountDatabase"/>, which writes what was added.
/// </summary>
internal sealed class AccountLedger
{
    public const string Sitting = "sitting";
    public const string Join = "join";
    public const string Read = "read";
    public const string Look = "look-up";

    /// <summary>
    /// The first line after a ledger was lost, or after its owner said that the clock is right and the ledger's times
    /// are not: counts as if all ceilings were reached at its time.
    /// </summary>
    public const string Unknown = "unknown";

    private const string TimeForm = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private readonly SessionId account;
    private readonly byte[] key;
    private readonly List<LedgerLine> lines;

    /// <summary>The ledger of an account, checked.</summary>
    /// <param name="account">Whose, with the ends that its ledger must have.</param>
    /// <param name="lines">The lines that are kept, by number.</param>
    /// <param name="key">What they are sealed with.</param>
    public AccountLedger(Account account, IEnumerable<LedgerLine> lines, byte[] key)
    {
        (this.account, this.key, this.lines, Ends) = (account.Name, key, [.. lines], account.Ledger);
        Fault = FaultOf();
        if (Fault is null) this.lines.ForEach(See);
    }

    /// <summary>Why nothing in it can be believed; null if all can.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// The newest time that it has seen since the last <see cref="Unknown"/> line; null if it has no line.
    /// </summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Where it begins and ends now.</summary>
    public LedgerEnds Ends { get; private set; }

    /// <summary>The lines that are not in the database yet.</summary>
    public List<LedgerLine> Added { get; } = [];

    /// <summary>Whether the lines that the database has are to be put aside.</summary>
    public bool IsAnew { get; private set; }

    /// <summary>The account with the ends that this ledger has now.</summary>
    public Account Of(Account one) => one with { Ledger = Ends, Seen = Newest };

    /// <summary>
    /// The times of the lines of a kind that count at a time, the oldest first; an unknown one stands for all. A line
    /// that a wrong clock wrote counts again when its time comes.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Counting(string kind, DateTimeOffset now, int max) =>
    [
        .. from line in lines
           where line.At > now - ConductLimits.Period && line.At <= now + ClockLimits.AheadMax
               && (line.Kind == kind || line.Kind == Unknown)
           from time in Enumerable.Repeat(line.At, line.Kind == Unknown ? max : 1)
           orderby time
           select time,
    ];

    /// <summary>Adds a line, and drops the oldest ones that can never count again.</summary>
    public void Add(string kind, DateTimeOffset at)
    {
        var line = new LedgerLine(Ends.Lines + 1, at, kind, "");
        line = line with { Seal = SealOf(line, Ends.Seal) };
        lines.Add(line);
        Added.Add(line);
        Ends = Ends with { Lines = line.Number, Seal = line.Seal };
        See(line);
        while (lines[0].At < Newest - ConductLimits.LedgerKept)
        {
            Ends = Ends with { Dropped = lines[0].Number, DroppedSeal = lines[0].Seal };
            lines.RemoveAt(0);
        }
    }

    /// <summary>Begins a ledger that has reached all ceilings in the place of one that can't be believed.</summary>
    public void BeginAnew(DateTimeOffset at)
    {
        lines.Clear();
        (Ends, Newest, Fault, IsAnew) = (LedgerEnds.None, null, null, true);
        Add(Unknown, at);
    }

    /// <summary>A time as lines have it.</summary>
    public static string TextOf(DateTimeOffset at) => at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    /// <summary>The time that a text stands for; null if it is none.</summary>
    public static DateTimeOffset? TimeOf(string text) => DateTimeOffset.TryParseExact(
        text, TimeForm, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private string? FaultOf()
    {
        var (number, seal) = (Ends.Dropped, Ends.DroppedSeal);
        foreach (var line in lines)
        {
            if (line.Number != ++number) return $"its line {number} is gone.";
            if (!IsSealed(line, seal)) return $"its line {number} was changed.";
            seal = line.Seal;
        }
        if (number != Ends.Lines) return $"its last line is {number}, and was {Ends.Lines}.";
        return seal == Ends.Seal ? null : $"its line {number} was changed.";
    }

    private void See(LedgerLine line) => Newest = line.Kind != Unknown && Newest > line.At ? Newest : line.At;

    private bool IsSealed(LedgerLine line, string before) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(SealOf(line, before)), Encoding.UTF8.GetBytes(line.Seal));

    private string SealOf(LedgerLine line, string before) =>
        AccountDatabase.SealOf($"{account}\n{before}\n{line.Number} {TextOf(line.At)} {line.Kind}", key);
}

/// <summary>A line of a ledger.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What was done: one of the ledger's words.</param>
/// <param name="Seal">Of this line and all before it.</param>
internal readonly record struct LedgerLine(int Number, DateTimeOffset At, string Kind, string Seal);

/// <summary>Where a ledger begins and Ends. The account keeps it, under the book's seal.</summary>
/// <param name="Dropped">The number of the last line that was dropped for its age; 0 if none was.</param>
/// <param name="DroppedSeal">The seal of that line.</param>
/// <param name="Lines">The number of the last line; 0 if there is none.</param>
/// <param name="Seal">The seal of the last line.</param>
internal readonly record struct LedgerEnds(int Dropped, string DroppedSeal, int Lines, string Seal)
{
    public static readonly LedgerEnds None = new(0, "", 0, "");
}
