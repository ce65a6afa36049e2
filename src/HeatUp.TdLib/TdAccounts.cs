using System.Security.Cryptography;

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
    public IReadOnlyList<SessionId> List() => !Directory.Exists(root) ? [] :
    [
        .. from folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)
           let name = Uri.UnescapeDataString(Path.GetFileName(folder))
           where SessionId.TryParse(name, out _, out _)
           select SessionId.Parse(name),
    ];

    /// <summary>Whether the account has a folder.</summary>
    public bool Has(SessionId account) => Directory.Exists(FolderOf(account));

    /// <summary>An account's folder, whether it is there or not.</summary>
    public string FolderOf(SessionId account) => Path.Combine(root, Uri.EscapeDataString(account.Value));

    /// <summary>An account's folder, made if it was not there, for its owner only.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public string Make(SessionId account)
    {
        MakeFolder(root);
        var folder = FolderOf(account);
        MakeFolder(folder);
        return folder;
    }

    /// <summary>
    /// Notes that an account here is this user of Telegram's, once and for all: logged out and in under another name, a
    /// user would have twice the ceilings. What is kept is sealed with the key and tells nobody who it is.
    /// </summary>
    /// <returns>The name under which the user is known already; null if it is this one.</returns>
    /// <exception cref="IOException">It can't be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public string? Claim(SessionId account, long user)
    {
        var seal = Convert.ToHexStringLower(HMACSHA256.HashData(Key(), BitConverter.GetBytes(user)));
        var file = Path.Combine(root, "owners");
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
        using var stream = new FileStream(file, options);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Split(' ') is [var known, var name] && known == seal)
                return name == account.Value ? null : name;
        using var writer = new StreamWriter(stream);
        writer.Write($"{seal} {account}\n");
        return null;
    }

    /// <summary>Deletes an account's folder with all that is in it; nothing if there is none.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public void Delete(SessionId account)
    {
        if (Has(account)) Directory.Delete(FolderOf(account), recursive: true);
    }

    /// <summary>The key; made and kept if there was none and no account needs one that is gone.</summary>
    /// <exception cref="IOException">The file can't be read or made, holds something else, or is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read or made.</exception>
    public byte[] Key()
    {
        if (key is not null) return key;
        MakeFolder(root);
        if (!File.Exists(KeyFile))
        {
            if (List().Where(HoldsSomething).Take(1).ToList() is [var first]) throw new IOException(Lost(first));
            MakeKey();
        }
        var kept = File.ReadAllBytes(KeyFile);
        return kept.Length == KeyLength
            ? kept
            : throw new IOException($"{KeyFile} holds {kept.Length} bytes; a key has {KeyLength}. Put it back from a "
                + "backup; without it the accounts must be logged in anew.");
    }

    private bool HoldsSomething(SessionId account) => Directory.EnumerateFileSystemEntries(FolderOf(account)).Any();

    /// <summary>A new key would open none of the folders that are there.</summary>
    private string Lost(SessionId account) =>
        $"{KeyFile} is gone, and the account '{account}' is encrypted with it. Put it back from a backup. If lost: "
        + $"end the session \"Heat Up\" in Telegram's app (Settings, Devices), delete {FolderOf(account)}, "
        + "and log in again.";

    /// <summary>Whole or not at all: whoever comes second takes the key of the first.</summary>
    private void MakeKey()
    {
        var made = $"{KeyFile}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersFile;
        using (var file = new FileStream(made, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyLength));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(made, KeyFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(KeyFile))
        {
            File.Delete(made);
        }
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnersFolder);
    }
}
