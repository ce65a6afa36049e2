using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The file of an <see cref="AccountBook"/> and what lies beside it: one reader or writer at a time, over processes; a
/// new file stands whole on the disk before it takes the old one's place.
/// </summary>
internal sealed class AccountBookFile(string folder, Func<byte[]> secret)
{
    private const int BytesMax = 4 * 1024 * 1024;
    private const int KeyLengthMin = 16;

    /// <summary>Lies in the folder of a login whose account is in the book: a book that is gone is missed.</summary>
    private const string KeptMark = "kept";

    /// <summary>Its seal tells keys apart, so that a wrong one isn't taken for an edit.</summary>
    private const string WhichKey = "which key";

    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock gate = new();
    private readonly string path = Path.Combine(folder, AccountBook.FileName);

    public IReadOnlyList<Account> Read() => Change(book => book);

    /// <summary>Reads, changes and, if anything is new, writes the book.</summary>
    public T Change<T>(Func<List<Account>, T> change)
    {
        lock (gate)
        {
            AccountFiles.MakeFolder(folder);
            using var turn = Lock();
            var key = Key();
            var book = Load(key);
            var before = TextOf(book);
            var answer = change(book);
            book.Sort((left, right) => string.CompareOrdinal(left.Name.Value, right.Name.Value));
            if (TextOf(book) != before)
            {
                Write(book, key);
                MarkLogins(book);
            }
            return answer;
        }
    }

    /// <summary>An account's ledger as it is now.</summary>
    public AccountLedger LedgerOf(Account account) =>
        AccountLedger.Open(Beside(account.Name, "ledger"), account.Name, Key(), account.Lines);

    /// <summary>Takes an account; null if somebody has it.</summary>
    public IDisposable? Take(SessionId name)
    {
        AccountFiles.MakeFolder(folder);
        return TryTake(Beside(name, "sitting.lock"));
    }

    /// <summary>What stands for a user of Telegram in the book: without the key it tells nobody who it is.</summary>
    public string SealOf(long user) => SealOf($"user {user.ToString(CultureInfo.InvariantCulture)}", Key());

    private string LoginOf(SessionId name) => Path.Combine(folder, Uri.EscapeDataString(name.Value));

    private string Beside(SessionId name, string what) => $"{LoginOf(name)}.{what}";

    private byte[] Key()
    {
        var given = secret();
        if (given.Length < KeyLengthMin)
            throw new IOException($"The accounts' key has {given.Length} bytes; it needs at least {KeyLengthMin}.");
        return HMACSHA256.HashData(given, "heat-up accounts"u8);
    }

    private List<Account> Load(byte[] key)
    {
        var read = SmallFile.Read(path, BytesMax);
        if (read.Fault == SmallFile.Missing)
            // Whoever removes the book doesn't begin anew with what its accounts have used up.
            return AccountFiles.Use(folder, WasKept)
                ? throw Broken(read.Fault)
                : [];
        if (read.IsUnreadable) throw AccountFiles.Unusable(path, read.Fault!);
        if (read.Fault is not null) throw Broken(read.Fault);
        try
        {
            var json = JsonNode.Parse(read.Bytes.Span)!.AsObject();
            var accounts = json["accounts"]!.AsArray();
            if ((string?)json["key"] is { } its && its != SealOf(WhichKey, key)) throw OtherKey();
            if ((string?)json["seal"] != SealOf(accounts.ToJsonString(), key))
                throw Broken("it was changed.");
            return [.. accounts.Select(account => AccountJson.Read(account!))];
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException
            or NullReferenceException)
        {
            throw Broken("it is no such file.");
        }
    }

    private void Write(List<Account> book, byte[] key)
    {
        var accounts = AccountJson.Write(book);
        var json = new JsonObject
        {
            ["key"] = SealOf(WhichKey, key), ["seal"] = SealOf(accounts.ToJsonString(), key), ["accounts"] = accounts,
        };
        AccountFiles.Use(path, () =>
        {
            SmallFile.Replace(path, json.ToJsonString(Indented) + "\n", mode: AccountFiles.OwnersFile);
            return true;
        });
    }

    /// <summary>
    /// A login that was only begun is no account yet; one that was finished is one for as long as it lies here.
    /// </summary>
    private void MarkLogins(List<Account> book)
    {
        foreach (var account in book.Where(account => account.RemovedAt is null))
        {
            var login = LoginOf(account.Name);
            var mark = Path.Combine(login, KeptMark);
            AccountFiles.Use(mark, () =>
            {
                if (Directory.Exists(login) && !File.Exists(mark)) File.WriteAllBytes(mark, []);
                return true;
            });
        }
    }

    private bool WasKept() => Directory.EnumerateFiles(folder, "*.ledger").Any()
        || Directory.EnumerateDirectories(folder).Any(login => File.Exists(Path.Combine(login, KeptMark)));

    private static string TextOf(List<Account> book) => AccountJson.Write(book).ToJsonString();

    private static string SealOf(string text, byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private IOException Broken(string fault) => new(
        $"The accounts' file {path} can't be believed: {fault} No account does anything until it is put back from a "
        + $"backup; or move the whole folder {folder} away and log the accounts in anew.");

    private IOException OtherKey() => new(
        $"The accounts in {folder} are sealed with another key than the one that is given now, so that no account does "
        + "anything. If TDLIB_DATABASE_KEY is set, set it to the key that the accounts were logged in with, or take it "
        + "away if they were logged in without; otherwise put database.key back from a backup.");

    private FileLock Lock()
    {
        var lockPath = Path.Combine(folder, "accounts.lock");
        // The others hold it for the time of a small write.
        for (var tries = 0; ; tries++)
        {
            if (TryTake(lockPath) is { } turn) return turn;
            if (tries >= LockWithin / Between)
                throw new IOException($"{lockPath} is held by another process for {LockWithin.TotalSeconds} seconds, "
                    + "and no account does anything meanwhile. Look which 'heat' hangs, and end it.");
            lock (pause) Monitor.Wait(pause, Between);
        }
    }

    private static FileLock? TryTake(string path) =>
        AccountFiles.Use(path, () => FileLock.TryTake(path, isPrivate: true));

    // Nobody pulses it: a short pause of this thread, for processes that no clock of ours knows.
    private readonly object pause = new();
}
