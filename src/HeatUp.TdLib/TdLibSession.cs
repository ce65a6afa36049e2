using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>An account that is online: joins and reads, and proves by Telegram's own state that it did.</summary>
internal sealed class TdLibSession(TdClient client, TimeProvider clock) : IFollowingSession
{
    /// <summary>How many posts are looked at in one reading.</summary>
    public const int PostsMax = 20;

    /// <summary>How often a history is asked for more: the first answer often holds one post only.</summary>
    public const int HistoryCallsMax = 5;

    /// <summary>How long a read mark may take to show after it was set. TDLib holds it back for a tenth of a second.
    /// </summary>
    public static readonly TimeSpan MarkedWithin = TimeSpan.FromSeconds(5);

    private static readonly TelegramError NotMarked = new(500, "The posts were not marked as read");
    private static readonly TelegramError NoChannel = new(400, "CHANNEL_INVALID");
    private static readonly TelegramError Kicked = new(400, "Can't return to kicked from chat");
    private static readonly TelegramError Declined = new(400, "INVITE_REQUEST_DECLINED");
    private static readonly TelegramError LoggedOut = new(401, "Unauthorized");

    private bool isDisposed;

    /// <inheritdoc/>
    public async ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        // From here on it is on its way: a join may not happen unseen.
        try
        {
            var (chat, supergroup) = await FindAsync(channel, CancellationToken.None);
            if (supergroup.Status.IsMember) return Outcome.Done.Plain;
            if (supergroup.Status.IsBanned) throw new Refusal(Kicked);
            var joined = await AskAsync(new JoinChat(chat.Id), CancellationToken.None);
            return joined switch
            {
                ChatJoinResult.Success => Outcome.Done.Plain,
                ChatJoinResult.Declined => Ended(Declined),
                _ => Ended(TelegramError.JoinRequested),
            };
        }
        catch (Refusal refusal)
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
            var (chat, supergroup) = await FindAsync(channel, cancellation);
            await AskAsync(new OpenChat(chat.Id), cancellation);
            try
            {
                var posts = await PostsAsync(chat, cancellation);
                await LetPassAsync(duration - clock.GetElapsedTime(start), cancellation);
                if (!supergroup.Status.IsMember) return Outcome.Done.Plain;
                return new Outcome.Done(await MarkAsync(chat, posts));
            }
            finally
            {
                await client.SendAsync(new CloseChat(chat.Id), RunLimits.AnswerWithin, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            return Outcome.Cancelled.Instance;
        }
        catch (Refusal refusal)
        {
            return Ended(refusal.Error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Following> FollowsAsync(ChannelName channel, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        try
        {
            var (_, supergroup) = await FindAsync(channel, cancellation);
            return new(supergroup.Status.IsMember, null);
        }
        catch (OperationCanceledException)
        {
            return new(false, Outcome.Cancelled.Instance);
        }
        catch (Refusal refusal)
        {
            return new(false, Ended(refusal.Error));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await client.CloseAsync();
    }

    private async ValueTask<(Chat Chat, Supergroup Supergroup)> FindAsync(
        ChannelName channel, CancellationToken cancellation)
    {
        var chat = await AskAsync(new SearchPublicChat(channel.Value), cancellation);
        if (!chat.Type.IsChannel) throw new Refusal(NoChannel);
        return (chat, await AskAsync(new GetSupergroup(chat.Type.SupergroupId), cancellation));
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
        using var watch = client.Watch();
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
        throw new Refusal(NotMarked);
    }

    /// <summary>An answer, or the way out with what Telegram said instead.</summary>
    private async ValueTask<TReply> AskAsync<TReply>(TdRequest<TReply> request, CancellationToken cancellation)
        where TReply : TdObject
    {
        var answer = await client.SendAsync(request, RunLimits.AnswerWithin, cancellation);
        if (answer.IsOk) return answer.Reply;
        // Only the request that met the loss hears its reason; all others hear that the client is ending.
        var isOver = client.State is AuthorizationState.LoggingOut or AuthorizationState.Closed;
        throw new Refusal(isOver && answer.Error.Code == 500 ? LoggedOut : answer.Error);
    }

    private async ValueTask LetPassAsync(TimeSpan time, CancellationToken cancellation)
    {
        if (time > TimeSpan.Zero) await Task.Delay(time, clock, cancellation);
    }

    private Outcome Ended(TelegramError error) => error.ToOutcome(clock.GetUtcNow());

    /// <summary>Telegram said no somewhere in an action; never leaves this class.</summary>
#pragma warning disable CA1032, CA1064 // It is a way out of this class and nothing else.
    private sealed class Refusal(TelegramError error) : Exception
#pragma warning restore CA1032, CA1064
    {
        public TelegramError Error => error;
    }
}
