using HeatUp.Channels;
using HeatUp.Primitives;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The accounts of one installation: at most <see cref="ConductLimits.AccountsMax"/>, what each may join, why it is
/// stopped, and what it did. Kept in a database that only its owner may read, sealed so that a change made past this
/// class is found. Thread-safe, over processes too. Whatever can't be read, believed or written is an
/// <see cref="IOException"/> that says what to do; then nothing may be done.
/// </summary>
public sealed class AccountBook
{
    /// <summary>The name of the database, in the folder of all accounts.</summary>
    public const string FileName = "accounts.db";

    private readonly AccountDatabase file;
    private readonly AccountTurns turns;
    private readonly AccountTimes times;
    private readonly AccountRule rule;
    private readonly LookUpRule lookUps;

    /// <summary>The accounts in a folder, which is made when it is first needed.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="key">The secret that they are sealed with, at least 16 bytes; asked for when it is needed.</param>
    /// <param name="clock">Says what time it is.</param>
    public AccountBook(string folder, Func<byte[]> key, TimeProvider clock)
    {
        file = new AccountDatabase(Path.GetFullPath(folder), key);
        turns = new AccountTurns(file.Take);
        times = new AccountTimes(clock);
        rule = new AccountRule(file, times);
        lookUps = new LookUpRule(file, times, turns, rule);
    }

    /// <summary>Whether a folder holds the book of accounts, also one of an earlier version.</summary>
    public static bool IsIn(string folder) =>
        new FileInfo(Path.Combine(folder, FileName)) is { Exists: true, Length: > 0 }
        || new EarlierAccounts(folder).IsThere;

    /// <summary>The accounts, by name.</summary>
    public IReadOnlyList<Account> List() => [.. file.Read().Where(account => account.RemovedAt is null)];

    /// <summary>An account; null if there is none of this name.</summary>
    public Account? Find(SessionId name) => List().FirstOrDefault(account => account.Name == name);

    /// <summary>
    /// Adds an account; one that is there is logged in again. Answers why it can't be added; null if it is there now. A
    /// user of Telegram's keeps the name of the first time, also when the account was removed: under two names it would
    /// have twice the ceilings.
    /// </summary>
    /// <param name="name">Its name here.</param>
    /// <param name="user">Who it is at Telegram. Kept as a seal that tells nobody.</param>
    public string? Add(SessionId name, long user) => file.Change<string?>(book =>
    {
        var now = times.Now;
        if (Account.ProblemOf(name) is { } problem) return problem;
        var seal = file.SealOf(user);
        if (book.Find(account => account.User == seal) is { } known && known.Name != name)
            return $"This Telegram account is '{known.Name}' here and keeps that name: "
                + $"heat account login {known.Name}";
        if (book.Find(account => account.Name == name) is { User: { } its } && its != seal)
            return $"'{name}' is the name of another Telegram account here, and stays so. Choose another.";
        if (book.Find(account => AreAlike(account.Name, name)) is { } other && other.Name != name)
            return $"'{name}' differs from the account '{other.Name}' in the case of its letters only. Choose another.";
        if (book.Replace(name, account => account with { User = seal, Ended = null })) return null;
        // One that was removed today counts on: otherwise accounts in turn would be any number of accounts.
        var counting = book.Count(account => account.Name != name
            && (account.RemovedAt is not { } removed
                || removed > now - ConductLimits.Period && account.Ledger.Lines > 0));
        if (counting >= ConductLimits.AccountsMax)
            return $"An installation has at most {ConductLimits.AccountsMax} accounts, and this one has them. "
                + "Log one out first; if it did something, it counts for 24 hours more.";
        var before = book.Find(account => account.Name == name);
        book.RemoveAll(account => account.Name == name);
        book.Add((before ?? new Account(name, now)) with
        {
            AddedAt = now, RemovedAt = null, User = seal, Ended = null,
        });
        return null;
    });

    /// <summary>
    /// Removes an account; false if there was none. What it joined and what it did today is kept, so that another can't
    /// do it again in its place.
    /// </summary>
    public bool Remove(SessionId name) => file.Change(book =>
        book.Replace(name, account => account with
        {
            RemovedAt = times.LatestOf(account, file.LedgerOf(account)),
            Allowed = [],
        }));

    /// <summary>
    /// Lets an account join a channel. Answers why it may not; null if it may now.
    /// </summary>
    public string? Allow(SessionId name, ChannelName channel) => file.Change<string?>(book =>
    {
        if (JoinRule.OwnerOf(book, name, channel) is { } other)
            return $"{channel} is the channel of the account '{other.Name}'; "
                + "two accounts of one installation never join the same.";
        return book.Replace(name, account => account with { Allowed = account.Allowed.With(channel) })
            ? null
            : AccountRefusals.NoAccount(name);
    });

    /// <summary>Takes a channel off an account's list. Answers why it can't; null if it is not there now.</summary>
    public string? Disallow(SessionId name, ChannelName channel) => file.Change<string?>(book =>
        book.Replace(name, account => account with
        {
            Allowed = account.Allowed.Without(channel),
        }) ? null : AccountRefusals.NoAccount(name));

    /// <summary>
    /// Keeps what Telegram has said that an account follows, in the place of what it said before. Of a channel's names
    /// those that its owner knows it by, or else the main one.
    /// </summary>
    public void Follows(SessionId name, IReadOnlyList<KnownChannel> channels) => file.Change(book =>
        book.Replace(name, account => account with
        {
            Followed = [.. channels.SelectMany(channel => JoinRule.NamesFor(account, channel)).Distinct().Order()],
            FollowedIds = [.. channels.Select(channel => channel.Id).Distinct().Order()],
        }));

    /// <summary>Stops an account until its owner looks. A reason that it has already stays.</summary>
    public void Stop(SessionId name, string reason) => file.Change(book => book.Replace(name, account => account with
    {
        Stopped = account.Stopped ?? new AccountStop(reason, times.Now),
    }));

    /// <summary>
    /// The owner has looked: an account goes on. One whose ledger was changed or lost, or whose times a wrong clock has
    /// brought more than <see cref="ClockLimits.AheadMax"/> ahead of the clock, goes on 24 hours later, because nobody
    /// knows what it did. One whose login is over stays so. Answers why it can't go on; null if it does.
    /// </summary>
    public string? Resume(SessionId name) => file.Change<string?>(book =>
    {
        if (book.Find(one => one.Name == name && one.RemovedAt is null) is not { } account)
            return AccountRefusals.NoAccount(name);
        var ledger = file.LedgerOf(account);
        // Whoever sets the clock back before, and right again after, gains nothing.
        if (ledger.Fault is not null) ledger.BeginAnew(times.LatestOf(account, ledger));
        else if (times.BehindOf(account, ledger) > ClockLimits.AheadMax) TakeClock(book, account, ledger);
        book.Replace(name, one => ledger.Of(one) with { Stopped = null });
        return account.Ended is { } end ? AccountRefusals.Ended(name, end).Reason : null;
    });

    /// <summary>
    /// What <see cref="Resume"/> would do to an account now, as a sentence; null if there is no such account.
    /// </summary>
    public string? ResumptionOf(SessionId name) => file.Change(book =>
        book.Find(one => one.Name == name && one.RemovedAt is null) is { } account
            ? rule.ResumptionOf(account)
            : null);

    /// <summary>Takes the account for a sitting, over processes; null if another has it.</summary>
    internal IDisposable? Take(SessionId name) => file.Change(_ => turns.Take(name));

    /// <summary>Why an account can't be taken for a sitting now; null if it can.</summary>
    internal Refusal? InUse(SessionId name) =>
        file.Change(_ => turns.IsHere(name) || turns.IsElsewhere(name)) ? OfUse(name) : null;

    /// <summary>That somebody has an account.</summary>
    internal Refusal OfUse(SessionId name) => AccountRefusals.InUse(name, turns.IsHere(name));

    /// <summary>Why an account may do nothing now; null if it may.</summary>
    internal Refusal? RefusalOf(SessionId name) => file.Change(book => rule.RefusalOf(book, name));

    /// <summary>
    /// Whether something may be done, after the ledger, the history and, of a join, the lists; nothing is written.
    /// </summary>
    internal Refusal? Check(SessionId name, string kind, int counted, int max, ChannelName? join = null) =>
        file.Change(book => rule.Check(
            book, name, kind, counted, max, join is { } channel ? new KnownChannel(0, [channel]) : null));

    /// <summary>How many of a kind an account may do now, after its ledger.</summary>
    internal int Left(SessionId name, string kind, int max) => file.Change(book => rule.Left(book, name, kind, max));

    /// <summary>
    /// Writes down what is about to be done, or says why it may not be. When it answers null it is on the disk.
    /// </summary>
    /// <param name="name">Whose.</param>
    /// <param name="kind">What: one of the ledger's words.</param>
    /// <param name="counted">How many the history has.</param>
    /// <param name="max">How many there may be.</param>
    /// <param name="channel">The channel if it is a join, under the name that is on the account's list; it must be no
    /// other's.</param>
    internal Refusal? Spend(SessionId name, string kind, int counted, int max, KnownChannel? channel = null) =>
        file.Change(book => rule.Spend(book, name, kind, counted, max, channel));

    /// <summary>
    /// Writes down a sitting that is about to go online, or says why it may not. The run that went online last may go
    /// on: a restart of the service costs no sitting.
    /// </summary>
    /// <param name="name">Whose.</param>
    /// <param name="run">Its run; the default one is always another.</param>
    /// <param name="counted">How many other sittings the history has.</param>
    internal Refusal? SpendSitting(SessionId name, RunId run, int counted) =>
        file.Change(book => rule.SpendSitting(book, name, run, counted));

    /// <summary>
    /// Writes down a look-up of the account that looked up least, and answers whose it is; or why nothing may be looked
    /// up. A wait, a stop and the ceiling are the installation's: to ask by the next account what the last one may not
    /// would be a way round them. One that a sitting elsewhere has is passed over; if all are, nothing is written.
    /// </summary>
    /// <param name="passedOver">Those that were of no use a moment ago; if all are, there is neither answer.</param>
    internal (SessionId? Account, Refusal? Refusal) SpendLookUp(IReadOnlyCollection<SessionId> passedOver) =>
        file.Change(book => lookUps.Spend(book, passedOver));

    /// <summary>Keeps that an account follows a channel, or no longer does.</summary>
    internal void Follows(SessionId name, KnownChannel channel, bool isFollowed) => file.Change(book =>
        book.Replace(name, account => account with
        {
            Followed = isFollowed
                ? account.Followed.With(channel.Names[0])
                : account.Followed.Without(channel.Names[0]),
            FollowedIds = isFollowed
                ? account.FollowedIds.With(channel.Id)
                : account.FollowedIds.Without(channel.Id),
        }));

    /// <summary>Keeps what must be kept of what Telegram said to an account: a wait, a limit, a freeze, its end.
    /// </summary>
    public void Heard(SessionId name, Outcome said)
    {
        if (said is Outcome.MustWait wait) Wait(name, wait.Until);
        if (said.Error is { Kind: TelegramErrorKind.PeerFlood or TelegramErrorKind.Frozen } error)
            Stop(name, $"Telegram said {error}.");
        if (said.Error is { Kind: TelegramErrorKind.AccountLost } lost) End(name, lost);
    }

    /// <summary>Keeps that an account's login is over, until it is logged in again.</summary>
    private void End(SessionId name, TelegramError why) => file.Change(book => book.Replace(name, account =>
    {
        var end = new AccountEnd(why, times.Now);
        return account with { Ended = account.Ended?.With(end) ?? end };
    }));

    /// <summary>Keeps until when, by the clock as it is, Telegram wants nothing of an account.</summary>
    internal void Wait(SessionId name, DateTimeOffset until) => file.Change(book =>
        book.Replace(name, account =>
        {
            // A clock that is behind what the account has seen doesn't shorten the wait.
            var end = until + times.BehindOf(account, file.LedgerOf(account));
            return account with { WaitUntil = account.WaitUntil > end ? account.WaitUntil : end };
        }));

    /// <summary>The newest time that an account has seen: a clock that was set back gives nothing free.</summary>
    internal DateTimeOffset TimeOf(SessionId name) => file.Change(book =>
        book.Find(one => one.Name == name) is { } account ? times.Later(file.LedgerOf(account).Newest) : times.Now);

    /// <summary>The accounts, those that were removed included.</summary>
    internal IReadOnlyList<Account> ListAll() => file.Read();

    /// <summary>
    /// The owner says that the clock is right, and what the account has seen is not. What it did meanwhile may have
    /// been done today; a wait begins anew. Both count again when the clock comes to their times.
    /// </summary>
    private void TakeClock(List<Account> book, Account account, AccountLedger ledger)
    {
        var (now, seen) = (times.Now, times.LatestOf(account, ledger));
        ledger.Add(AccountLedger.Unknown, now);
        book.Replace(account.Name, one => one with
        {
            AddedAt = now < one.AddedAt ? now : one.AddedAt,
            WaitUntil = one.WaitUntil > seen ? now + (one.WaitUntil - seen) : null,
            WaitAhead = one.WaitUntil is { } until ? new AccountWait(seen, until) : one.WaitAhead,
        });
    }

    private static bool AreAlike(SessionId left, SessionId right) =>
        string.Equals(left.Value, right.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why something may not be done.</summary>
    /// <param name="Reason">A sentence.</param>
    /// <param name="Until">When it may be; null if that is not known.</param>
    internal sealed record Refusal(string Reason, DateTimeOffset? Until)
    {
        /// <summary>Whether nothing else holds the account back than that its login is over.</summary>
        public bool IsEnd { get; init; }
    }
}
