using System.Text.Json;
using HeatUp.Plans.Llm;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>What is read of an error: the words, and how long to wait.</summary>
public sealed class ServerWordsTests
{
    [Theory]
    [InlineData("""{"error":{"message":"{\"error\":{\"message\":\"No cats\",\"code\":400}}"}}""", "No cats")]
    [InlineData("""{"message":"<html><head><title>No cats</title></head><body>x</body></html>"}""", "No cats")]
    [InlineData("""{"error":"Bad Request","message":["No cats","no dogs"],"statusCode":400}""",
        "Bad Request: No cats; no dogs")]
    [InlineData("""{"error":"invalid_request","error_description":"No cats"}""", "invalid_request: No cats")]
    [InlineData("""{"error":true,"message":"No cats"}""", "No cats")]
    [InlineData("""{"error":1,"reason":"No cats"}""", "No cats")]
    [InlineData("""{"ErrorCode":"X1","ErrorMessage":"No cats"}""", "No cats")]
    [InlineData("""{"success":false,"error_msg":"No cats"}""", "No cats")]
    [InlineData("""{"fault":{"faultstring":"No cats","detail":{"errorcode":"x"}}}""", "No cats")]
    [InlineData("""{"base_resp":{"status_code":2013,"status_msg":"No cats"}}""", "No cats")]
    [InlineData("""{"code":400,"data":{"message":"No cats"}}""", "No cats")]
    [InlineData("""{"title":"It is not valid.","status":400,"errors":{"model":["No cats"]}}""",
        "No cats: It is not valid.")]
    [InlineData("""{"type":"about:blank","title":"Bad Request","status":400,"detail":"No cats"}""", "No cats")]
    [InlineData("""{"error":{"message":"Provider returned error","metadata":{"raw":"[{\"error\":{\"message\":\"No cats\"}}]"}}}""",
        "Provider returned error: No cats")]
    [InlineData("""{"error":{"message":"Provider returned error"},"upstream_details":{"error":{"message":"No cats"}}}""",
        "Provider returned error: No cats")]
    [InlineData("""{"error":{"type":"no_cats","message":""}}""", "no_cats")]
    [InlineData("""{'error': {'message': 'No cats', 'param': None}}""", "No cats")]
    [InlineData("""{"cats":0}""", """{"cats":0}""")]
    [InlineData("[400]: No cats", "[400]: No cats")]
    [InlineData("event: error\ndata: {\"message\":\"No cats\"}\n\n", "No cats")]
    [InlineData("<!-- 1 --><html><style>p{}</style><body><p>No cats &amp; dogs</p></body></html>", "No cats & dogs")]
    public void WordsAreReadFromEveryShapeOfError(string body, string words) => ServerWords.Of(body).ShouldBe(words);

    public static TheoryData<string, string> Endless => new()
    {
        { "headings", Many("<h1>", 2_000_000) },
        { "empty headings", Many("<h1></h1><head>", 500_000) },
        { "heads", Many("<head>", 1_000_000) },
        { "brackets", Many("<", 8_000_000) },
        { "texts", $"{{\"message\":\"{Many("<h1>", 2_000_000)}\"}}" },
    };

    [Theory]
    [MemberData(nameof(Endless), DisableDiscoveryEnumeration = true)]
    public async Task ALongBodyOfWhateverTextIsReadAtOnce(string what, string body) =>
        (await AtOnce(() => ServerWords.Of(body))).Length.ShouldBeLessThan(100_000, what);

    [Theory]
    [InlineData("error")]
    [InlineData("code")]
    [InlineData("x")]
    public async Task AnErrorOfManyEmptyOnesIsReadAtOnce(string name)
    {
        var deep = Many("{\"" + name + "\":", 9) + "{}" + Many("}", 9);
        // Names are compared without digits.
        var fields = Enumerable.Range(0, 40_000).Select(number => $"\"{name}{number}\":{deep}");
        var json = JsonElement.Parse("{" + string.Join(',', fields) + "}");

        (await AtOnce(() => ServerWords.Of(json) + ServerWords.SaidBy(json))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Retry-After", "70", "", 70.0)]
    [InlineData("Retry-After", "20s", "", 20.0)]
    [InlineData("Retry-After", "soon", "Please try again in 20s.", 20.0)]
    [InlineData("retry-after-ms", "450", "", 0.45)]
    [InlineData("x-ratelimit-reset-requests", "1m30s", "", 90.0)]
    [InlineData("X-RateLimit-Reset", "1704890156", "", 60.0)]
    [InlineData("X-RateLimit-Reset", "1704890156000", "", 60.0)]
    [InlineData("X", "", "Limit 3, Used 3. Please try again in 1m30.5s. Visit us.", 90.5)]
    [InlineData("X", "", "You have exceeded the call rate limit. Please retry after 58 seconds.", 58.0)]
    [InlineData("X", "", "Too many requests, please wait 5 minutes before trying again.", 300.0)]
    [InlineData("X", "", """[{"error":{"details":[{"@type":"x.RetryInfo","retryDelay":"38s"}]}}]""", 38.0)]
    [InlineData("X", "", """{"detail":"Too many","retry_after":42}""", 42.0)]
    [InlineData("X-RateLimit-Reset", "1704890000", "", 0.0)]
    [InlineData("X-RateLimit-Reset", "1704890000000", "", 0.0)]
    [InlineData("X-RateLimit-Reset", "50", "Try again in 1d.", 50.0)]
    [InlineData("X", "", "Try again in 1d. Retry after 5 s, please.", 5.0)]
    [InlineData("X", "", "Please retry in 1 minute 30 seconds.", 90.0)]
    [InlineData("X", "", "Retry after 0:17.", 17.0)]
    [InlineData("X", "", "Retry after 2024-01-10T12:36.", 64.0)]
    [InlineData("X", "", "Retry after 2024-01-10 12:36:00Z, please.", 64.0)]
    [InlineData("X", "", "Retry after 2024-01-10T1", null)]
    [InlineData("X", "", "Try again in 1 day.", null)]
    [InlineData("X", "", "Please wait 2 weeks.", null)]
    [InlineData("X", "", "Please wait 1,200 seconds.", null)]
    [InlineData("X", "", "Retry after 10-20 seconds.", null)]
    [InlineData("X", "", "Retry after 1:00:17.", null)]
    [InlineData("X", "", "Limit 20 requests in 60 seconds exceeded", null)]
    [InlineData("X", "", "Try again later", null)]
    public void AWaitIsReadFromHeadersAndWords(string header, string value, string body, double? seconds)
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation(header, value);

        var wait = RetryWait.Of(new ChatRefusal(429, "", body) { Headers = answer.Headers }, Some.Now);

        wait?.TotalSeconds.ShouldBe(seconds!.Value, 0.001);
        wait.HasValue.ShouldBe(seconds.HasValue);
    }

    [Fact]
    public void ALimitThatIsNotUsedUpIsNotWaitedFor()
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.Add("x-ratelimit-remaining-requests", "12");
        answer.Headers.Add("x-ratelimit-reset-requests", "6h");

        RetryWait.Of(new ChatRefusal(429, "", "") { Headers = answer.Headers }, Some.Now).ShouldBeNull();
    }

    private static string Many(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static Task<string> AtOnce(Func<string> words) => Task.Run(words, TestContext.Current.CancellationToken)
        .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
