using HeatUp;
using HeatUp.TdLib;
using HeatUp.TdLib.Login;

namespace Heat;

/// <summary>Loads TDLib from a path, or from the usual places.</summary>
internal delegate TdLibrary LibraryLoader(string? path, TimeProvider clock, ILogger log);

/// <summary>
/// The accounts of this installation, beside its database: those of the test servers in a folder of their own. Making
/// one touches nothing; TDLib is loaded with the first login or sitting.
/// </summary>
internal sealed class LiveAccounts(
    TelegramSettings settings, string databasePath, LibraryLoader load, TimeProvider clock, ILoggerFactory logs)
{
    private readonly Lazy<TdLibrary> library =
        new(() => load(settings.LibraryPath, clock, logs.CreateLogger("HeatUp.TdLib")));

    /// <summary>The folder of all accounts.</summary>
    public string Folder { get; } = FolderOf(settings, databasePath);

    public TdAccounts Folders { get; } = new(FolderOf(settings, databasePath), KeyOf(settings));

    public TdApplication Application { get; } = new(settings.ApiId, settings.ApiHash.Reveal(), settings.IsTest);

    /// <exception cref="TdLibraryException">It isn't there or can't be loaded.</exception>
    public TdLibrary Library => library.Value;

    /// <summary>A login, or logout, of an account. Nothing happens before it is started.</summary>
    /// <exception cref="TdLibraryException">TDLib can't be loaded.</exception>
    public AccountLogin Login(SessionId account) => new(Library, Folders, Application, account, clock);

    private static string FolderOf(TelegramSettings settings, string databasePath) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(databasePath))!, "accounts", settings.Mode);

    private static byte[]? KeyOf(TelegramSettings settings) =>
        settings.DatabaseKey is { } key && TelegramRules.TryReadKey(key.Reveal(), out var bytes) ? bytes : null;
}
