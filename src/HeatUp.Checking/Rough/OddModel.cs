using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace HeatUp.Checking;

/// <summary>
/// A language model of the worse kind: slow, forgetful, talkative, cut off, now and then not there at all. What reads
/// and checks its replies is the planner that ships.
/// </summary>
internal sealed class OddModel(World world, TimeProvider clock) : IChatClient
{
    private static readonly TimeSpan LatencyMin = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LatencyMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SlowMax = TimeSpan.FromSeconds(100);
    private const int EndlessActions = 50;

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var kind = world.Whole(0, 9);
        var isSlow = world.Chance(0.1);
        if (isSlow) world.Journal.Count(Exercised.SlowReply);
        await Task.Delay(
            isSlow ? world.Between(LatencyMax, SlowMax) : world.Between(LatencyMin, LatencyMax), clock,
            cancellationToken);
        return kind switch
        {
            0 => Counted(Exercised.ProseReply, world.Chance(0.5) ? "" : "I would rather talk about the weather."),
            1 => Counted(Exercised.UnknownChannelReply, Actions(5, "@nobody_knows_this")),
            2 => Counted(Exercised.EndlessReply, Actions(EndlessActions, null)),
            3 => CutOff(),
            4 => throw Failed(),
            5 => Reply($"Here you are:\n```json\n{Actions(world.Whole(2, 8), null)}\n```\nHave a nice day!"),
            _ => Reply(Actions(world.Whole(3, 7), null)),
        };
    }

    /// <summary>Not used: a plan is read when it is whole.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var whole = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in whole.ToChatResponseUpdates()) yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose() { }

    private static ChatResponse Reply(string text) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        Usage = new UsageDetails { InputTokenCount = 900, OutputTokenCount = text.Length / 3 },
    };

    private ChatResponse Counted(Exercised kind, string text)
    {
        world.Journal.Count(kind);
        return Reply(text);
    }

    private ChatResponse CutOff()
    {
        var text = Actions(5, null);
        var reply = Counted(Exercised.CutOffReply, text[..world.Whole(0, text.Length - 1)]);
        reply.FinishReason = world.Chance(0.5) ? ChatFinishReason.Length : ChatFinishReason.Stop;
        return reply;
    }

    private HttpRequestException Failed()
    {
        world.Journal.Count(Exercised.FailedReply);
        return new HttpRequestException("Connection refused");
    }

    private string Actions(int count, string? unknown)
    {
        var json = new StringBuilder("""{"actions":[""");
        for (var i = 0; i < count; i++)
            json.Append(i == 0 ? "" : ",").Append(Action(i == count - 1 ? unknown : null));
        return json.Append("]}").ToString();
    }

    private string Action(string? unknown)
    {
        var pool = world.Circumstances.Pool.All;
        var channel = unknown ?? pool[world.Whole(0, pool.Length - 1)].Name.Value;
        var seconds = world.Chance(0.03) ? world.Whole(-1, 100) : world.Whole(3, 15);
        var word = unknown is not null ? "read_messages" : world.Whole(0, 3) switch
        {
            0 => "join_channel",
            1 => "idle",
            _ => "read_messages",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"action":"{{word}}","channel":"{{channel}}","duration_seconds":{{seconds}},"reason":"Why not?"}""");
    }
}
