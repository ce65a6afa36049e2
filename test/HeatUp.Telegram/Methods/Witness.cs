using System.Text.Json.Nodes;
using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Methods;

/// <summary>Sees all that clients ask for, in order, and forgets nothing. Thread-safe.</summary>
internal sealed class Witness(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<Sight> sights = [];
    private readonly List<(Func<bool> IsSo, TaskCompletionSource Told)> waiting = [];

    public Sight Sees(Call call)
    {
        var sight = new Sight(call, clock.GetUtcNow(), Look);
        lock (gate)
        {
            sights.Add(sight);
        }
        Look();
        return sight;
    }

    /// <summary>What was seen from a number on.</summary>
    public IReadOnlyList<Sight> From(int number)
    {
        lock (gate)
        {
            return [.. sights.Skip(number)];
        }
    }

    public int Count(string method, bool isAnswered)
    {
        lock (gate)
        {
            return sights.Count(sight => sight.Method == method && (!isAnswered || sight.Answer is not null));
        }
    }

    /// <summary>Waits until a method was asked for, or answered, so often.</summary>
    public Task UntilAsync(string method, int count, bool isAnswered)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((() => Count(method, isAnswered) >= count, told));
        }
        Look();
        return told.Task;
    }

    private void Look()
    {
        lock (gate)
        {
            foreach (var one in waiting.Where(one => one.IsSo()).ToList())
            {
                one.Told.TrySetResult();
                waiting.Remove(one);
            }
        }
    }
}

/// <summary>One call, as it was seen.</summary>
internal sealed class Sight(Call call, DateTimeOffset at, Action changed)
{
    public string Method => call.Method;

    /// <summary>What was answered: <c>ok</c>, or an error's code and text; null while nothing is.</summary>
    public string? Answer { get; private set; }

    public void Answered(object answer)
    {
        Answer = answer is TlObject { Name: "rpc_error" } error
            ? $"{error.Int("error_code")} {error.Text("error_message")}"
            : "ok";
        changed();
    }

    public JsonObject ToJson() => new()
    {
        ["at"] = at.ToUnixTimeMilliseconds(),
        ["phone"] = call.Device.Account?.Phone,
        ["device"] = call.Device.Model,
        ["version"] = call.Device.Version,
        ["api_id"] = call.Device.ApiId,
        ["method"] = Method,
        ["query"] = TlJson.Of(call.Query),
        ["answer"] = Answer,
    };
}
