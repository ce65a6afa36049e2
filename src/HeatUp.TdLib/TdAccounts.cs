using System.Security.Cryptography;
using HeatUp.Runs.Conduct;

namespace HeatUp.TdLib;

/// <summary>
/// Where the accounts of this installation lie: a folder for each, which only its owner may enter, and the key that
/// they are encrypted with. TDLib keeps a login, chats and read marks there.
/// </summary>
/// <param name="root">The folder of all accounts; made when it is first needed.</param>
/// <param name="key">The key, if the operator has set one; otherwise it is made once and kept in a file.</param>
public sealed class TdAccounts(string root, byte[]? key = null)
{
    /// <summary>The number of a key's bytes.</summary>
    public const int KeyLength = 32;

    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string root = Path.GetFullPath(root);

    /// <summary>The file of the key that nobody has set.</summary>
    public string KeyFile => Path.Combine(root, "database.key");

    /// <summary>The accounts that have a folder, by name: whether they are logged in is for TDLib to say.</summary>
    /// <exception cref="IOException">The folder of all accounts can't be read; it says why, and what to do.</exception>
    public IReadOnlyList<SessionId> List() => Use<SessionId[]>(root, () => !Directory.Exists(root) ? [] :
    [
        .. from folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)
           let name = Uri.UnescapeDataString(Path.GetFileName(folder))
           where SessionId.TryParse(name, out _, out _)
           select SessionId.Parse(name),
    ]);

    /// <summary>Whether the account has a folder.</summary>
    public bool Has(SessionId account) => Directory.Exists(FolderOf(account));

    /// <summary>An account's folder, whether it is there or not.</summary>
    public string FolderOf(SessionId account) => Path.Combine(root, Uri.EscapeDataString(account.Value));

    /// <summary>An account's folder, made if it was not there, for its owner only.</summary>
    /// <exception cref="IOException">It can't be made; it says why, and what to do.</exception>
    public string Make(SessionId account)
    {
        MakeFolder(root);
        var folder = FolderOf(account);
        MakeFolder(folder);
        return folder;
    }

    /// <summary>Deletes an account's folder with all that is in it; nothing if there is none.</summary>
    /// <exception cref="IOException">It can't be deleted; it says why, and what to do.</exception>
    public void Delete(SessionId account) => Use(FolderOf(account), () =>
    {
        if (Has(account)) Directory.Delete(FolderOf(account), recursive: true);
        return true;
    });

    /// <summary>The key; made and kept if there was none and no account needs one that is gone.</summary>
    /// <exception cref="IOException">The file can't be read or made, holds something else, or is gone: it says which,
    /// and what to do.</exception>
    public byte[] Key()
    {
        if (key is not null) return key;
        MakeFolder(root);
        if (!Use(root, () => File.Exists(KeyFile)))
        {
            if (Use(root, () => List().Where(HoldsSomething).Take(1).ToList()) is [var first])
                throw new IOException(Lost(first));
            if (AccountBook.IsIn(root)) throw new IOException(Lost(null));
            Use(KeyFile, MakeKey);
        }
        var kept = Use(KeyFile, () => File.ReadAllBytes(KeyFile));
        return kept.Length == KeyLength
            ? kept
            : throw new IOException($"{KeyFile} holds {kept.Length} bytes; a key has {KeyLength}. Put it back from a "
                + "backup; without it the accounts must be logged in anew.");
    }

    private bool HoldsSomething(SessionId account) => Directory.EnumerateFileSystemEntries(FolderOf(account)).Any();

    /// <summary>A new key would open nothing of what is there.</summary>
    private string Lost(SessionId? account)
    {
        var what = account is null ? "what the accounts did is sealed" : $"the account '{account}' is encrypted";
        return $"{KeyFile} is gone, and {what} with it. Put it back from a backup, or set TDLIB_DATABASE_KEY if the "
            + "accounts were logged in with that. If it is lost: end the session \"Heat Up\" in Telegram's app "
            + $"(Settings, Devices), move {root} away, and log in again.";
    }

    /// <summary>Whole or not at all: whoever comes second takes the key of the first.</summary>
    private bool MakeKey()
    {
        using var made = new WholeFile(KeyFile, $"{KeyFile}.{Environment.ProcessId}.new");
        made.Fill(RandomNumberGenerator.GetBytes(KeyLength), OwnersFile);
        try
        {
            made.Place(overwrite: false);
        }
        catch (IOException) when (File.Exists(KeyFile))
        {
            // That of the first is there.
        }
        return true;
    }

    private static void MakeFolder(string path) => Use(path, () => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, OwnersFolder));

    /// <summary>Does something with a file or a folder of the accounts.</summary>
    /// <exception cref="IOException">It can't be done; it says why, and what to do.</exception>
    internal static T Use<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} can't be used: {FileTrouble.Of(failure)} Mend that, then try again: "
                + "the user that runs heat must own it and the folder it lies in, and the disk must have room.",
                failure);
        }
    }
}
