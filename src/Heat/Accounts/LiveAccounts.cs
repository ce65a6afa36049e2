using System.Diagnostics.CodeAnalysis;
using Heat.Configuration;
using Heat.Reports;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib;
using HeatUp.TdLib.Login;

namespace Heat.Accounts;

/// <summary>Loads TDLib from a path, or from the usual places.</summary>
internal delegate TdLibrary LibraryLoader(string? path, TimeProvider clock, ILogger log);

/// <summary>
/// The accounts of this machine's user, those of the test servers in a folder of their own. Making one touches nothing;
/// TDLib is loaded when it is first needed. Whatever may not be says so in a sentence.
/// </summary>
internal sealed class LiveAccounts
{
    public const string NobodyThere =
        "No account is logged in. 'heat account login NAME' logs one in, under a name of your choice.";

    public const string NobodyYet = "No account is logged in yet.";

    private readonly TimeProvider clock;
    private readonly TdApplication application;
    private readonly Lazy<TdLibrary> library;

    public LiveAccounts(TelegramSettings settings, LibraryLoader load, TimeProvider clock, ILoggerFactory logs)
    {
        this.clock = clock;
        Mode = settings.Mode;
        Folder = Path.Combine(settings.AccountsFolder, Mode);
        Folders = new TdAccounts(Folder, KeyOf(settings));
        Book = new AccountBook(Folder, Folders.Key, clock);
        application = new TdApplication(settings.ApiId, settings.ApiHash.Reveal(), settings.IsTest);
        library = new(() => load(settings.LibraryPath, clock, logs.CreateLogger("HeatUp.TdLib")));
    }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public string Mode { get; }

    /// <summary>The folder of all accounts.</summary>
    public string Folder { get; }

    /// <summary>Where each account's login lies.</summary>
    public TdAccounts Folders { get; }

    /// <summary>The time by which they wait.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Which accounts there are, and what each may.</summary>
    public AccountBook Book { get; }

    /// <exception cref="TdLibraryException">It isn't there or can't be loaded.</exception>
    public TdLibrary Library => library.Value;

    /// <summary>Why no sitting can run now; null if one can.</summary>
    public string? Trouble
    {
        get
        {
            try
            {
                var all = Book.List();
                if (all.Count == 0) return WhyNobody();
                return all.All(account => account.Ended is not null) ? HeldBack(all) : null;
            }
            catch (IOException failure)
            {
                return FileTrouble.Of(failure);
            }
        }
    }

    /// <summary>Which accounts do nothing now, and what somebody must do, or until when; null if none.</summary>
    public string? Notice
    {
        get
        {
            try
            {
                return HeldBack(Book.List());
            }
            catch (IOException failure)
            {
                return FileTrouble.Of(failure);
            }
        }
    }

    /// <summary>A name for an account, or what is wrong with it.</summary>
    public static bool TryParseName(string text, out SessionId name, [NotNullWhen(false)] out string? problem)
    {
        if (SessionId.TryParse(text, out name, out problem)) problem = Account.ProblemOf(name);
        return problem is null;
    }

    /// <summary>A login, or logout, of an account. Nothing happens before it is started.</summary>
    /// <exception cref="TdLibraryException">TDLib can't be loaded.</exception>
    public AccountLogin Login(SessionId account) => new(Library, Folders, application, account, clock);

    /// <summary>The real Telegram for sittings, under the rules of conduct.</summary>
    /// <exception cref="TdLibraryException">TDLib can't be loaded.</exception>
    public LiveConduct Telegram(IActionCounts counts) =>
        LiveTelegram.Open(Library, Folders, application, Book, counts, clock);

    /// <summary>Why a session is no account here, and how to log in; null if it is one.</summary>
    public string? WhyNot(SessionId account)
    {
        var all = Book.List();
        if (all.Any(one => one.Name == account)) return null;
        if (Begun().FirstOrDefault(one => one.Name == account) is { } begun) return begun.Sentence;
        return all.Count == 0
            ? WhyNobody()
            : $"There is no account '{account}' here; there is {string.Join(", ", all.Select(one => one.Name))}. "
                + "'heat account login NAME' logs another in.";
    }

    /// <summary>Why an account may not be logged in beside those that are; null if it may.</summary>
    public string? WhyNotAnother(SessionId account) =>
        WhyNot(account) is not null && Book.List().Count >= ConductLimits.AccountsMax
            ? $"There are {ConductLimits.AccountsMax} accounts here, and no more are allowed. Log one out first."
            : null;

    /// <summary>Keeps an account that is logged in; answers why it may not be kept.</summary>
    /// <param name="account">Its name here.</param>
    /// <param name="user">Who it is at Telegram; null if that isn't known.</param>
    public string? Keep(SessionId account, long? user)
    {
        if (user is null) return "Telegram does not say whose account this is, so it is not kept. Log in once more.";
        return Book.Add(account, user.Value);
    }

    /// <summary>The logins that were begun and not finished, and where each stands.</summary>
    public IReadOnlyList<BegunLogin> Begun()
    {
        var finished = Book.List().Select(account => account.Name).ToHashSet();
        return
        [
            .. from name in Folders.List()
               where !finished.Contains(name)
               select new BegunLogin(name, LoginNote.In(Folders.FolderOf(name), clock.GetUtcNow())),
        ];
    }

    private string? HeldBack(IReadOnlyList<Account> accounts)
    {
        var all = accounts.Select(HeldBack).OfType<string>().ToList();
        return all.Count == 0 ? null : string.Join(' ', all);
    }

    /// <summary>What the owner of a stopped account does, as a sentence.</summary>
    public static string AfterStop(string name) =>
        $"Look at it in Telegram's own app, then: heat account resume {name}";

    private string? HeldBack(Account account) =>
        account.Stopped is { } stop
            ? $"'{account.Name}' is stopped: {stop.Reason} {AfterStop(account.Name.Value)}"
        : account.Ended is { } end ? $"'{account.Name}' is logged out: {end.Reason} {end.Remedy(account.Name)}"
        : account.WaitUntil is { } until && until > Now
            ? $"'{account.Name}' waits until {Figures.Time(until)}, as Telegram asked: "
                + "it goes on by itself."
        : null;

    private string WhyNobody() => Begun() is { Count: > 0 } begun
        ? $"{NobodyYet} {string.Join(' ', begun.Select(one => one.Sentence))}"
        : NobodyThere;

    private static byte[]? KeyOf(TelegramSettings settings) =>
        settings.DatabaseKey is { } key && TelegramRules.TryReadKey(key.Reveal(), out var bytes) ? bytes : null;
}
