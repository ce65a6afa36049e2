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
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock gate = new();
    private readonly string path = Path.Combine(folder, "accounts.json");

    public IReadOnlyList<Account> Read() => Change(book => book);

    /// <summary>Reads, changes and, if anything is new, writes the book.</summary>
    public T Change<T>(Func<List<Account>, T> change)
    {
        lock (gate)
        {
            MakeFolder();
            using var turn = Lock();
            var key = Key();
            var book = Load(key);
            var before = TextOf(book);
            var answer = change(book);
            book.Sort((left, right) => string.CompareOrdinal(left.Name.Value, right.Name.Value));
            if (TextOf(book) != before) Write(book, key);
            return answer;
        }
    }

    /// <summary>An account's ledger as it is now.</summary>
    public AccountLedger LedgerOf(Account account) =>
        AccountLedger.Open(Beside(account.Name, "ledger"), account.Name, Key(), account.Lines);

    /// <summary>Takes an account; null if somebody has it.</summary>
    public IDisposable? Take(SessionId name)
    {
        MakeFolder();
        try
        {
            return OpenAlone(Beside(name, "sitting.lock"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string Beside(SessionId name, string what) =>
        Path.Combine(folder, $"{Uri.EscapeDataString(name.Value)}.{what}");

    private byte[] Key()
    {
        var given = secret();
        if (given.Length < KeyLengthMin)
            throw new IOException($"The accounts' key has {given.Length} bytes; it needs at least {KeyLengthMin}.");
        return HMACSHA256.HashData(given, "heat-up accounts"u8);
    }

    private List<Account> Load(byte[] key)
    {
        var (bytes, fault) = SmallFile.Read(path, BytesMax);
        if (fault == SmallFile.Missing)
            // Whoever removes the book doesn't begin anew with what its accounts have used up.
            return Directory.EnumerateFiles(folder, "*.ledger").Any() ? throw Broken(fault) : [];
        if (fault is not null) throw Broken(fault);
        try
        {
            var json = JsonNode.Parse(bytes.Span)!.AsObject();
            var accounts = json["accounts"]!.AsArray();
            if ((string?)json["seal"] != SealOf(accounts.ToJsonString(), key))
                throw Broken("it was changed, or the key is another one.");
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
        var json = new JsonObject { ["seal"] = SealOf(accounts.ToJsonString(), key), ["accounts"] = accounts };
        try
        {
            SmallFile.Replace(path, json.ToJsonString(Indented) + "\n", mode: OwnersFile);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"The accounts' file {path} can't be written: {failure.Message}", failure);
        }
    }

    private static string TextOf(List<Account> book) => AccountJson.Write(book).ToJsonString();

    private static string SealOf(string text, byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private IOException Broken(string fault) => new(
        $"The accounts' file {path} can't be believed: {fault} No account does anything until it is put back from a "
        + $"backup; or move the whole folder {folder} away and log the accounts in anew.");

    private void MakeFolder()
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnersFolder);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"The accounts' folder {folder} can't be made: {failure.Message}", failure);
        }
    }

    private FileStream Lock()
    {
        var lockPath = Path.Combine(folder, "accounts.lock");
        // The others hold it for the time of a small write.
        for (var tries = 0; ; tries++)
        {
            try
            {
                return OpenAlone(lockPath);
            }
            catch (UnauthorizedAccessException failure)
            {
                throw new IOException($"The accounts' folder {folder} can't be used: {failure.Message}", failure);
            }
            catch (IOException) when (tries < LockWithin / Between)
            {
                lock (pause) Monitor.Wait(pause, Between);
            }
        }
    }

    private static FileStream OpenAlone(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
        return new FileStream(path, options);
    }

    // Nobody pulses it: a short pause of this thread, for processes that no clock of ours knows.
    private readonly object pause = new();
}
