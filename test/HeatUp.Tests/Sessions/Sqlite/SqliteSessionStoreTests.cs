using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteSessionStoreTests : SessionStoreContract
{
    private readonly TempFolder folder = new();

    protected override async Task<ISessionStore> OpenSameAsync(TelegramMode telegram) =>
        await OpenAsync("sessions.db", telegram);

    protected override async Task<ISessionStore> OpenOtherAsync(TelegramMode telegram) =>
        await OpenAsync("other.db", telegram);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    private Task<SqliteSessionStore> OpenAsync(string file, TelegramMode telegram) =>
        SqliteSessionStore.OpenAsync(folder.File(file), telegram, TimeProvider.System, NullLogger.Instance, Cancellation);
}
