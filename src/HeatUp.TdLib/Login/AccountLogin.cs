using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib.Login;

/// <summary>
/// An account being logged in by its owner, or out. TDLib keeps each step in the account's folder, so a login that was
/// broken off goes on where it stood: for five minutes while it waits for a code or a scan, for a day at the password.
/// One caller, one call at a time.
/// </summary>
/// <param name="library">TDLib.</param>
/// <param name="accounts">Where the accounts lie.</param>
/// <param name="application">Who asks.</param>
/// <param name="account">The name that the account has here.</param>
/// <param name="clock">The time in which the wait for the next code is measured.</param>
public sealed class AccountLogin(
    TdLibrary library, TdAccounts accounts, TdApplication application, SessionId account, TimeProvider clock)
    : IAsyncDisposable
{
    /// <summary>How often a code, or a password, may be wrong before the login is broken off.</summary>
    public const int TriesMax = 3;

    /// <summary>How long an answer may take: TDLib sits out short flood waits in silence.</summary>
    public static readonly TimeSpan AnswerWithin = RunLimits.AnswerWithin;

    private static readonly LoginFault Unexpected =
        new(LoginNext.Stop, "The login has gone on elsewhere. Run the same command again.");

    private TdClient client = library.Open();
    private long stateSince = clock.GetTimestamp();
    private int tries;

    /// <summary>Where it stands now.</summary>
    public LoginState State => Remaining(LoginState.Of(client.State));

    /// <summary>Whether Telegram says that the account is frozen.</summary>
    public bool IsFrozen => client.IsFrozen;

    /// <summary>
    /// Opens the account's folder, and tells where the login stands in it. One that is over, but was not cleared away,
    /// is cleared away first.
    /// </summary>
    /// <exception cref="IOException">The folder or the key can't be made or read.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async ValueTask<LoginAnswer> StartAsync(CancellationToken cancellation)
    {
        var answer = await OpenAsync(cancellation);
        if (!IsOver || await ClosedAsync(cancellation) is not null) return answer;
        client = library.Open();
        return await OpenAsync(cancellation);
    }

    /// <summary>Goes on with what the owner entered.</summary>
    /// <exception cref="IOException">What came of it can't be noted in the account's folder.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped; what was entered may have arrived.
    /// </exception>
    public async ValueTask<LoginAnswer> EnterAsync(LoginEntry entry, CancellationToken cancellation)
    {
        if (!entry.Fits(State)) return Failed(Unexpected);
        if (entry is LoginEntry.Resend && WhyNotAgain() is { } why) return new(State, new(LoginNext.Again, why));
        // From a QR code there is no other way on than a client without one.
        if (State is LoginState.NeedsScan && await ForgetScanAsync(cancellation) is { } failed) return failed;
        var before = client.State;
        var answer = await client.SendAsync(entry.Request, AnswerWithin, cancellation);
        if (!answer.IsOk) return Failed(Counted(entry, LoginFault.Of(answer.Error)));
        if (client.State != before || entry is LoginEntry.Resend or LoginEntry.Phone)
            (stateSince, tries) = (clock.GetTimestamp(), entry is LoginEntry.Resend or LoginEntry.Phone ? tries : 0);
        return NoteState();
    }

    /// <summary>
    /// Waits until the QR code that is shown was scanned or has a successor; the state is the same if neither came.
    /// </summary>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async ValueTask<LoginState> ScannedAsync(TimeSpan within, CancellationToken cancellation)
    {
        var shown = client.State;
        await client.StateAsync(state => state != shown, within, cancellation);
        return NoteState().State;
    }

    /// <summary>Whose account it is; null if TDLib doesn't say.</summary>
    public async ValueTask<User?> OwnerAsync(CancellationToken cancellation) =>
        (await client.SendAsync(new GetMe(), AnswerWithin, cancellation)).Reply;

    /// <summary>The channels with names that the account follows; or why Telegram doesn't say.</summary>
    public async ValueTask<Followed> FollowedAsync(CancellationToken cancellation)
    {
        try
        {
            return new(await new TdTalk(client).FollowedAsync(cancellation), null);
        }
        catch (TdRefusal refusal)
        {
            return new(null, refusal.Error.ToOutcome(clock.GetUtcNow()));
        }
    }

    /// <summary>
    /// Ends the login at Telegram and empties the account's folder. It needs the network if the account is logged in.
    /// </summary>
    /// <returns>Why it has not ended; null if it has.</returns>
    public async ValueTask<LoginFault?> LogOutAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(new LogOut(), AnswerWithin, cancellation);
        return !answer.IsOk && !IsOver ? LoginFault.Of(answer.Error) : await ClosedAsync(cancellation);
    }

    /// <summary>Lets go of the folder. The login stays where it stands.</summary>
    public async ValueTask DisposeAsync() => await client.CloseAsync();

    /// <summary>The time until a code may be sent again runs on while nobody asks.</summary>
    private LoginState Remaining(LoginState state) => state is LoginState.NeedsCode { ResendIn: { } resendIn } code
        ? code with { ResendIn = Max(TimeSpan.Zero, resendIn - clock.GetElapsedTime(stateSince)) }
        : state;

    /// <summary>Whether the login has ended: TDLib empties the folder, and closes.</summary>
    private bool IsOver =>
        client.State is AuthorizationState.LoggingOut or AuthorizationState.Closing or AuthorizationState.Closed;

    private async ValueTask<LoginAnswer> OpenAsync(CancellationToken cancellation)
    {
        var key = accounts.Key();
        var folder = accounts.Make(account);
        var start = new SetTdlibParameters(application.IsTest, folder, key, application.ApiId, application.ApiHash);
        var answer = await client.SendAsync(start, AnswerWithin, cancellation);
        stateSince = clock.GetTimestamp();
        return answer.IsOk ? NoteState() : Failed(LoginFault.Of(answer.Error));
    }

    /// <summary>Waits until TDLib has let go of the folder. Answers why it hasn't; null if it has.</summary>
    private async ValueTask<LoginFault?> ClosedAsync(CancellationToken cancellation) =>
        await client.StateAsync(state => state is AuthorizationState.Closed, AnswerWithin, cancellation) is null
            ? LoginFault.Of(TelegramError.NoAnswer)
            : null;

    private string? WhyNotAgain() => State switch
    {
        LoginState.NeedsCode { ResendIn: null } => "Telegram can't send the code in another way.",
        LoginState.NeedsCode { ResendIn: { } wait } when wait > TimeSpan.Zero =>
            $"The code may be sent again in {LoginFault.Span(wait)}.",
        _ => null,
    };

    /// <summary>What is wrong too often ends the login here, before Telegram takes offence.</summary>
    private LoginFault Counted(LoginEntry entry, LoginFault fault)
    {
        var isGuess = entry is LoginEntry.Code or LoginEntry.EmailCode or LoginEntry.Password;
        if (!isGuess || fault.Next != LoginNext.Again) return fault;
        tries++;
        return tries < TriesMax
            ? fault
            : fault with
            {
                Next = LoginNext.Stop,
                Sentence = $"{fault.Sentence} It was wrong {tries} times. Look it up calmly and run the same command "
                    + "again; after some time Telegram sends a new one if it is asked.",
            };
    }

    private async ValueTask<LoginAnswer?> ForgetScanAsync(CancellationToken cancellation)
    {
        if (await LogOutAsync(cancellation) is { } fault) return Failed(fault);
        client = library.Open();
        var started = await StartAsync(cancellation);
        return started.Fault is null ? null : started;
    }

    /// <summary>Whoever asks where the login stands finds it in the folder.</summary>
    private LoginAnswer NoteState()
    {
        new LoginNote($"{client.State}", clock.GetUtcNow()).Write(accounts.FolderOf(account));
        return new(State);
    }

    private LoginAnswer Failed(LoginFault fault) => new(State, fault);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
