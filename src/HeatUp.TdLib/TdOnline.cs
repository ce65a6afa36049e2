using System.Collections.Concurrent;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>
/// The accounts' clients: one for each account at a time, since TDLib locks an account's folder, shared by all who use
/// the account in this process. It closes with its last use; after a look-up a little later, for others may follow.
/// Disposing it closes those that are open, all at once. Thread-safe.
/// </summary>
internal sealed class TdOnline(
    TdLibrary library, TdAccounts accounts, TdApplication application, Action<SessionId, Outcome> heard,
    TimeProvider clock) : IAsyncDisposable
{
    /// <summary>
    /// How long a client stays open that may be wanted again: shorter than TDLib waits for another process's folder.
    /// </summary>
    public static readonly TimeSpan LingersFor = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an account that is frozen at its opening may take to be told that it is no longer: what TDLib says
    /// first may be what it knew last.
    /// </summary>
    public static readonly TimeSpan ThawsWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long it is believed that an account can't be used: its owner may log in meanwhile.</summary>
    private static readonly TimeSpan FaultFor = TimeSpan.FromMinutes(1);

    private static readonly TelegramError Aborted = new(500, "Request aborted");

    private readonly ConcurrentDictionary<SessionId, Place> places = new();

    /// <summary>What was wrong with an account when it was last used, a moment ago; null if nothing was.</summary>
    public TelegramError? FaultOf(SessionId account) =>
        places.GetValueOrDefault(account) is { Fault: { } fault } place
        && clock.GetElapsedTime(place.FaultAt) < FaultFor
            ? fault
            : null;

    /// <summary>An account online or, if it can't be, why.</summary>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async ValueTask<(Use? Use, Outcome? Failure)> UseAsync(SessionId account, CancellationToken cancellation)
    {
        if (!accounts.Has(account)) return (null, new Outcome.AccountLost(TelegramError.LoggedOut));
        var place = places.GetOrAdd(account, _ => new Place(new AccountEar(account, heard, library.Log)));
        await place.Gate.WaitAsync(cancellation);
        try
        {
            if (await place.Ear.KeepAsync() is { } unkept) return (null, unkept);
            if (place.Current is { Client.State: AuthorizationState.Ready } open)
                return (Use.Of(this, place, open), null);
            if (KeyOf(out var fault) is not { } key) return (null, Ended(place, fault!));
            var client = library.Open();
            var error = await GoOnlineAsync(client, account, key, cancellation);
            place.Fault = error;
            if (error is not null) return (null, Ended(place, error));
            place.Current = new Shared(client);
            place.Ear.ListenTo(client, clock);
            return (Use.Of(this, place, place.Current), null);
        }
        finally
        {
            place.Gate.Release();
        }
    }

    /// <summary>As <see cref="TdLibTelegram.KeepHeardAsync"/>.</summary>
    public async ValueTask<Outcome?> KeepHeardAsync()
    {
        var kept = await Task.WhenAll(places.Values.Select(place => place.Ear.KeepAsync().AsTask()));
        return Array.Find(kept, one => one is Outcome.Refused);
    }

    private Outcome Ended(Place place, TelegramError error)
    {
        (place.Fault, place.FaultAt) = (error, clock.GetTimestamp());
        return error.ToOutcome(clock.GetUtcNow());
    }

    private byte[]? KeyOf(out TelegramError? fault)
    {
        try
        {
            fault = null;
            return accounts.Key();
        }
        catch (IOException problem)
        {
            fault = new TelegramError(500, problem.Message);
            return null;
        }
    }

    /// <summary>Closes the client unless it came online.</summary>
    private async ValueTask<TelegramError?> GoOnlineAsync(
        TdClient client, SessionId account, byte[] key, CancellationToken cancellation)
    {
        var isOnline = false;
        try
        {
            var error = await ConnectAsync(client, account, key, cancellation);
            isOnline = error is null;
            return error;
        }
        finally
        {
            if (!isOnline) await client.CloseAsync();
        }
    }

    /// <summary>
    /// That an account's folder remembers a login doesn't prove that it still lives: the servers must have said so.
    /// </summary>
    private async ValueTask<TelegramError?> ConnectAsync(
        TdClient client, SessionId account, byte[] key, CancellationToken cancellation)
    {
        using var watch = client.Watch();
        var start = new SetTdlibParameters(
            application.IsTest, accounts.FolderOf(account), key, application.ApiId, application.ApiHash);
        var started = await client.SendAsync(start, RunLimits.AnswerWithin, cancellation);
        if (!started.IsOk) return started.Error;
        if (client.State is not AuthorizationState.Ready) return TelegramError.LoggedOut;
        using var giveUp = new CancellationTokenSource(RunLimits.AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellation);
        try
        {
            var isConnected = false;
            await foreach (var update in watch.Updates.ReadAllAsync(either.Token))
            {
                if (client.State is not AuthorizationState.Ready) break;
                var connects = update is TdUpdate.OfConnection { State.Class: "connectionStateReady" };
                isConnected |= connects;
                if (isConnected && !client.IsFrozen) return null;
                if (connects) giveUp.CancelAfter(ThawsWithin);
            }
            return client.IsLoggedOut ? TelegramError.LoggedOut : Aborted;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return client.IsFrozen ? TelegramError.AccountFrozen : TelegramError.NoAnswer;
        }
    }

    /// <summary>
    /// Closes whatever is open, within <see cref="TdClient.CloseWithin"/> for all of it together, and keeps what was
    /// heard.
    /// </summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(places.Values.Select(CloseAsync));

    private static async Task CloseAsync(Place place)
    {
        // Whoever opens or closes it holds the gate for as long as that takes; closing waits for nobody.
        if (place.Current is { } open) await CloseAsync(place, open);
        else await place.Ear.KeepAsync();
    }

    private async Task EndUseAsync(Place place, Shared shared, bool lingers)
    {
        await place.Gate.WaitAsync(CancellationToken.None);
        try
        {
            if (--shared.Users > 0) return;
            if (!lingers || shared.Client.State is not AuthorizationState.Ready) await CloseAsync(place, shared);
            else shared.Idle = clock.CreateTimer(
                _ => _ = CloseIdleAsync(place, shared), null, LingersFor, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            place.Gate.Release();
        }
    }

    private static async Task CloseIdleAsync(Place place, Shared shared)
    {
        await place.Gate.WaitAsync(CancellationToken.None);
        try
        {
            if (shared.Users == 0) await CloseAsync(place, shared);
        }
        finally
        {
            place.Gate.Release();
        }
    }

    private static async ValueTask CloseAsync(Place place, Shared shared)
    {
        shared.Idle?.Dispose();
        if (ReferenceEquals(place.Current, shared)) place.Current = null;
        await shared.Client.CloseAsync();
        await place.Ear.KeepAsync();
    }

    /// <summary>One use of an account that is online. Disposing it ends the use.</summary>
    internal sealed class Use : IAsyncDisposable
    {
        private readonly TdOnline online;
        private readonly Place place;
        private readonly Shared shared;
        private int isOver;

        private Use(TdOnline online, Place place, Shared shared) =>
            (this.online, this.place, this.shared) = (online, place, shared);

        public TdClient Client => shared.Client;

        public static Use Of(TdOnline online, Place place, Shared shared)
        {
            shared.Users++;
            shared.Idle?.Dispose();
            return new Use(online, place, shared);
        }

        /// <summary>Ends the use; the client may be wanted again soon.</summary>
        public Task LingerAsync() => EndAsync(lingers: true);

        public async ValueTask DisposeAsync() => await EndAsync(lingers: false);

        private Task EndAsync(bool lingers) =>
            Interlocked.Exchange(ref isOver, 1) == 0 ? online.EndUseAsync(place, shared, lingers) : Task.CompletedTask;
    }

    /// <summary>An account's place: whoever opens or closes its client waits for others who do.</summary>
    internal sealed class Place(AccountEar ear)
    {
        public AccountEar Ear => ear;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public Shared? Current { get; set; }

        public TelegramError? Fault { get; set; }

        /// <summary>The clock's reading when it was met.</summary>
        public long FaultAt { get; set; }
    }

    /// <summary>A client that is online, with the number of its users.</summary>
    internal sealed class Shared(TdClient client)
    {
        public TdClient Client => client;

        public int Users { get; set; }

        public ITimer? Idle { get; set; }
    }
}
