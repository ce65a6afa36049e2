namespace HeatUp.Telegram.Methods;

/// <summary>At which edge of a method its answer is held.</summary>
internal enum Hold
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Before anything has happened.</summary>
    Before,

    /// <summary>After it has happened, and before anybody hears of it.</summary>
    After,
}

/// <summary>What goes wrong with a method, as somebody has ordered.</summary>
internal sealed record Fault(string Method)
{
    private readonly TaskCompletionSource<bool> released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of whom; null for everybody.</summary>
    public string? Phone { get; init; }

    /// <summary>How often; 0 for ever.</summary>
    public int Times { get; set; }

    /// <summary>The error that is answered instead; null for none.</summary>
    public string? Text { get; init; }

    public int Code { get; init; } = 400;

    /// <summary>The constructor without fields that is answered instead; null for none.</summary>
    public string? Says { get; init; }

    /// <summary>How long the method waits before it begins.</summary>
    public TimeSpan Delay { get; init; }

    public Hold Hold { get; init; }

    /// <summary>Whether the connection is cut after it has happened; the answer goes over the next one.</summary>
    public bool Cuts { get; init; }

    /// <summary>Completes when somebody lets it go, and answers whether it goes on; or it is as if it had never come.
    /// </summary>
    public Task<bool> Released => released.Task;

    public void Release(bool goesOn) => released.TrySetResult(goesOn);
}

/// <summary>The faults that are ordered. Thread-safe.</summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> ordered = [];
    private readonly List<Fault> held = [];

    public void Order(Fault fault)
    {
        lock (gate)
        {
            ordered.Add(fault);
        }
    }

    /// <summary>Takes all orders back, or those of a method, and lets go what is held.</summary>
    /// <param name="method">The method; null for all.</param>
    /// <param name="goesOn">Whether what is held goes on; or it is as if it had never come.</param>
    public void Clear(string? method, bool goesOn)
    {
        lock (gate)
        {
            ordered.RemoveAll(fault => method is null || fault.Method == method);
            foreach (var fault in held.Where(fault => method is null || fault.Method == method)) fault.Release(goesOn);
            held.RemoveAll(fault => method is null || fault.Method == method);
        }
    }

    /// <summary>What goes wrong with a call: the oldest order that is for it; null if nothing does.</summary>
    public Fault? Take(Call call)
    {
        lock (gate)
        {
            var fault = ordered.Find(one =>
                one.Method == call.Method && (one.Phone is null || one.Phone == call.Device.Account?.Phone));
            if (fault is null) return null;
            if (fault.Hold != Hold.None) held.Add(fault);
            if (fault.Times > 0 && --fault.Times == 0) ordered.Remove(fault);
            return fault;
        }
    }
}
