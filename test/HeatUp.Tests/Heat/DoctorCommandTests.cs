using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HeatUp.Testing;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Heat;

/// <summary>The doctor looks at real files, servers and processes.</summary>
public sealed class DoctorCommandTests(PostgresServer postgres) : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string url = $"http://127.0.0.1:{HeatProcess.FreePort()}";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhereAllIsWellItSaysSoAndLeavesNothingBehind()
    {
        var ended = await HeatProcess.RunAsync(folder, ["doctor"], ("ASPNETCORE_URLS", url));

        ended.Code.ShouldBe(0, ended.Out);
        ended.Out.ShouldStartWith("what\tstate\tfound\n");
        ended.Out.ShouldContain("database\tok\tThere is none at sessions.db yet; the first sitting makes it.");
        ended.Out.ShouldContain($"address\tok\t{url} is free.");
        ended.Error.Trim().ShouldBe("All is well.");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task AWrongSettingHidesNothingElse()
    {
        folder.Write(".env", "PACE=fast\nDATABSE_PATH=a.db\nCHANNELS_FILE=missing.json\n");

        var findings = await FindingsAsync(code: 1, ("CHANNELS_FILE", ""));

        Says(findings, "settings", "problem").ShouldContain($"PACE=fast: it must be a number, 0 (no waiting) to 1000. See ");
        Says(findings, "settings", "warning").ShouldContain("did you mean DATABASE_PATH?");
        Says(findings, "channels", "warning").ShouldContain("missing.json: it does not exist.");
        Says(findings, "database", "ok").ShouldContain("sessions.db");
    }

    [Fact]
    public async Task WhatDependsOnAWrongSettingIsNotLookedAt()
    {
        var findings = await FindingsAsync(code: 1, ("DATABASE_URL", "mysql://nowhere"));

        Says(findings, "database", "warning").ShouldBe("It was not looked at, because DATABASE_URL is wrong.");
    }

    [Fact]
    public async Task SecretsThatOthersMayReadAreAWarning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows says in another way who may read a file.");
        var file = folder.Write(".env", "API_TOKEN=hush\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);

        var findings = await FindingsAsync(code: 0);

        Says(findings, "settings", "warning").ShouldBe($"{file} holds secrets, and other users may read it.");
    }

    [Fact]
    public async Task ADatabaseIsOpenedToLook()
    {
        await HeatProcess.RunAsync(folder, ["warmup", "alice", "--pace", "0"]);
        Says(await FindingsAsync(code: 0), "database", "ok").ShouldMatch("^sessions.db: tables of version [0-9]+, [0-9.]+ MB.$");

        Run("UPDATE telegram SET mode = 'live'");
        Says(await FindingsAsync(code: 1), "database", "problem").ShouldContain("holds sittings of TELEGRAM_MODE=live");

        Run("UPDATE session_history SET timestamp = '2999-01-01 00:00:00'");
        Says(await FindingsAsync(code: 1), "clock", "warning").ShouldContain("ahead of the clock");

        Run("PRAGMA user_version = 99");
        Says(await FindingsAsync(code: 1), "database", "problem").ShouldContain("was written by a newer Heat Up");

        File.WriteAllText(folder.File("other.db"), "no database at all, but some text that is long enough");
        Says(await FindingsAsync(code: 1, ("DATABASE_PATH", "other.db")), "database", "problem")
            .ShouldContain("is not an SQLite database");
        Says(await FindingsAsync(code: 1, ("DATABASE_PATH", "missing/a.db")), "database", "problem").ShouldContain("does not exist");
    }

    [Fact]
    public async Task ADatabaseInPostgresIsAskedForItsClock()
    {
        var address = PostgresServer.UrlOf(await postgres.NewDatabaseAsync());
        Says(await FindingsAsync(code: 0, ("DATABASE_URL", address)), "database", "ok").ShouldContain("the first start makes its tables");
        await HeatProcess.RunAsync(folder, ["db", "init"], ("DATABASE_URL", address));

        var findings = await FindingsAsync(code: 0, ("DATABASE_URL", address));

        Says(findings, "database", "ok").ShouldStartWith("PostgreSQL ");
        Says(findings, "clock", "ok").ShouldContain("the database's");
        Says(await FindingsAsync(code: 1, ("DATABASE_URL", "postgres://heat@127.0.0.1:1/heat")), "database", "problem")
            .ShouldContain("can't be reached");
    }

    [Theory]
    [InlineData(200, """{"data":[{"id":"m"},{"id":"n"}]}""", 0, "ok", "has m; 'heat doctor --llm' tries it.")]
    [InlineData(200, """{"data":[{"id":"n"}]}""", 1, "problem", "answers, but has no model m.")]
    [InlineData(401, """{"error":{"message":"Bad key."}}""", 1, "problem", "llm_key_refused: The model's server refuses the API key")]
    [InlineData(404, "", 0, "ok", "answers, but lists no models")]
    public async Task AModelsServerIsAskedWithoutCosts(int status, string body, int code, string state, string says)
    {
        var asked = new List<string>();
        await using var server = await StubServer.StartAsync(http =>
        {
            asked.Add($"{http.Request.Method} {http.Request.Path} {http.Request.Headers.Authorization}");
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body, TestContext.Current.CancellationToken);
        });

        var findings = await FindingsAsync(
            code, ("LLM_BASE_URL", $"{server.Address}/v1"), ("LLM_MODEL", "m"), ("LLM_API_KEY", "sk-1"));

        asked.ShouldBe(["GET /v1/models Bearer sk-1"]);
        Says(findings, "model", state).ShouldContain(says);
    }

    [Fact]
    public async Task WithTheOptionTheModelIsTriedAsByLlmCheck()
    {
        await using var llm = await StubLlm.StartAsync();

        var ended = await HeatProcess.RunAsync(
            folder, ["doctor", "--llm"], ("LLM_BASE_URL", $"{llm.BaseUrl}"), ("LLM_MODEL", "m"), ("ASPNETCORE_URLS", url));

        ended.Code.ShouldBe(0, ended.Out);
        ended.Out.ShouldContain("it can plan.");
        llm.RequestCount.ShouldBe(2);
    }

    [Fact]
    public async Task AMissingLibraryOfTelegramsIsAProblem()
    {
        var findings = await FindingsAsync(code: 1, ("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", "1"),
            ("TELEGRAM_API_HASH", "abc"), ("TDLIB_PATH", folder.File("nothing.so")));

        Says(findings, "telegram", "problem").ShouldContain("nothing.so");
    }

    [Fact]
    public async Task AnAddressInUseIsOursOrAnothers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = $"http://{listener.LocalEndpoint}";
        Says(await FindingsAsync(code: 1, ("ASPNETCORE_URLS", taken)), "address", "problem").ShouldContain($"{taken} is in use.");

        await using var heat = await HeatProcess.ServeAsync(folder, ("API_TOKEN", "tok"));
        var ours = heat.Client.BaseAddress!.OriginalString;

        Says(await FindingsAsync(code: 0, ("ASPNETCORE_URLS", ours)), "address", "ok")
            .ShouldBe($"Heat Up listens on {ours} already.");
    }

    [Fact]
    public async Task FewFilesAreAWarning()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems name no bound.");
        var ended = await HeatProcess.RunWithFilesAsync(folder, 500, ["doctor"], ("ASPNETCORE_URLS", url));

        ended.Code.ShouldBe(0, ended.Out);
        ended.Out.ShouldContain("files\twarning\t500 files may be open, which leaves 100 connections. Raise the limit");
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsAProblem()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Nothing else is closed to an administrator.");
        // Nobody makes files there, whoever it is.
        Says(await FindingsAsync(code: 1, ("DATABASE_PATH", "/proc/self/sessions.db")), "disk", "problem").ShouldContain("/proc/self/");
    }

    private async Task<IReadOnlyList<JsonElement>> FindingsAsync(int code, params (string Name, string Value)[] settings)
    {
        var ended = await HeatProcess.RunAsync(folder, ["doctor", "--json"], [("ASPNETCORE_URLS", url), .. settings]);
        ended.Code.ShouldBe(code, ended.Out + ended.Error);
        var answer = JsonDocument.Parse(ended.Out).RootElement;
        (answer.Text("status") == "problem").ShouldBe(code == 1);
        return answer.List("findings");
    }

    private static string Says(IReadOnlyList<JsonElement> findings, string what, string status) => string.Join('\n',
        findings.Where(one => one.Text("what") == what && one.Text("status") == status).Select(one => one.Text("says")));

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
