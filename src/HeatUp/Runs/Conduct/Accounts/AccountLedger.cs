using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HeatUp.Channels;
using HeatUp.Primitives;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// What an account did, a line for each action, on the disk before the action is done. Each line is sealed together
/// with all before it. Used under the lock of the <see cref="AccountBook"/> only.
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

    private const int BytesMax = 64 * 1024 * 1024;
    private const string TimeForm = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private readonly string path;
    private readonly SessionId account;
    private readonly byte[] key;
    private readonly List<(DateTimeOffset At, string Kind)> lines = [];
    private string seal = "";

    private AccountLedger(string path, SessionId account, byte[] key) =>
        (this.path, this.account, this.key) = (path, account, key);

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Why nothing in it can be believed; null if all can.</summary>
    public string? Fault { get; private set; }

    public int Lines => lines.Count;

    /// <summary>
    /// The newest time that it has seen since the last <see cref="Unknown"/> line; null if it has no line.
    /// </summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Reads the ledger.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="account">Whose.</param>
    /// <param name="key">What its lines are sealed with.</param>
    /// <param name="linesMin">How many lines it must have at least.</param>
    /// <exception cref="IOException">The system doesn't let it be read: that is no fault of the ledger's.</exception>
    public static AccountLedger Open(string path, SessionId account, byte[] key, int linesMin)
    {
        var ledger = new AccountLedger(path, account, key);
        ledger.Fault = ledger.Load(linesMin);
        return ledger;
    }

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

    /// <summary>Adds a line and waits until it is on the disk.</summary>
    /// <exception cref="IOException">It can't be written: the action must not be done.</exception>
    public void Add(string kind, DateTimeOffset at)
    {
        var text = $"{lines.Count + 1} {at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)} {kind}";
        var sealedWith = SealOf(text);
        Change(FileMode.Append, file => file.Write(Encoding.ASCII.GetBytes($"{text} {sealedWith}\n")));
        Append(at, kind, sealedWith);
    }

    /// <summary>Puts a ledger aside that can't be believed and begins one that has reached all ceilings.</summary>
    public void BeginAnew(DateTimeOffset at)
    {
        AccountFiles.Use(path, () =>
        {
            if (File.Exists(path)) File.Move(path, $"{path}.{at.UtcDateTime:yyyyMMddHHmmss}.broken", overwrite: true);
            return true;
        });
        lines.Clear();
        (seal, Newest, Fault) = ("", null, null);
        Add(Unknown, at);
    }

    private string? Load(int linesMin)
    {
        var read = SmallFile.Read(path, BytesMax);
        if (read.IsUnreadable) throw AccountFiles.Unusable(path, read.Fault!);
        if (read.Fault == SmallFile.Missing) return linesMin > 0 ? read.Fault : null;
        if (read.Fault is not null) return read.Fault;
        var text = Encoding.ASCII.GetString(read.Bytes.Span);
        // A crash in the middle of a line: the action of that line was never done.
        var whole = text.LastIndexOf('\n') + 1;
        foreach (var line in text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (!TryTake(line))
                return $"its line {lines.Count + 1} was changed.";
        if (lines.Count < linesMin) return $"it has {lines.Count} lines, and had {linesMin} at least.";
        return whole == text.Length ? null : Cut(whole);
    }

    private string? Cut(int length)
    {
        Change(FileMode.Open, file => file.SetLength(length));
        return null;
    }

    /// <summary>Changes the file and waits until that is on the disk.</summary>
    private void Change(FileMode mode, Action<FileStream> change) => AccountFiles.Use(path, () =>
    {
        using var file = new FileStream(path, Options(mode));
        change(file);
        file.Flush(flushToDisk: true);
        return true;
    });

    private bool TryTake(string line)
    {
        var last = line.LastIndexOf(' ');
        if (last < 0 || line[..last].Split(' ') is not [var number, var time, var kind]) return false;
        var expected = SealOf(line[..last]);
        if (!CryptographicOperations.FixedTimeEquals(Bytes(expected), Bytes(line[(last + 1)..]))) return false;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (number != $"{lines.Count + 1}"
            || !DateTimeOffset.TryParseExact(time, TimeForm, CultureInfo.InvariantCulture, utc, out var at))
            return false;
        Append(at, kind, expected);
        return true;
    }

    private void Append(DateTimeOffset at, string kind, string sealedWith)
    {
        lines.Add((at, kind));
        seal = sealedWith;
        Newest = kind != Unknown && Newest > at ? Newest : at;
    }

    private string SealOf(string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{account}\n{seal}\n{text}")));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open) options.UnixCreateMode = AccountFiles.OwnersFile;
        return options;
    }
}
