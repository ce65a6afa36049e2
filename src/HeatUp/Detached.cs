namespace HeatUp;

/// <summary>Work that outlives the request which began it, on the wall clock.</summary>
public static class Detached
{
    /// <summary>
    /// Starts a task without carrying the caller's context along. If nobody awaits it, it must handle its failures.
    /// </summary>
#pragma warning disable RS0030 // Nothing of it runs on virtual time.
    public static Task<T> Run<T>(Func<Task<T>> task)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(task);
    }

    /// <inheritdoc cref="Run{T}"/>
    public static Task Run(Func<Task> task)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(task);
    }
#pragma warning restore RS0030
}
