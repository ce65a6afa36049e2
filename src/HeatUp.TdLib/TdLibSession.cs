using System.Collections.Concurrent;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>An account that is online: joins and reads, and proves by Telegram's own state that it did.</summary>
internal sealed class TdLibSession : IAccountSession
{
    /// <summary>How many posts are looked at in one reading.</summary>
    public const int PostsMax = 20;

    /// <summary>How often a history is asked for more: the first answer often holds one post only.</summary>
    public const int HistoryCallsMax = 5;

    /// <summary>How long a read mark may take to show after it was set. TDLib holds it back for a tenth of a second.
    /// </summary>
    public static readonly TimeSpan MarkedWithin = TimeSpan.FromSeconds(5);

    private static readonly TelegramError NotMarked = new(500, "The posts were not marked as read");
    private static readonly TelegramError Kicked = new(400, "Can't return to kicked from chat");
    private static readonly TelegramError Declined = new(400, "INVITE_REQUEST_DECLINED");

    private readonly ConcurrentDictionary<long, KnownChannel> asked = new();
    private readonly ConcurrentQueue<KnownChannel> joinedLate = new();
    private readonly ConcurrentQueue<Outcome> heard = new();
    private readonly TdOnline.Use use;
    private readonly TimeProvider clock;
    private readonly TdTalk talk;
    private volatile Outcome? end;
    private bool isDisposed;

    public TdLibSession(TdOnline.Use use, TimeProvider clock)
    {
        (this.use, this.clock, talk) = (use, clock, new TdTalk(use.Client, () => end?.Error));
        // An account has one sitting at a time, so that no other comes or goes meanwhile.
        use.Client.Late += Hear;
        use.Client.Frozen += HearFreeze;
        if (use.Client.IsFrozen) HearFreeze();
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome> JoinAsync(ChannelName channel, long id, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        try
        {
            // From here on it is on its way: a join may not happen unseen.
            return await talk.WithAsync(
                channel, (chat, supergroup) => JoinAsync(chat, supergroup, new KnownChannel(id, [channel])),
                CancellationToken.None);
        }
        catch (TdRefusal refusal)
        {
            return Ended(refusal.Error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        var start = clock.GetTimestamp();
        try
        {
            return await talk.WithAsync(
                channel,
                (chat, supergroup) => ReadAsync(chat, supergroup, duration, start, cancellation),
                cancellation);
        }
        catch (OperationCanceledException)
        {
            return Outcome.Cancelled.Instance;
        }
        catch (TdRefusal refusal)
        {
            return Ended(refusal.Error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FollowState> FollowsAsync(ChannelName channel, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (cancellation.IsCancellationRequested) return new(0, false, Outcome.Cancelled.Instance);
        try
        {
            return await talk.WithAsync(
                channel,
                (_, supergroup) => new ValueTask<FollowState>(
                    new FollowState(supergroup.Id, supergroup.Status.IsMember, null)),
                cancellation);
        }
        catch (OperationCanceledException)
        {
            return new(0, false, Outcome.Cancelled.Instance);
        }
        catch (TdRefusal refusal)
        {
            return new(0, false, Ended(refusal.Error));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Followed> FollowedAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (cancellation.IsCancellationRequested) return new(null, Outcome.Cancelled.Instance);
        try
        {
            return new(await talk.FollowedAsync(cancellation), null);
        }
        catch (OperationCanceledException)
        {
            return new(null, Outcome.Cancelled.Instance);
        }
        catch (TdRefusal refusal)
        {
            return new(null, Ended(refusal.Error));
        }
    }

    /// <inheritdoc/>
    public AccountNews TakeNews()
    {
        var joined = new List<KnownChannel>();
        while (joinedLate.TryDequeue(out var channel)) joined.Add(channel);
        var said = new List<Outcome>();
        while (heard.TryDequeue(out var outcome)) said.Add(outcome);
        return new(joined, said);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await use.DisposeAsync();
        use.Client.Late -= Hear;
        use.Client.Frozen -= HearFreeze;
    }

    /// <summary>
    /// A join that was given up has happened all the same. A wait or a loss that comes late holds all the same, also if
    /// it was said to a look-up.
    /// </summary>
    private void Hear(LateAnswer late)
    {
        if (late.OfAccount(clock.GetUtcNow()) is { } said) Hear(said);
        var isJoined = late.Reply is ChatJoinResult.Success || late.Error is { Kind: TelegramErrorKind.AlreadyMember };
        if (isJoined && late.Request is JoinChat join && asked.TryGetValue(join.ChatId, out var channel))
            joinedLate.Enqueue(channel);
    }

    /// <summary>A freeze that is over when the next step asks was one.</summary>
    private void HearFreeze() => Hear(new Outcome.AccountLost(TelegramError.AccountFrozen));

    private void Hear(Outcome said)
    {
        heard.Enqueue(said);
        end ??= said;
    }

    private async ValueTask<Outcome> JoinAsync(Chat chat, Supergroup supergroup, KnownChannel known)
    {
        if (supergroup.Id != known.Id) throw new TdRefusal(OtherThan(known.Names[0]));
        if (supergroup.Status.IsMember) return Outcome.Done.Plain;
        if (supergroup.Status.IsBanned) throw new TdRefusal(Kicked);
        asked[chat.Id] = known;
        try
        {
            return await AskAsync(new JoinChat(chat.Id), CancellationToken.None) switch
            {
                ChatJoinResult.Success => Outcome.Done.Plain,
                ChatJoinResult.Declined => Ended(Declined),
                _ => Ended(TelegramError.JoinRequested),
            };
        }
        catch (TdRefusal refusal) when (IsUncertain(refusal.Error))
        {
            // The answer may be lost, or late, of a join that has happened.
            var now = await use.Client.SendAsync(new GetSupergroup(supergroup.Id), RunLimits.AnswerWithin);
            if (now.Reply is { Status.IsMember: true }) return Outcome.Done.Plain;
            throw;
        }
    }

    private static TelegramError OtherThan(ChannelName channel) =>
        TelegramError.OfConduct($"{channel} leads to another channel than a moment ago.");

    private static bool IsUncertain(TelegramError error) =>
        error.Kind is TelegramErrorKind.Offline or TelegramErrorKind.RetryLater or TelegramErrorKind.Unknown;

    private async ValueTask<Outcome> ReadAsync(
        Chat chat, Supergroup supergroup, TimeSpan duration, long start, CancellationToken cancellation)
    {
        await AskAsync(new OpenChat(chat.Id), cancellation);
        try
        {
            var posts = await PostsAsync(chat, cancellation);
            await DelayAsync(duration - clock.GetElapsedTime(start), cancellation);
            talk.ThrowIfOver();
            if (!supergroup.Status.IsMember) return Outcome.Done.Plain;
            return new Outcome.Done(await MarkAsync(chat, posts));
        }
        finally
        {
            await use.Client.SendAsync(new CloseChat(chat.Id), TdClient.CloseWithin, CancellationToken.None);
        }
    }

    /// <summary>The newest posts, asked for until there are enough, no more, or none that are unread.</summary>
    private async ValueTask<IReadOnlyList<long>> PostsAsync(Chat chat, CancellationToken cancellation)
    {
        var posts = new List<long>();
        for (var calls = 0; calls < HistoryCallsMax && posts.Count < PostsMax; calls++)
        {
            var from = posts.Count > 0 ? posts[^1] : 0;
            if (from > 0 && from <= chat.LastReadInboxMessageId) break;
            var more = await AskAsync(new GetChatHistory(chat.Id, from, PostsMax - posts.Count), cancellation);
            var before = posts.Count;
            posts.AddRange(more.Found.OfType<Message>().Select(post => post.Id).Where(id => from == 0 || id < from));
            if (posts.Count == before) break;
        }
        return posts;
    }

    /// <summary>Marks the unread of these posts as read; answers how many they were once Telegram says so.</summary>
    private async ValueTask<int> MarkAsync(Chat chat, IReadOnlyList<long> posts)
    {
        var unread = posts.Where(post => post > chat.LastReadInboxMessageId).ToList();
        if (unread.Count == 0) return 0;
        var newest = unread.Max();
        using var watch = use.Client.Watch();
        await AskAsync(new ViewMessages(chat.Id, unread), CancellationToken.None);
        var now = await AskAsync(new GetChat(chat.Id), CancellationToken.None);
        if (now.LastReadInboxMessageId >= newest) return unread.Count;
        using var giveUp = new CancellationTokenSource(MarkedWithin, clock);
        try
        {
            await foreach (var update in watch.Updates.ReadAllAsync(giveUp.Token))
                if (update is TdUpdate.OfReadMark mark && mark.ChatId == chat.Id
                    && mark.LastReadInboxMessageId >= newest)
                    return unread.Count;
        }
        catch (OperationCanceledException)
        {
            // No mark came.
        }
        throw new TdRefusal(NotMarked);
    }

    private ValueTask<TReply> AskAsync<TReply>(TdRequest<TReply> request, CancellationToken cancellation)
        where TReply : TdObject => talk.AskAsync(request, cancellation);

    private async ValueTask DelayAsync(TimeSpan time, CancellationToken cancellation)
    {
        if (time > TimeSpan.Zero) await Task.Delay(time, clock, cancellation);
    }

    /// <summary>A wait that was said earlier began then.</summary>
    private Outcome Ended(TelegramError error) =>
        end is { } said && ReferenceEquals(said.Error, error) ? said : error.ToOutcome(clock.GetUtcNow());
}
