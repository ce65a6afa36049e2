using System.Net;
using System.Text.Json;
using Heat.Api;
using HeatUp.Sessions;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class SessionsApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> WrongSessionIds => new(
        "%20", "a%20b", "a%2Fb", "..%2F..%2Fadmin", "%2E%2E%2E", "a%00b", "a%0D%0Ab", "a%3Fb", "a%23frag", "100%25",
        "%FF", "%F0%9F%94%A5", "%E2%80%AEevil", "a;b", "'%20OR%201=1--", new string('a', 129), new string('a', 10_000));

    [Theory]
    [MemberData(nameof(WrongSessionIds))]
    [InlineData("%E3%85%A4")]
    [InlineData("a%EF%BE%A0")]
    [InlineData("%E1%85%9F")]
    [InlineData("%E1%85%A0")]
    [InlineData("%E2%80%8B")]
    [InlineData("%F0%93%91%81")]
    public async Task AWrongSessionIdIsRefusedEverywhereAndNothingIsRemembered(string session)
    {
        await using var heat = await HeatServer.StartAsync();

        foreach (var answer in new[]
        {
            await heat.PostAsync($"/warmup/{session}"),
            await heat.PostAsync($"/warmup-sync/{session}"),
            await heat.Client.GetAsync($"/sessions/{session}/history", Cancellation),
            await heat.Client.DeleteAsync($"/sessions/{session}", Cancellation),
        })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            // A NUL never gets past the server itself, which answers without a body.
            if (answer.Content.Headers.ContentLength == 0) continue;
            (await answer.JsonAsync()).Problem().ShouldBe("invalid-session-id");
        }
        (await heat.GetAsync("/sessions")).Number("count").ShouldBe(0);
    }

    [Theory]
    [InlineData("/warmup/")]
    [InlineData("/warmup")]
    [InlineData("/warmup-sync/")]
    public async Task AnEmptySessionIdIsRefusedWithAReason(string path)
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.PostAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Text("detail").ShouldContain("empty");
    }

    [Theory]
    [InlineData("9f1c6a52-6d0f-4f7a-8f0e-0a1b2c3d4e5f")]
    [InlineData("tg:+79990001122")]
    [InlineData("прогрев")]
    [InlineData("a.b@c-d_e")]
    public async Task EverySessionIdOfExistingDatabasesWorks(string session)
    {
        await using var heat = await HeatServer.StartAsync();

        var body = await heat.SitAsync(Uri.EscapeDataString(session));

        body.Text("session_id").ShouldBe(session);
        var history = await heat.GetAsync($"/sessions/{Uri.EscapeDataString(session)}/history");
        history.Text("session_id").ShouldBe(session);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("1e9")]
    [InlineData("1000000000")]
    [InlineData("3651")]
    [InlineData("3.5")]
    [InlineData("")]
    [InlineData("+5")]
    [InlineData("%2030")]
    [InlineData("99999999999999999999")]
    [InlineData("1%00")]
    [InlineData("%D9%A1")]
    public async Task WrongDaysAreRefusedWithWhatIsAllowed(string days)
    {
        await using var heat = await HeatServer.StartAsync();

        foreach (var path in new[] { $"/sessions?days={days}", $"/sessions/alice/history?days={days}" })
        {
            using var answer = await heat.Client.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            var problem = await answer.JsonAsync();
            problem.Problem().ShouldBe("invalid-days");
            problem.Text("detail").ShouldContain("1 to 3650");
        }
    }

    [Fact]
    public async Task ANewSessionHasAnEmptyHistory()
    {
        await using var heat = await HeatServer.StartAsync();

        var json = await heat.Client.GetStringAsync("/sessions/nobody/history", Cancellation);

        json.ShouldBe(
            """{"session_id":"nobody","summary":{"is_new":true,"total_actions":0,"joined_channels":["""
            + """],"last_activity":null,"recent_actions":[]},"history":[]}""");
    }

    [Fact]
    public async Task ActiveSessionsAreListedByName()
    {
        await using var heat = await HeatServer.StartAsync();
        await heat.SitAsync("bob");
        await heat.SitAsync("alice");

        var answer = await heat.GetAsync("/sessions?days=1");

        answer.Number("count").ShouldBe(2);
        answer.List("sessions").Select(session => session.Text("session_id")).ShouldBe(["alice", "bob"]);
        answer.List("sessions").ShouldAllBe(session => session.GetProperty("total_actions").GetInt32() >= 3);
    }

    [Fact(Timeout = 30_000)]
    public async Task SessionsAreSentAsTheyAreFound()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sent = new MemoryStream();

        var send = JsonSerializer.SerializeAsync(
            sent, SessionsAnswer.Of(1, Endless()), ApiJson.Readable.SessionsAnswer, enough.Token);

        await Should.ThrowAsync<OperationCanceledException>(send);
        sent.Length.ShouldBeGreaterThan(1 << 20);

        async IAsyncEnumerable<SessionActivity> Endless()
        {
            for (var number = 0; ; number++)
            {
                await Task.Yield();
                if (sent.Length > 1 << 20) await enough.CancelAsync();
                enough.Token.ThrowIfCancellationRequested();
                yield return new SessionActivity($"s{number}", number, DateTimeOffset.UnixEpoch);
            }
        }
    }

    [Fact]
    public async Task AForgottenSessionIsNew()
    {
        await using var heat = await HeatServer.StartAsync();
        var run = (await heat.SitAsync("alice")).Text("run_id");
        await heat.SitAsync("bob");

        using var answer = await heat.Client.DeleteAsync("/sessions/alice", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var summary = (await heat.GetAsync("/sessions/alice/history")).GetProperty("summary");
        summary.GetProperty("is_new").GetBoolean().ShouldBeTrue();
        (await heat.Client.GetAsync($"/warmups/{run}", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await heat.GetAsync("/sessions")).Number("count").ShouldBe(1);
    }

    [Fact]
    public async Task ForgettingNobodyIsNotFound()
    {
        await using var heat = await HeatServer.StartAsync();

        using var answer = await heat.Client.DeleteAsync("/sessions/nobody", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.JsonAsync()).Problem().ShouldBe("session-not-found");
    }

    [Fact]
    public async Task ASessionIsNotForgottenWhileItSits()
    {
        await using var heat = await HeatServer.StartAtRealPaceAsync();
        var run = (await (await heat.PostAsync("/warmup/alice")).JsonAsync()).Text("run_id");

        using var answer = await heat.Client.DeleteAsync("/sessions/alice", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.JsonAsync()).Text("run_id").ShouldBe(run);
    }
}
