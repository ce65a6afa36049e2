using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Tests.Support;

/// <summary>A Telegram that answers what the test says, and writes down what it was asked.</summary>
internal sealed class ScriptedTelegram(TimeProvider clock) : ITelegram
{
    private readonly Queue<Outcome> answers = new();

    /// <summary>What was asked, in order: <c>connect</c>, <c>join @a</c>, <c>read @a 5 s</c>, <c>dispose</c>.</summary>
    public List<string> Asked { get; } = [];

    public Outcome? ConnectFailure { get; set; }

    /// <summary>Called at each join and read, before the answer.</summary>
    public Action<string> OnAsked { get; set; } = _ => { };

    public string? Trouble => null;

    /// <summary>The answers to the next joins and reads; when there are no more, all is done.</summary>
    public void Answer(params Outcome[] next) => next.ToList().ForEach(answers.Enqueue);

    public ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        Asked.Add("connect");
        return new(ConnectFailure is null
            ? new Connection(new Session(this), null)
            : new Connection(null, ConnectFailure));
    }

    /// <summary>What look-ups answer.</summary>
    public Func<ChannelName, LookUp> LookUp { get; set; } =
        name => new(new FoundChat(ChatKind.Channel, name, "", null, false), null);

    /// <summary>What the question for similar channels answers.</summary>
    public Func<ChannelName, Similar> Similar { get; set; } = _ => new([], null);

    public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation)
    {
        Asked.Add($"look up {name}");
        return new(cancellation.IsCancellationRequested ? new LookUp(null, Outcome.Cancelled.Instance) : LookUp(name));
    }

    public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation)
    {
        Asked.Add($"similar to {channel}");
        return new(cancellation.IsCancellationRequested ? new Similar([], Outcome.Cancelled.Instance) : Similar(channel));
    }

    private Outcome Next(string asked)
    {
        Asked.Add(asked);
        OnAsked(asked);
        return answers.TryDequeue(out var answer) ? answer : Outcome.Done.Plain;
    }

    private async ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation)
    {
        var answer = Next($"read {channel} {duration.TotalSeconds} s");
        await clock.Delay(duration, cancellation);
        return cancellation.IsCancellationRequested ? Outcome.Cancelled.Instance : answer;
    }

    private sealed class Session(ScriptedTelegram telegram) : ITelegramSession
    {
        public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
            new(cancellation.IsCancellationRequested ? Outcome.Cancelled.Instance : telegram.Next($"join {channel}"));

        public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
            telegram.ReadAsync(channel, duration, cancellation);

        public ValueTask DisposeAsync()
        {
            telegram.Asked.Add("dispose");
            return default;
        }
    }
}
