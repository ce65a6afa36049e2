using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>Something to be written, and the caller who waits for it.</summary>
internal abstract class SqliteWrite
{
    /// <summary>When it was asked for.</summary>
    public long AskedAt { get; set; }

    /// <summary>Whether others are written before it, and none together with it.</summary>
    public bool IsPatient { get; init; }

    /// <summary>Whether it needs as much room as a step: that it succeeds shows that steps can be written.</summary>
    public bool IsSizable { get; init; }

    /// <summary>Why it failed alone, while the rest of its batch succeeded.</summary>
    public StoreException? OwnFailure { get; set; }

    /// <summary>Writes. May be called a second time, after the first was rolled back.</summary>
    public abstract void Perform(SqliteDatabase db);

    /// <summary>Tells the caller that it is on the disk.</summary>
    public abstract void Succeed();

    /// <summary>Tells the caller that nothing of it was written.</summary>
    public abstract void Fail(StoreException failure);
}

/// <summary>A write with an answer.</summary>
internal sealed class SqliteWrite<T>(Func<SqliteDatabase, T> perform) : SqliteWrite
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? answer;

    public Task<T> Done => done.Task;

    public override void Perform(SqliteDatabase db) => answer = perform(db);

    public override void Succeed() => done.TrySetResult(answer!);

    public override void Fail(StoreException failure) => done.TrySetException(failure);
}
