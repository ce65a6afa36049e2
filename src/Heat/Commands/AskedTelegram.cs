using Heat.Accounts;
using Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.TdLib;
using Microsoft.Extensions.Logging.Abstractions;

namespace Heat.Commands;

/// <summary>Telegram for commands that ask it about channels, and need nothing else of the engine.</summary>
internal sealed class AskedTelegram : IAsyncDisposable
{
    private readonly SqliteSessionStore? store;

    private AskedTelegram(ITelegram telegram, SqliteSessionStore? store) => (Telegram, this.store) = (telegram, store);

    public ITelegram Telegram { get; }

    /// <exception cref="HeatUp.Sessions.StoreException">Real accounts are asked, and the database can't be
    /// opened.</exception>
    /// <exception cref="TdLibraryException">Real accounts are asked, and TDLib can't be loaded.</exception>
    public static async Task<AskedTelegram> OpenAsync(
        Settings settings, ChannelPoolFile pool, LibraryLoader library, TimeProvider clock)
    {
        var accounts = Engine.AccountsOf(settings, library, clock, NullLoggerFactory.Instance);
        if (accounts is null) return new(Engine.SandboxOf(settings, pool, clock), null);
        // What real accounts do is counted, so that asking them needs the history too.
        var store = await Store.OpenAsync(settings);
        return new(accounts.Telegram(store), store);
    }

    public async ValueTask DisposeAsync()
    {
        if (Telegram is IAsyncDisposable live) await live.DisposeAsync();
        if (store is not null) await store.DisposeAsync();
    }
}
