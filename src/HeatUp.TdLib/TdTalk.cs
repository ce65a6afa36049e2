using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>Asks Telegram on an account that is online; a refusal is the way out.</summary>
/// <param name="client">The account.</param>
/// <param name="heard">Why nothing may be asked any more; null if nothing was heard that says so.</param>
internal sealed class TdTalk(TdClient client, Func<TelegramError?>? heard = null)
{
    /// <summary>How many chats are loaded with one call, and how often at most.</summary>
    private const int ChatsPerCall = 100;
    private const int ChatCallsMax = 20;

    /// <summary>TDLib's word for: all are loaded.</summary>
    private const int AllLoaded = 404;

    private static readonly TelegramError NoChannel = new(400, "CHANNEL_INVALID");
    public TdClient Client => client;

    /// <summary>An answer, or the way out with what Telegram said instead.</summary>
    public async ValueTask<TReply> AskAsync<TReply>(TdRequest<TReply> request, CancellationToken cancellation)
        where TReply : TdObject
    {
        ThrowIfHeard();
        var answer = await client.SendAsync(request, RunLimits.AnswerWithin, cancellation);
        if (answer.IsOk) return answer.Reply;
        // Only the request that met the loss hears its reason; all others hear that the client is ending.
        throw new TdRefusal(client.IsLoggedOut && answer.Error.Code == 500 ? TelegramError.LoggedOut : answer.Error);
    }

    /// <summary>
    /// The way out if the login has ended or something was heard meanwhile: without a request nobody would notice.
    /// </summary>
    public void ThrowIfOver()
    {
        if (client.IsLoggedOut) throw new TdRefusal(TelegramError.LoggedOut);
        ThrowIfHeard();
    }

    private void ThrowIfHeard()
    {
        if (heard?.Invoke() is { } error) throw new TdRefusal(error);
        if (client.IsFrozen) throw new TdRefusal(TelegramError.AccountFrozen);
    }

    /// <summary>
    /// Does something with a channel. Should TDLib not know the chat any more, the name is looked up again, once.
    /// </summary>
    public async ValueTask<T> WithAsync<T>(
        ChannelName channel, Func<Chat, Supergroup, ValueTask<T>> act, CancellationToken cancellation)
    {
        try
        {
            return await OnceAsync();
        }
        catch (TdRefusal refusal) when (refusal.Error.Kind == TelegramErrorKind.ChatUnknown)
        {
            return await OnceAsync();
        }

        async ValueTask<T> OnceAsync()
        {
            var chat = await AskAsync(new SearchPublicChat(channel.Value), cancellation);
            if (!chat.Type.IsChannel) throw new TdRefusal(NoChannel);
            return await act(chat, await AskAsync(new GetSupergroup(chat.Type.SupergroupId), cancellation));
        }
    }

    /// <summary>What a name leads to now.</summary>
    public async ValueTask<(Chat Chat, FoundChat Found)> LookUpAsync(ChannelName name, CancellationToken cancellation)
    {
        var chat = await AskAsync(new SearchPublicChat(name.Value), cancellation);
        if (chat.Type.SupergroupId != 0) return (chat, await SupergroupAsync(chat, cancellation));
        var kind = ChatKind.Group;
        if (chat.Type.UserId != 0)
        {
            var user = await AskAsync(new GetUser(chat.Type.UserId), cancellation);
            kind = user.Type?.Class == "userTypeBot" ? ChatKind.Bot : ChatKind.Person;
        }
        return (chat, new FoundChat(kind, name, chat.Title, null, false));
    }

    /// <summary>The channels with names that Telegram holds to be like this one.</summary>
    public async ValueTask<IReadOnlyList<FoundChat>> SimilarAsync(ChannelName name, CancellationToken cancellation)
    {
        var chat = await AskAsync(new SearchPublicChat(name.Value), cancellation);
        if (!chat.Type.IsChannel) return [];
        var similar = await AskAsync(new GetChatSimilarChats(chat.Id), cancellation);
        var found = new List<FoundChat>();
        foreach (var id in similar.ChatIds.Distinct())
            if (await ChannelAsync(id, cancellation) is ({ } other, { } supergroup) && NameOf(supergroup) is { } named
                && named != name)
                found.Add(FoundOf(other, supergroup, MembersOf(supergroup.MemberCount)));
        return found;
    }

    /// <summary>The channels with names that the account follows, as Telegram knows it.</summary>
    public async ValueTask<IReadOnlyList<KnownChannel>> FollowedAsync(CancellationToken cancellation)
    {
        var followed = new List<KnownChannel>();
        foreach (var list in ChatLists.All)
        {
            await LoadAsync(list, cancellation);
            var chats = await AskAsync(new GetChats(list, ChatsPerCall * ChatCallsMax), cancellation);
            foreach (var id in chats.ChatIds)
                if (await ChannelAsync(id, cancellation) is ({ }, { Status.IsMember: true } supergroup)
                    && NamesOf(supergroup) is [_, ..] names)
                    followed.Add(new KnownChannel(supergroup.Id, names));
        }
        return followed;
    }

    private async ValueTask LoadAsync(TdClass list, CancellationToken cancellation)
    {
        ThrowIfOver();
        for (var calls = 0; calls < ChatCallsMax; calls++)
        {
            var more = await client.SendAsync(
                new LoadChats(list, ChatsPerCall), RunLimits.AnswerWithin, cancellation);
            if (more.IsOk) continue;
            if (more.Error.Code == AllLoaded) return;
            throw new TdRefusal(more.Error);
        }
    }

    private async ValueTask<(Chat? Chat, Supergroup? Supergroup)> ChannelAsync(long id, CancellationToken cancellation)
    {
        var chat = await AskAsync(new GetChat(id), cancellation);
        return chat.Type.IsChannel
            ? (chat, await AskAsync(new GetSupergroup(chat.Type.SupergroupId), cancellation))
            : (null, null);
    }

    private async ValueTask<FoundChat> SupergroupAsync(Chat chat, CancellationToken cancellation)
    {
        var supergroup = await AskAsync(new GetSupergroup(chat.Type.SupergroupId), cancellation);
        var members = MembersOf(supergroup.MemberCount);
        if (members is null && supergroup.IsChannel)
        {
            var full = await client.SendAsync(
                new GetSupergroupFullInfo(supergroup.Id), RunLimits.AnswerWithin, cancellation);
            // What is asked besides may fail, but a wait or a loss is one of the whole account's.
            if (full.Error is { Kind: TelegramErrorKind.FloodWait or TelegramErrorKind.AccountLost } error)
                throw new TdRefusal(error);
            members = MembersOf(full.Reply?.MemberCount ?? 0);
        }
        return FoundOf(chat, supergroup, members);
    }

    private static FoundChat FoundOf(Chat chat, Supergroup supergroup, long? members) => new(
        supergroup.IsChannel ? ChatKind.Channel : ChatKind.Group, NameOf(supergroup), chat.Title, members,
        supergroup.RestrictionInfo is not null
            || supergroup.VerificationStatus is { IsScam: true } or { IsFake: true });

    /// <summary>The main name; null if there is none that can be used.</summary>
    private static ChannelName? NameOf(Supergroup supergroup) =>
        supergroup.Usernames is { ActiveUsernames: [var main, ..] } && ChannelName.TryParse($"@{main}", out var name)
            ? name
            : null;

    private static List<ChannelName> NamesOf(Supergroup supergroup)
    {
        var names = new List<ChannelName>();
        foreach (var text in supergroup.Usernames?.ActiveUsernames ?? [])
            if (ChannelName.TryParse($"@{text}", out var name))
                names.Add(name);
        return names;
    }

    private static long? MembersOf(int count) => count > 0 ? count : null;
}
