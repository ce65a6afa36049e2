using System.Net.Http.Json;
using System.Text.Json;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>Nodes behind a pooler of connections.</summary>
public sealed class PgBouncerTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NodesThatKeepTheirConnectionsWorkBehindIt()
    {
        await using var pooler = await PgBouncer.StartAsync(await server.NewDatabaseAsync(), "session");
        using var folder = new TempFolder();
        await using var one = await HeatProcess.ServeNodeAsync(folder, pooler.Url, [("PACE", "0")]);
        await using var other = await HeatProcess.ServeNodeAsync(folder, pooler.Url, [("PACE", "0")]);

        using var begun = await one.Client.PostAsync("warmup-sync/alice", null, Cancellation);

        begun.EnsureSuccessStatusCode();
        var sitting = await begun.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var told = await other.Client.GetFromJsonAsync<JsonElement>("sessions/alice/history", Cancellation);
        told.List("history").Count.ShouldBe(sitting.GetProperty("execution_summary").Number("successful_actions"));
        (await other.Client.GetFromJsonAsync<JsonElement>("health", Cancellation)).List("nodes").Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task APoolerThatChangesConnectionsUnderneathIsRefusedWithTheRemedy(string mode)
    {
        await using var pooler = await PgBouncer.StartAsync(await server.NewDatabaseAsync(), mode);
        using var folder = new TempFolder();

        var ended = await HeatProcess.RunAsync(folder,
            ["serve", "--cluster", "--urls", $"http://127.0.0.1:{HeatProcess.FreePort()}"], ("DATABASE_URL", pooler.Url));

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("Set pool_mode=session in PgBouncer");
        ended.Error.ShouldNotContain("   at ");
    }
}
