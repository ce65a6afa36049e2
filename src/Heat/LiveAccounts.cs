using System.Diagnostics.CodeAnalysis;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.TdLib;
using HeatUp.TdLib.Login;

namespace Heat;

/// <summary>Loads TDLib from a path, or from the usual places.</summary>
internal delegate TdLibrary LibraryLoader(string? path, TimeProvider clock, ILogger log);

/// <summary>
/// The accounts of this installation, beside its database: those of the test servers in a folder of their own. Making
/// one touches nothing; TDLib is loaded with the first login or sitting. What refuses says so in a sentence; null is
/// done.
/// </summary>
internal sealed class LiveAccounts(
    TelegramSettings settings, string databasePath, LibraryLoader load, TimeProvider clock, ILoggerFactory logs)
{
    public const string NobodyThere =
        "No account is logged in. 'heat account login NAME' logs one in, under a name of your choice.";

    private readonly Lazy<TdLibrary> library =
        new(() => load(settings.LibraryPath, clock, logs.CreateLogger("HeatUp.TdLib")));

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public string Mode => settings.Mode;

    /// <summary>The folder of all accounts.</summary>
    public string Folder { get; } = FolderOf(settings, databasePath);

    public TdAccounts Folders { get; } = new(FolderOf(settings, databasePath), KeyOf(settings));

    /// <exception cref="TdLibraryException">It isn't there or can't be loaded.</exception>
    public TdLibrary Library => library.Value;

    /// <summary>A login, or logout, of an account. Nothing happens before it is started.</summary>
    /// <exception cref="TdLibraryException">TDLib can't be loaded.</exception>
    public AccountLogin Login(SessionId account) =>
        new(Library, Folders, new TdApplication(settings.ApiId, settings.ApiHash.Reveal(), settings.IsTest), account, clock);

    public const int Max = AccountBook.Max;

    private AccountBook Book => new(Folder);

    /// <summary>Why no sitting can run now; null if one can.</summary>
    public string? Trouble => Book.Read().Count == 0 ? NobodyThere : null;

    public IReadOnlyList<(string Name, DateTimeOffset AddedAt, IReadOnlyList<string> Allowed, string? Stopped)> List() =>
        [.. Book.Read().Select(one => (one.Key, one.Value.AddedAt, (IReadOnlyList<string>)one.Value.Allowed, one.Value.Stopped))];

    /// <summary>Why there is no such account, and how to log in; null if it is there.</summary>
    public string? WhyNot(SessionId account)
    {
        var all = Book.Read();
        if (all.ContainsKey(account.Value)) return null;
        return all.Count == 0
            ? NobodyThere
            : $"'{account}' is no account here; there is {string.Join(", ", all.Keys)}. "
                + "'heat account login NAME' logs another in.";
    }

    /// <summary>Why this account can't be logged in beside those that are.</summary>
    public string? WhyNotAnother(SessionId account) => Book.Read() is var all
        && !all.ContainsKey(account.Value) && all.Count >= Max ? $"There are {Max} accounts already." : null;

    /// <summary>Keeps an account that is logged in.</summary>
    public string? Keep(SessionId account, long? user)
    {
        var all = Book.Read();
        if (!all.ContainsKey(account.Value)) all.Add(account.Value, new(clock.GetUtcNow(), user, [], null));
        Book.Write(all);
        return null;
    }

    public void Remove(SessionId account)
    {
        var all = Book.Read();
        all.Remove(account.Value);
        Book.Write(all);
    }

    public string? Allow(SessionId account, IReadOnlyList<ChannelName> channels)
    {
        var all = Book.Read();
        all[account.Value].Allowed.AddRange(channels.Select(channel => channel.Value));
        Book.Write(all);
        return null;
    }

    public string? Disallow(SessionId account, IReadOnlyList<ChannelName> channels)
    {
        var all = Book.Read();
        all[account.Value].Allowed.RemoveAll(one => channels.Any(channel => channel.Value == one));
        Book.Write(all);
        return null;
    }

    public IReadOnlyList<string> AllowedTo(SessionId account) => Book.Read()[account.Value].Allowed;

    public bool Resume(SessionId account) => Book.Read()[account.Value].Stopped is not null;

    public ITelegram Telegram(ISessionStore store, TimeProvider clock) =>
        throw new InvalidOperationException(Folder);

    public static bool TryParseName(string text, out SessionId name, [NotNullWhen(false)] out string? problem) =>
        SessionId.TryParse(text, out name, out problem);

    private static string FolderOf(TelegramSettings settings, string databasePath) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(databasePath))!, "accounts", settings.Mode);

    private static byte[]? KeyOf(TelegramSettings settings) =>
        settings.DatabaseKey is { } key && TelegramRules.TryReadKey(key.Reveal(), out var bytes) ? bytes : null;
}
