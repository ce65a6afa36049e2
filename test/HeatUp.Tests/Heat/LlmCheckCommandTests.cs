using System.Text.Json;
using HeatUp.Sessions.Sqlite;
using HeatUp.Testing;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Heat;

public sealed class LlmCheckCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AServerThatCanPlanIsToldWithItsDialectAndItsPrice()
    {
        await using var llm = await StubLlm.StartAsync();
        llm.Then(StubReply.Fails(422, "max_completion_tokens: Extra inputs are not permitted"));

        // A proxy of the environment that nobody listens at is no way to this machine.
        var ended = await CheckAsync(llm, ("http_proxy", "http://127.0.0.1:9"));

        ended.Error.ShouldBeEmpty();
        ended.Code.ShouldBe(0);
        ended.Out.ShouldContain("speaks   json_schema, max_tokens, system messages");
        ended.Out.ShouldMatch("a plan   about [0-9]+,[0-9]{3} tokens in and 200 out");
        ended.Out.ShouldContain("It can plan.");
        llm.RequestCount.ShouldBe(3);
    }

    [Fact]
    public async Task WhyAServerCantPlanIsSaidInItsOwnWords()
    {
        await using var llm = await StubLlm.StartAsync();
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(400, "Model is not loaded."));

        var ended = await CheckAsync(llm);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("llm_request_refused");
        ended.Error.ShouldContain("Model is not loaded.");
    }

    [Fact]
    public async Task AModelThatOnlyTalksCantPlan()
    {
        await using var llm = await StubLlm.StartAsync();
        llm.Otherwise = _ => Task.FromResult(StubReply.Says("What a lovely day!"));

        var ended = await CheckAsync(llm);

        ended.Code.ShouldBe(1);
        ended.Out.ShouldContain("What a lovely day!");
        ended.Error.ShouldContain("llm_bad_plan");
        llm.RequestCount.ShouldBe(2);
    }

    [Fact]
    public async Task ForProgramsItIsJson()
    {
        await using var llm = await StubLlm.StartAsync();

        var can = await CheckAsync(llm, ["--json"]);
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(400, "Model is not loaded."));
        var cant = await CheckAsync(llm, ["--json"]);

        var answer = JsonDocument.Parse(can.Out).RootElement;
        answer.GetProperty("model").GetString().ShouldBe("stub");
        answer.GetProperty("can_plan").GetBoolean().ShouldBeTrue();
        answer.GetProperty("plan_tokens").GetProperty("output").GetInt64().ShouldBe(200);
        answer.GetProperty("latencies_seconds").GetArrayLength().ShouldBe(2);
        answer.TryGetProperty("problem", out _).ShouldBeFalse();
        cant.Code.ShouldBe(1);
        answer = JsonDocument.Parse(cant.Out).RootElement;
        answer.GetProperty("can_plan").GetBoolean().ShouldBeFalse();
        answer.GetProperty("problem").GetString()!.ShouldContain("Model is not loaded.");
        answer.TryGetProperty("plan_tokens", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatACheckCostsCountsWhereThereIsADatabase()
    {
        await using var llm = await StubLlm.StartAsync();
        (await HeatProcess.RunAsync(folder, ["db", "init"])).Code.ShouldBe(0);

        (await CheckAsync(llm)).Code.ShouldBe(0);

        using var database = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False");
        database.Open();
        database.Scalar("SELECT sum(input + output) FROM llm_usage").ShouldBe(4_400L);
    }

    [Fact]
    public async Task WithoutAModelItSaysWhatToSet()
    {
        var ended = await HeatProcess.RunAsync(folder, ["llm", "check"]);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("LLM_BASE_URL");
    }

    private Task<HeatProcess.Ended> CheckAsync(StubLlm llm, params (string, string)[] settings) =>
        CheckAsync(llm, [], settings);

    private Task<HeatProcess.Ended> CheckAsync(StubLlm llm, string[] options, params (string, string)[] settings) =>
        HeatProcess.RunAsync(folder, ["llm", "check", .. options],
            [("LLM_BASE_URL", llm.BaseUrl.ToString()), ("LLM_MODEL", "stub"), .. settings]);
}
