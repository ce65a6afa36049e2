using System.Text.Json;

namespace HeatUp.Testing.Peer;

/// <summary>
/// What an account's folder remembers of its login, in a file: another client, or another process, goes on there.
/// </summary>
internal sealed record PeerFolder(
    string Key, int ApiId, string ApiHash, string State, string Phone, DateTimeOffset Since, string Link = "",
    bool IsResent = false)
{
    public const string Start = "WaitPhoneNumber";
    public const string Ready = "Ready";
    private const string FileName = "td.binlog";

    private static readonly TimeSpan CodesFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PasswordsFor = TimeSpan.FromHours(24);

    public static string FileIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>What the folder holds; null if nothing.</summary>
    public static PeerFolder? Read(string folder) => File.Exists(FileIn(folder))
        ? JsonSerializer.Deserialize<PeerFolder>(File.ReadAllBytes(FileIn(folder)))
        : null;

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(FileIn(folder), JsonSerializer.SerializeToUtf8Bytes(this));
    }

    /// <summary>Takes a folder for a client; null if another process has it.</summary>
    public static IDisposable? Lock(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static void Empty(string folder) => File.Delete(FileIn(folder));

    /// <summary>Where a login goes on that another client left; from the start if too late, or for other software.
    /// </summary>
    public PeerFolder GoOn(int apiId, string apiHash, DateTimeOffset now)
    {
        if (State == Ready) return this;
        var bears = State is "WaitPassword" or "WaitRegistration" or "WaitPremiumPurchase" ? PasswordsFor : CodesFor;
        var goesOn = now - Since <= bears && (apiId, apiHash) == (ApiId, ApiHash);
        return goesOn ? this : this with { State = Start, Phone = "", ApiId = apiId, ApiHash = apiHash };
    }
}
