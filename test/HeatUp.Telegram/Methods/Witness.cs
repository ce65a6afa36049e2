using System.Text.Json.Nodes;
using HeatUp.Telegram.Tl;

namespace HeatUp.Telegram.Methods;

/// <summary>Sees all that clients ask for, in order, and forgets nothing. Thread-safe.</summary>
internal sealed class Witness(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<Sight> sights = [];
    private readonly List<string> broken = [];
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

    /// <summary>Notes a fault of the server's own.</summary>
    public void Breaks(Exception fault)
    {
        lock (gate)
        {
            broken.Add(fault.ToString());
        }
    }

    /// <summary>All that was seen.</summary>
    public IReadOnlyList<Sight> All
    {
        get
        {
            lock (gate)
            {
                return [.. sights];
            }
        }
    }

    /// <summary>The server's own faults.</summary>
    public IReadOnlyList<string> Broken
    {
        get
        {
            lock (gate)
            {
                return [.. broken];
            }
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
    // What the device says of itself later is not what it was then.
    private readonly (string? Phone, string Model, string Version, int ApiId, bool UsesProxy) device = (
        call.Device.Account?.Phone, call.Device.Model, call.Device.Version, call.Device.ApiId, call.Device.UsesProxy);

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
        ["phone"] = device.Phone,
        ["device"] = device.Model,
        ["version"] = device.Version,
        ["api_id"] = device.ApiId,
        ["proxy"] = device.UsesProxy,
        ["method"] = Method,
        ["query"] = TlJson.Of(call.Query),
        ["answer"] = Answer,
    };
}
