using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs;
using HeatUp.TdLib;

namespace Heat.Accounts;

/// <summary>
/// The Telegram that this process works with: the embedded one, or the real one with the user's accounts.
/// </summary>
internal sealed class TelegramInUse : IAsyncDisposable
{
    private readonly LiveConduct? live;

    private TelegramInUse(ITelegram telegram) => Telegram = telegram;

    private TelegramInUse(LiveAccounts accounts, LiveConduct live) =>
        (Accounts, this.live, Telegram) = (accounts, live, live);

    /// <summary>Where sittings go, and who is asked about channels.</summary>
    public ITelegram Telegram { get; }

    /// <summary>The rules of conduct for real accounts, asked before a plan; null in the sandbox.</summary>
    public ISittingGate? Gate => live;

    /// <summary>The accounts of this installation; null in the sandbox, where every session is there already.</summary>
    public LiveAccounts? Accounts { get; }

    /// <summary><c>sandbox</c>, <c>test</c> or <c>live</c>.</summary>
    public string Kind => Accounts?.Mode ?? "sandbox";

    /// <summary>Why no sitting can run now; null if one can.</summary>
    public string? Trouble => Accounts?.Trouble ?? Telegram.Trouble;

    /// <summary>The Telegram that the settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="library">Loads TDLib; null for the usual way.</param>
    /// <param name="pool">The channels of the sandbox; asked for only there.</param>
    /// <param name="counts">What accounts did; asked for only where there are real ones.</param>
    /// <param name="lossElsewhere">How the sandbox's accounts were lost in other processes; null if nobody knows.
    /// </param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Told of TDLib.</param>
    /// <exception cref="TdLibraryException">TDLib is needed and can't be loaded.</exception>
    public static TelegramInUse Of(
        Settings settings, LibraryLoader? library, Func<ChannelPoolFile> pool, Func<IActionCounts> counts,
        Func<SessionId, CancellationToken, ValueTask<TelegramError?>>? lossElsewhere, TimeProvider clock,
        ILoggerFactory logs)
    {
        if (settings.Telegram is not { } telegram)
        {
            var listed = pool();
            return new(new SandboxTelegram(
                () => listed.Listed, clock, settings.Pace, settings.Seed, settings.SandboxFaults)
            {
                // Without faults no account is lost.
                LossElsewhere = settings.SandboxFaults.ToString().Length > 0 ? lossElsewhere : null,
            });
        }
        var accounts = new LiveAccounts(telegram, library ?? TdLibrary.Load, clock, logs);
        // Now: a library that is missing is said at the start, not in the first sitting, and before a file is made.
        _ = accounts.Library;
        return new(accounts, accounts.Telegram(counts()));
    }

    public async ValueTask DisposeAsync()
    {
        if (live is not null) await live.DisposeAsync();
    }
}
