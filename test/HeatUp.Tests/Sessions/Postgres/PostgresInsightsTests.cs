using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>What people are told, over PostgreSQL.</summary>
public sealed class PostgresInsightsTests(PostgresServer server) : InsightsContract
{
    protected override async Task<ISessionStore> OpenAsync() => await PostgresSessionStore.OpenAsync(
        await server.NewDatabaseAsync(), TelegramMode.Sandbox, TimeProvider.System,
        cancellation: TestContext.Current.CancellationToken);
}
