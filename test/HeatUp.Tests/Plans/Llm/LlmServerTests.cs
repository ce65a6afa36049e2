using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Testing;
using HeatUp.Tests.Support;
using Microsoft.Extensions.AI;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>A server over many exchanges: what is remembered of it, and for how long.</summary>
public sealed class LlmServerTests : IAsyncLifetime
{
    private static readonly ChatMessage[] Prompt = [new(ChatRole.System, "Plan."), new(ChatRole.User, "Now.")];

    private StubLlm llm = null!;

    public async ValueTask InitializeAsync() => llm = await StubLlm.StartAsync();

    public ValueTask DisposeAsync() => llm.DisposeAsync();

    [Fact]
    public async Task TheBestFormIsTriedAgainAndKeptOnceTheServerTakesIt()
    {
        var takesSchemas = false;
        llm.Otherwise = request => Task.FromResult(!takesSchemas && request.ResponseFormat == "json_schema"
            ? StubReply.Fails(400, "json_schema is not supported")
            : StubReply.Says(Replies.Good));
        using var server = Server();

        await AskAsync(server, 10);
        server.Dialect.Form.ShouldBe(ReplyForm.Json);
        llm.Requests.Count(request => request.ResponseFormat == "json_schema").ShouldBe(1);
        takesSchemas = true;
        await AskAsync(server, DialectMemory.RestMax);

        server.Dialect.ShouldBe(ChatDialect.Best);
        llm.Requests.Last().ResponseFormat.ShouldBe("json_schema");
    }

    [Fact]
    public async Task AServerThatTakesItsRefusalsBackIsAskedAnewAtOnceWhenTheOldWayFails()
    {
        llm.Then(StubReply.Fails(400, "json_schema is not supported"));
        llm.Then(StubReply.Says(Replies.Good));
        llm.Then(StubReply.Fails(400, "This engine has gone."));
        llm.Then(StubReply.Says(Replies.Good));
        using var server = Server();

        await AskAsync(server, 3);

        llm.Requests.Select(request => request.ResponseFormat)
            .ShouldBe(["json_schema", "json_object", "json_object", "json_schema"]);
    }

    [Fact]
    public async Task AServerThatRefusesEverythingIsAskedABoundedNumberOfTimes()
    {
        const string all = "response_format, max_tokens and the system role are not supported";
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(500, all));
        using var server = Server();

        (await AskAsync(server, 1)).Failure!.Detail.ShouldContain(all);

        llm.RequestCount.ShouldBeInRange(4, LlmServer.RequestsMax);
    }

    [Fact]
    public async Task AnEndlessAnswerIsNotReceived()
    {
        llm.Otherwise = _ => Task.FromResult(StubReply.Raw(new string(' ', ChatClient.AnswerBytesMax + 1)));
        using var server = Server();

        var failure = (await AskAsync(server, 1)).Failure;

        failure.ShouldNotBeNull().ToString().ShouldBe("llm_unreadable_answer: The model's server answered with something "
            + "that is not a chat completion: It has more than 8 MiB.");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("No such key", null)]
    [InlineData("No such key", "gzip")]
    [InlineData("No such key", "deflate")]
    [InlineData("No such key", "br")]
    public async Task AnErrorWhoseBodyBreaksOffOrCannotBeUnpackedKeepsItsStatus(string body, string? encoding)
    {
        llm.Otherwise = _ => Task.FromResult(
            StubReply.Raw(body, status: 401) with { Encoding = encoding, IsCutOff = encoding is null });
        using var server = Server();

        (await AskAsync(server, 1)).Failure.ShouldNotBeNull().Code.ShouldBe(FallbackCode.KeyRefused);
    }

    [Theory]
    [InlineData("a1b2")]
    [InlineData("a---")]
    [InlineData("%41%4A")]
    public void AShortFormOfASecretIsNotTakenOutOfOtherWords(string key)
    {
        const string words = "They joined a jury.";
        var options = new LlmOptions { BaseUrl = llm.BaseUrl, Model = "m", ApiKey = key };

        options.Secrets.Hide(words, 100).ShouldBe(words);
        options.Secrets.Hide($"Got {key}.", 100).ShouldNotContain(key);
    }

    [Theory]
    [InlineData("The key hidden-value-7 has expired")]
    [InlineData("GET /v1/chat?key=hidden-value-7&x=1 failed")]
    [InlineData("Your key hidden-v...ue-7 is unknown")]
    [InlineData("No such key: Bearer hidden-value-7")]
    [InlineData("Basic dXNlcjpoaWRkZW4tdmFsdWUtNw==")]
    [InlineData("Its letters are h i d d e n - v a l u e - 7.")]
    [InlineData("Got \"hidden-\" \"value-7\", and api-key: 0f1e2d3c4b5a")]
    public async Task ASecretInTheAddressIsShownNowhere(string words)
    {
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(400, words));
        using var server = Server(new Uri($"{llm.BaseUrl}?key=hidden-value-7&api-version=2026-01-01"));

        var detail = (await AskAsync(server, 1)).Failure!.Detail;

        detail.ShouldContain("***");
        detail.ShouldNotContain("hidden-v");
        detail.ShouldNotContain("ue-7");
        detail.ShouldNotContain("hZGRlbi12YWx1");
        detail.ShouldNotContain("v a l");
        detail.ShouldNotContain("0f1e2d");
    }

    [Fact]
    public async Task OrdinaryWordsAreNotTakenForSecrets()
    {
        const string words = "The model gpt-4o-mini-2024-07-18 of qwen/qwen3-235b-a22b is not served in region eu-west-1.";
        llm.Otherwise = _ => Task.FromResult(StubReply.Fails(400, words));
        using var server = Server();

        (await AskAsync(server, 1)).Failure!.Detail.ShouldEndWith(words);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v1", true)]
    [InlineData("http://localhost/v1", true)]
    [InlineData("http://[::1]:8000/v1", true)]
    [InlineData("https://api.openai.com/v1", false)]
    [InlineData("http://10.0.0.7/v1", false)]
    public void OnlyLoopbackAddressesGoRoundTheProxy(string address, bool bypassed)
    {
        var proxy = new LlmConnection.ProxyForOthers(new System.Net.WebProxy("http://proxy:3128"));

        proxy.IsBypassed(new Uri(address)).ShouldBe(bypassed);
        proxy.GetProxy(new Uri(address))!.Host.ShouldBe(bypassed ? new Uri(address).Host : "proxy");
    }

    private LlmServer Server(Uri? address = null)
    {
        var options = new LlmOptions { BaseUrl = address ?? llm.BaseUrl, Model = "m", ApiKey = LlmWorld.Key };
        return new LlmServer(options, new ImpatientTime(Some.Now, options.RetryDelayMax));
    }

    private static async Task<LlmAnswer> AskAsync(LlmServer server, int times)
    {
        var answer = default(LlmAnswer);
        for (var time = 0; time < times; time++)
            answer = await server.AskAsync(Prompt, Some.Seed, TestContext.Current.CancellationToken);
        return answer;
    }
}
