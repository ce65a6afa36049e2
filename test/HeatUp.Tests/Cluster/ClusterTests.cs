using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeatUp.Testing;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>Processes of the program that share a database in PostgreSQL, as their users see them.</summary>
public sealed class ClusterTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASittingIsFoundWatchedAndCancelledFromEachNodeWhereverItRuns()
    {
        await using var nodes = await StartedAsync(count: 2, pace: "1");

        using var begun = await nodes[0].Client.PostAsync("warmup/alice", null, Cancellation);
        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var run = (await ClusterNodes.JsonAsync(begun)).GetProperty("run_id").GetString();
        using var second = await nodes[1].Client.PostAsync("warmup/alice", null, Cancellation);
        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await ClusterNodes.JsonAsync(second)).GetProperty("run_id").GetString().ShouldBe(run);

        foreach (var node in (int[])[0, 1])
            (await nodes[node].Client.GetFromJsonAsync<JsonElement>($"warmups/{run}", Cancellation))
                .GetProperty("status").GetString().ShouldBe("running");
        var watching = nodes[0].Client.GetStringAsync($"warmups/{run}/events", Cancellation);
        // Whichever node it is that doesn't run it, one of these reaches the other.
        using var cancelled = await nodes[1].Client.DeleteAsync($"warmups/{run}", Cancellation);
        using var again = await nodes[0].Client.DeleteAsync($"warmups/{run}", Cancellation);
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ClusterNodes.JsonAsync(cancelled)).GetProperty("status").GetString().ShouldBe("cancelled");
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await watching).ShouldContain("event: end");
    }

    [Fact]
    public async Task SittingsSpreadOverTheNodesWhichHealthNames()
    {
        await using var nodes = await StartedAsync(count: 2, pace: "1");

        for (var i = 0; i < 20; i++)
            (await nodes[0].Client.PostAsync($"warmup/session{i}", null, Cancellation)).StatusCode
                .ShouldBe(HttpStatusCode.Accepted);

        var health = await nodes[1].Client.GetFromJsonAsync<JsonElement>("health", Cancellation);
        health.GetProperty("dependencies").GetProperty("cluster").GetProperty("status").GetString().ShouldBe("ok");
        var told = health.GetProperty("nodes").EnumerateArray().ToList();
        told.Count.ShouldBe(2);
        told.Count(node => node.GetProperty("is_this").GetBoolean()).ShouldBe(1);
        told.Sum(node => node.GetProperty("sittings").GetInt32()).ShouldBe(20);
        told.ShouldAllBe(node => node.GetProperty("sittings").GetInt32() > 2);
        told.ShouldAllBe(node => Math.Abs(node.GetProperty("clock_ahead_seconds").GetDouble()) < 1);
    }

    [Fact]
    public async Task AFullNodeIsNotAskedInVainWhileAnotherHasRoom()
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "1");
        await Task.WhenAll(nodes.StartAsync(0, ("MAX_CONCURRENT_SITTINGS", "1")), nodes.StartAsync(1));

        for (var i = 0; i < 20; i++)
            (await nodes[1].Client.PostAsync($"warmup/session{i}", null, Cancellation)).StatusCode
                .ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task AnAccountThatWasLostOnOneNodeIsLostOnAll()
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "0");
        await nodes.StartAsync(0, ("SANDBOX_FAULTS", "banned:1"));
        (await SitAsync(0)).ShouldContain("USER_DEACTIVATED_BAN");
        await nodes.KillAsync(0);
        // Nobody loses an account here; but that one is lost.
        await nodes.StartAsync(1, ("SANDBOX_FAULTS", "offline:0.0001"));

        (await SitAsync(1)).ShouldContain("401");

        async Task<string> SitAsync(int node)
        {
            using var answer = await nodes[node].Client.PostAsync("warmup-sync/alice", null, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadAsStringAsync(Cancellation);
        }
    }

    [Fact]
    public async Task ASynchronousSittingIsAnsweredByTheNodeThatWasAskedWhereverItRuns()
    {
        await using var nodes = await StartedAsync(count: 2, pace: "0");

        for (var i = 0; i < 6; i++)
        {
            using var answer = await nodes[i % 2].Client.PostAsync($"warmup-sync/session{i}", null, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await ClusterNodes.JsonAsync(answer)).GetProperty("status").GetString().ShouldBe("completed");
        }
    }

    [Fact]
    public async Task ANodeThatStopsHandsItsSittingsOverAtOnce()
    {
        await using var nodes = await StartedAsync(count: 2, pace: "1");
        for (var i = 0; i < 8; i++)
            (await nodes[0].Client.PostAsync($"warmup/session{i}", null, Cancellation)).EnsureSuccessStatusCode();

        (await nodes[0].TerminateAsync()).Code.ShouldBe(0);

        await nodes.UntilAsync("SELECT count(DISTINCT owner) = 1 AND count(*) = 8 FROM runs WHERE ended_at IS NULL");
        await nodes.UntilAsync("""
            SELECT bool_and(gone_at IS NULL) FROM owners WHERE number IN (SELECT owner FROM runs WHERE ended_at IS NULL)
            """);
    }

    [Fact]
    public async Task WhoeverWaitsForASittingOfANodeThatStopsIsToldThatItGoesOn()
    {
        await using var nodes = await StartedAsync(count: 1, pace: "1");
        var waiting = nodes[0].Client.PostAsync("warmup-sync/alice", null, Cancellation);
        // Once it has a step, its beginning has been answered.
        await nodes.UntilAsync("SELECT count(*) > 0 FROM steps");

        (await nodes[0].TerminateAsync()).Code.ShouldBe(0);

        using var answer = await waiting;
        (await ClusterNodes.JsonAsync(answer)).GetProperty("status").GetString().ShouldBe("interrupted");
        await nodes.UntilAsync("SELECT count(*) = 1 FROM runs WHERE ended_at IS NULL");
    }

    [Fact]
    public async Task WhenAllNodesDieAtOnceANewOneGoesOnWithTheirSittings()
    {
        await using var nodes = await StartedAsync(count: 2, pace: "1");
        for (var i = 0; i < 8; i++)
            (await nodes[0].Client.PostAsync($"warmup/session{i}", null, Cancellation)).EnsureSuccessStatusCode();
        await Task.WhenAll(nodes.KillAsync(0), nodes.KillAsync(1));

        await nodes.StartAsync(2);

        await nodes.UntilAsync("""
            SELECT count(DISTINCT owner) = 1 AND bool_and(epoch > 1) FROM runs WHERE ended_at IS NULL
            """);
    }

    [Fact]
    public async Task ANodeThatWasNotStartedForSeveralLetsNoOtherInAndCanBeKilledAndStartedAnew()
    {
        using var folder = new TempFolder();
        var database = PostgresServer.UrlOf(await server.NewDatabaseAsync());
        await using (var alone = await HeatProcess.ServeAsync(folder, ("DATABASE_URL", database)))
        {
            var refused = await ServeAsync(folder, database, "--cluster");
            refused.Code.ShouldBe(1);
            refused.Error.ShouldContain("lets no other in: start it anew with 'heat serve --cluster'");
            (await ServeAsync(folder, database)).Error.ShouldContain("Stop it; or start both with 'heat serve --cluster'");
            (await alone.Client.PostAsync("warmup/alice", null, Cancellation)).EnsureSuccessStatusCode();
            await alone.KillAsync();
        }

        await using var next = await HeatProcess.ServeAsync(folder, ("DATABASE_URL", database));
        // The engine must find out by itself that the killed one is dead; then its sitting goes on here.
        await UntilAsync(async () => (await HealthAsync(next)).GetProperty("running_sittings").GetInt32() > 0);
    }

    [Fact]
    public async Task ALoneNodeThatHungWhileAnotherTookItsPlaceLeavesWhenItWakes()
    {
        using var folder = new TempFolder();
        var database = PostgresServer.UrlOf(await server.NewDatabaseAsync());
        await using var hanging = await HeatProcess.ServeAsync(folder, ("DATABASE_URL", database));
        await hanging.SignalAsync("STOP");
        await using var next = await HeatProcess.ServeAsync(folder, ("DATABASE_URL", database));

        await hanging.SignalAsync("CONT");

        var (code, log) = await hanging.EndedAsync();
        code.ShouldBe(1);
        // Whichever notices first, the sweep or the engine.
        (log.Contains("The other nodes have declared this one dead") || log.Contains("I have been told I am dead"))
            .ShouldBeTrue(log);
    }

    [Fact]
    public async Task NodesOnTwoMachinesMustBeAbleToReachEachOther()
    {
        using var folder = new TempFolder();
        var address = await server.NewDatabaseAsync();
        var database = PostgresServer.UrlOf(address);
        await using var node = await HeatProcess.ServeNodeAsync(folder, database);
        await PostgresServer.RunAsync(address, "UPDATE owners SET machine = 'elsewhere'");

        var refused = await ServeAsync(folder, database, "--cluster");

        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("on the machine elsewhere");
        refused.Error.ShouldContain("set CLUSTER_LISTEN on both");
    }

    [Fact]
    public async Task ADatabaseIsOneClusters()
    {
        using var folder = new TempFolder();
        var database = PostgresServer.UrlOf(await server.NewDatabaseAsync());
        await using (await HeatProcess.ServeNodeAsync(folder, database, ("CLUSTER_ID", "mine"))) { }

        var refused = await HeatProcess.RunAsync(folder, ["serve", "--cluster", "--urls", Free],
            ("DATABASE_URL", database), ("CLUSTER_ID", "yours"));

        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("belongs to the cluster CLUSTER_ID=mine, not to yours");
        refused.Error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("--cluster needs PostgreSQL")]
    [InlineData("--cluster is for the sandbox", "DATABASE_URL=postgres://db/heat", "TELEGRAM_MODE=live",
        "TELEGRAM_API_ID=1", "TELEGRAM_API_HASH=0123456789abcdef0123456789abcdef")]
    [InlineData("must be certificates and a key", "DATABASE_URL=postgres://db/heat", "CLUSTER_CERTIFICATE=a.pem",
        "CLUSTER_KEY=b.pem", "CLUSTER_AUTHORITY=c.pem")]
    public async Task WhatNoClusterCanBeMadeOfIsRefusedWithTheReason(string why, params string[] settings)
    {
        using var folder = new TempFolder();

        var refused = await HeatProcess.RunAsync(folder, ["serve", "--cluster", "--urls", Free],
            [.. settings.Select(one => one.Split('=')).Select(one => (one[0], one[1]))]);

        refused.Code.ShouldBe(2);
        refused.Error.ShouldContain(why);
    }

    [Theory]
    [InlineData("can't be reached")]
    [InlineData("does not exist", "nowhere")]
    [InlineData("Correct sslmode", "?sslmode=require")]
    public async Task WithoutItsDatabaseANodeSaysSoInALine(string why, string? name = null)
    {
        using var folder = new TempFolder();
        var database = name is null ? $"postgres://127.0.0.1:{HeatProcess.FreePort()}/heat"
            : PostgresServer.UrlOf(await server.NewDatabaseAsync()) + name;

        var ended = await ServeAsync(folder, database, "--cluster");

        ended.Code.ShouldBe(1);
        var lines = ended.Error.TrimEnd().Split('\n').Where(line => !line.Contains(" info: ", StringComparison.Ordinal));
        lines.ShouldHaveSingleItem().ShouldContain(why);
    }

    [Fact]
    public async Task CommandsWorkOnTheDatabaseAndSittingsAreANodes()
    {
        using var folder = new TempFolder();
        var database = PostgresServer.UrlOf(await server.NewDatabaseAsync());
        var url = Free;
        (await RunAsync("sessions")).ShouldBe((1, "", "has no tables of Heat Up. 'heat db init' makes them."));
        (await RunAsync("db", "init")).Out.ShouldContain("is ready");
        (await RunAsync("warmup", "alice")).Error.ShouldContain("No node answers at HEAT_URL=");
        await using var node = await HeatProcess.ServeNodeAsync(folder, database, ("PACE", "0"));
        url = node.Client.BaseAddress!.OriginalString;

        var sat = await RunAsync("warmup", "alice", "--sittings", "2");
        sat.Code.ShouldBe(0);
        sat.Out.ShouldContain("completed");
        (await RunAsync("warmup", "alice", "--json")).Out.ShouldContain("\"status\":\"completed\"");
        (await RunAsync("history", "alice")).Out.ShouldContain("join_channel");
        (await RunAsync("sessions")).Out.ShouldContain("alice");
        (await RunAsync("recommend", "alice")).Code.ShouldBe(0);
        (await RunAsync("report")).Code.ShouldBe(0);
        File.ReadAllText(folder.File("heat-up-report.html")).ShouldContain("<svg");
        (await RunAsync("db", "backup", "copy.db")).Error.ShouldContain("pg_dump");
        (await RunAsync("db", "export", "all.ndjson")).Code.ShouldBe(0);
        (await RunAsync("forget", "alice", "--yes")).Code.ShouldBe(0);
        (await RunAsync("db", "import", "all.ndjson")).Out.ShouldContain("0 refused");
        (await RunAsync("history", "alice")).Out.ShouldContain("join_channel");

        async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
        {
            var (code, said, error) = await HeatProcess.RunAsync(folder, arguments,
                ("DATABASE_URL", database), ("HEAT_URL", url));
            return (code, said, error.Contains("has no tables", StringComparison.Ordinal)
                ? error[error.IndexOf("has no", StringComparison.Ordinal)..].TrimEnd() : error);
        }
    }

    [Fact]
    public async Task NodesWithCertificatesOfOneAuthorityTrustEachOtherAndNoOther()
    {
        using var folder = new TempFolder();
        var database = PostgresServer.UrlOf(await server.NewDatabaseAsync());
        var trusted = NodeCertificates.Write(folder, "ours");

        await using var one = await HeatProcess.ServeNodeAsync(folder, database, trusted);
        await using var two = await HeatProcess.ServeNodeAsync(folder, database, trusted);
        for (var i = 0; i < 10; i++)
            (await one.Client.PostAsync($"warmup/session{i}", null, Cancellation)).EnsureSuccessStatusCode();
        (await two.Client.GetFromJsonAsync<JsonElement>("health", Cancellation)).GetProperty("nodes")
            .EnumerateArray().ShouldAllBe(node => node.GetProperty("sittings").GetInt32() > 0);

        // It can't answer the others' probes, nor they its own.
        var stranger = HeatProcess.ServeNodeAsync(folder, database, NodeCertificates.Write(folder, "foreign"));
        (await Should.ThrowAsync<InvalidOperationException>(stranger)).Message.ShouldContain("The node can't");
    }

    [Fact]
    public async Task ANodeLeavesAModelsServerAloneThatAnotherHasMetInTrouble()
    {
        await using var llm = await StubLlm.StartAsync();
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(401));
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "1");
        (string, string)[] model =
            [("LLM_BASE_URL", llm.BaseUrl.OriginalString), ("LLM_MODEL", "m"), ("LLM_API_KEY", "k")];
        await Task.WhenAll(nodes.StartAsync(0, model), nodes.StartAsync(1, model));

        (await nodes[0].Client.PostAsync("warmup/alice", null, Cancellation)).EnsureSuccessStatusCode();

        var calls = llm.RequestCount;
        foreach (var node in (int[])[0, 1])
            await UntilAsync(async () => (await HealthAsync(nodes[node])).GetProperty("dependencies")
                .GetProperty("planner").TryGetProperty("until", out _));
        llm.RequestCount.ShouldBe(calls);
    }

    [Fact]
    public async Task AChannelThatOneMachineFoundGoneIsInNoPoolOfTheOthers()
    {
        const string checkedAt = "\"checked_at\":\"2026-01-02T03:04:05Z\"";
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "1");
        await File.WriteAllTextAsync(nodes.File("one.json"),
            $$"""[{"username":"@nasa","invalid":"gone",{{checkedAt}}},{"username":"@nytimes",{{checkedAt}}}]""", Cancellation);
        await File.WriteAllTextAsync(nodes.File("other.json"), """
            [{"username":"@nasa"},{"username":"@bbc_news"},{"username":"@one1"},{"username":"@two2"},{"username":"@three3"}]
            """, Cancellation);

        await nodes.StartAsync(0, ("CHANNELS_FILE", nodes.File("one.json")));
        await nodes.UntilAsync("SELECT count(*) = 2 FROM channel_checks");
        await nodes.StartAsync(1, ("CHANNELS_FILE", nodes.File("other.json")));

        await UntilAsync(async () => (await ChannelsOfAsync(nodes[1])).GetProperty("invalid").GetInt32() == 1);
        (await ChannelsOfAsync(nodes[1])).ToString().ShouldNotContain("nytimes", Case.Insensitive, "a list stays its machine's own");
    }

    private static Task<JsonElement> ChannelsOfAsync(HeatProcess node) =>
        node.Client.GetFromJsonAsync<JsonElement>("channels", Cancellation);

    private static Task<JsonElement> HealthAsync(HeatProcess node) =>
        node.Client.GetFromJsonAsync<JsonElement>("health", Cancellation);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo()) await looks.WaitForNextTickAsync(Cancellation);
    }

    private static string Free => $"http://127.0.0.1:{HeatProcess.FreePort()}";

    private static Task<HeatProcess.Ended> ServeAsync(TempFolder folder, string database, params string[] options) =>
        HeatProcess.RunAsync(folder, ["serve", "--urls", Free, .. options], ("DATABASE_URL", database));

    private async Task<ClusterNodes> StartedAsync(int count, string pace)
    {
        var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace);
        await Task.WhenAll(Enumerable.Range(0, count).Select(node => nodes.StartAsync(node)));
        return nodes;
    }
}
