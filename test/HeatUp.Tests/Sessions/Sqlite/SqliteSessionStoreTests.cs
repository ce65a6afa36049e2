using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteSessionStoreTests : SessionStoreContract
{
    private readonly TempFolder folder = new();

    protected override async Task<ISessionStore> OpenSameAsync() => await OpenAsync("sessions.db");

    protected override async Task<ISessionStore> OpenOtherAsync() => await OpenAsync("other.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    private Task<SqliteSessionStore> OpenAsync(string file) =>
        SqliteSessionStore.OpenAsync(folder.File(file), TimeProvider.System, NullLogger.Instance, Cancellation);
}
