using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Runs.Conduct;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>Two accounts under the rules of conduct, through TDLib's JSON boundary.</summary>
public abstract class ConductOverPeer : IDisposable
{
    protected static readonly SessionId Alice = SessionId.Parse("alice");
    protected static readonly SessionId Bob = SessionId.Parse("bob");
    protected static readonly ChannelName Durov = ChannelName.Parse("@durov");
    protected static readonly ChannelName Second = ChannelName.Parse("@pavel_durov");
    protected static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    private protected readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private protected readonly TempFolder folder = new();
    private protected readonly PeerOwner aliceOwner = new("+15550001122") { Id = 1 };
    private protected readonly PeerOwner bobOwner = new("+15550003344") { Id = 2 };
    private readonly List<string> faults = [];
    private protected readonly TdAccounts folders;
    private protected readonly AccountBook book;
    private protected readonly ScriptedPeer peer;
    private protected readonly TdLibrary library;
    private protected readonly IAccountTelegram accounts;
    private protected readonly LiveConduct telegram;

    protected ConductOverPeer()
    {
        var sandbox = new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), SandboxFaults.None);
        peer = new ScriptedPeer(clock, sandbox) { Heard = json => faults.AddRange(TdFields.FaultsOf(json)) };
        folders = new TdAccounts(folder.File("accounts"));
        book = new AccountBook(folder.File("accounts"), folders.Key, clock);
        library = peer.Library(NullLogger.Instance);
        accounts = new TdLibTelegram(
            library, folders, new TdApplication(17, "hash", IsTest: false), book.Heard, clock);
        telegram = new LiveConduct(accounts, book, new MemorySessionStore(), clock);
        LogIn(Alice, aliceOwner);
        LogIn(Bob, bobOwner);
        book.Add(Alice).ShouldBeNull();
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        folder.Dispose();
        faults.ShouldBeEmpty("what the peer says must have the fields of TDLib's");
    }

    private void LogIn(SessionId account, PeerOwner owner) => peer.LogIn(folders.Make(account), folders.Key(), 17, "hash", owner);

    private protected async Task<ITelegramSession> GoOnlineAsync(SessionId account) =>
        (await RunAsync(telegram.ConnectAsync(account, [], default, Cancellation))).Session.ShouldNotBeNull();

    /// <summary>The book is written in a time that isn't the test's: that is waited for with the test's standing still.
    /// </summary>
    private protected async Task KeepAsync() => (await accounts.KeepHeardAsync()).ShouldBeNull();

    protected Task<T> RunAsync<T>(ValueTask<T> call) => clock.RunAsync(call);
}
