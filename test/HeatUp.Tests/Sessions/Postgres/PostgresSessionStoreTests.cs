using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>What every store keeps, over PostgreSQL.</summary>
public sealed class PostgresSessionStoreTests(PostgresServer server) : SessionStoreContract
{
    private PostgresAddress? same;

    protected override async Task<ISessionStore> OpenSameAsync(TelegramMode telegram) =>
        await OpenAsync(same ??= await server.NewDatabaseAsync(), telegram);

    protected override async Task<ISessionStore> OpenOtherAsync(TelegramMode telegram) =>
        await OpenAsync(await server.NewDatabaseAsync(), telegram);

    private static Task<PostgresSessionStore> OpenAsync(PostgresAddress address, TelegramMode telegram) =>
        PostgresSessionStore.OpenAsync(address, telegram, TimeProvider.System, cancellation: Cancellation);
}
