using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>What people are told, over SQLite.</summary>
public sealed class SqliteInsightsTests : InsightsContract, IDisposable
{
    private readonly TempFolder folder = new();
    private int databases;

    public void Dispose() => folder.Dispose();

    protected override async Task<ISessionStore> OpenAsync() => await SqliteSessionStore.OpenAsync(
        folder.File($"{++databases}.db"), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance,
        TestContext.Current.CancellationToken);
}
