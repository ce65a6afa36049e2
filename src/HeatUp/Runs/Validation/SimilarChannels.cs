using System.Runtime.CompilerServices;
using HeatUp.Channels;
using HeatUp.Channels.Sources;

namespace HeatUp.Runs.Validation;

/// <summary>
/// Telegram itself as a source: the channels that it holds to be like those of the pool. Each takes the category of
/// the channel that it is like, since Telegram knows none.
/// </summary>
/// <param name="telegram">Who is asked.</param>
/// <param name="pool">For what.</param>
/// <param name="clock">The time that flood waits take.</param>
/// <param name="questionsMax">How many channels it is asked for at most, in the pool's order; 1 or more.</param>
public sealed class SimilarChannels(
    ITelegram telegram, ChannelPool pool, TimeProvider clock, int questionsMax = SimilarChannels.QuestionsMax)
    : IChannelSource
{
    /// <summary>How many channels Telegram is asked for at most, unless said otherwise.</summary>
    public const int QuestionsMax = 100;

    /// <inheritdoc/>
    public string Name => "similar";

    /// <summary>
    /// A part for each channel of the pool that has similar ones not named before. A wait of Telegram's up to
    /// <see cref="ValidationLimits.WaitMax"/> is sat out; a longer one, and an account or a network that is gone, end
    /// it with a part that says so.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async IAsyncEnumerable<SourcePart> FetchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var named = pool.All.Select(channel => channel.Name).ToHashSet();
        foreach (var channel in pool.All.Take(questionsMax))
        {
            var answer = await AskAsync(channel.Name, cancellation);
            if (answer.Failure is { } failure)
            {
                yield return Failed(channel, failure);
                if (EndsAll(failure)) yield break;
                continue;
            }
            var found = answer.Channels.Select(chat => ChannelOf(chat, channel.Category)).OfType<Channel>()
                .Where(similar => named.Add(similar.Name)).ToList();
            if (found.Count > 0) yield return new SourcePart(Title(channel), found, []);
        }
    }

    private async ValueTask<Similar> AskAsync(ChannelName name, CancellationToken cancellation)
    {
        while (true)
        {
            var answer = await telegram.SimilarAsync(name, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (answer.Failure is not Outcome.MustWait wait || IsTooLong(wait)) return answer;
            await clock.Delay(wait.Until - clock.GetUtcNow(), cancellation);
        }
    }

    private bool IsTooLong(Outcome.MustWait wait) => wait.Until - clock.GetUtcNow() > ValidationLimits.WaitMax;

    private static bool EndsAll(Outcome failure) =>
        failure is not Outcome.Refused { Why.Kind: not TelegramErrorKind.Offline };

    private static Channel? ChannelOf(FoundChat chat, string category) =>
        chat is { Kind: ChatKind.Channel, IsRestricted: false, Name: { } name }
            ? new Channel(name, chat.Title, category, chat.Members, name.Link)
            : null;

    private static SourcePart Failed(Channel channel, Outcome failure) => new(Title(channel), [], [], failure switch
    {
        Outcome.MustWait wait =>
            $"Telegram asks to wait until {wait.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({wait.Why}); the channels "
            + "after this one were not asked for.",
        _ when EndsAll(failure) =>
            $"Telegram gave no answer ({failure.Error}); the channels after this one were not asked for.",
        _ => $"Telegram gave no answer ({failure.Error}); 'heat channels validate' checks the channel.",
    });

    private static string Title(Channel channel) => $"similar to {channel.Name}";
}
