using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteCheckpointerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhoeverWaitsForARoundIsToldOfItHoweverOftenOthersAsk()
    {
        var file = new SqliteFile(folder.File("sessions.db"));
        using var writer = new SqliteStatements(file.OpenWriter());
        using var checkpointer = new SqliteCheckpointer(file, NullLogger.Instance);
        checkpointer.Start();

        for (int round = 0, pages = 0; round < 5_000; round++)
        {
            for (var again = 0; again < 3; again++)
                checkpointer.Consider(writer, pages += SqliteCheckpointer.PagesMin);
            await checkpointer.CaughtUpAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }
}
