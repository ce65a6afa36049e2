namespace Heat.Background;

/// <summary>Work that outlives the request which began it.</summary>
internal static class Detached
{
    /// <summary>
    /// Starts a task without carrying the request's context along. It must handle its failures: nobody awaits it.
    /// </summary>
    public static Task Run(Func<Task> task)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(task);
    }
}
