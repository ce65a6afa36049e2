using System.Net;
using System.Net.Http.Headers;
using Heat.Configuration;
using HeatUp.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace HeatUp.Tests.Heat;

/// <summary>Who is let in, and what a browser is told.</summary>
public sealed class ApiAuthenticationTests
{
    /// <summary>All that answers without the token, with what a program hears there; what isn't here must be closed.</summary>
    private static readonly Dictionary<string, HttpStatusCode> Open = new()
    {
        ["GET /openapi/v1.json"] = HttpStatusCode.OK,
        ["GET /docs"] = HttpStatusCode.Redirect,
        ["GET /docs/"] = HttpStatusCode.OK,
        ["GET /docs/scalar.js"] = HttpStatusCode.OK,
        ["GET /docs/scalar.aspnetcore.js"] = HttpStatusCode.OK,
        ["GET /docs/favicon.svg"] = HttpStatusCode.OK,
        ["GET /ui/sign-in"] = HttpStatusCode.OK,
        ["POST /ui/sign-in"] = HttpStatusCode.BadRequest,
        ["POST /ui/sign-out"] = HttpStatusCode.Redirect,
        ["GET /ui/heat.css"] = HttpStatusCode.OK,
        ["GET /ui/heat.js"] = HttpStatusCode.OK,
        ["GET /ui/plots.js"] = HttpStatusCode.OK,
        ["GET /ui/heat.svg"] = HttpStatusCode.OK,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryAddressOfTheRouteTableIsClosedUnlessItIsListedAsOpen()
    {
        await using var heat = await ClosedAsync();
        var seen = 0;
        foreach (var (method, path) in AddressesOf(heat))
            foreach (var accept in new[] { "application/json", "text/html" })
            {
                using var answer = await SendAsync(heat, method, path, accept);
                var key = $"{method} {path}";
                // The root only leads a browser on, and a page leads it to where one signs in.
                var isLed = accept == "text/html" && (key == "GET /" || key.StartsWith("GET /ui", StringComparison.Ordinal));
                var expected = Open.GetValueOrDefault(key, isLed ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized);
                answer.StatusCode.ShouldBe(expected, $"{key}, {accept}");
                seen++;
            }
        seen.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task WithoutATokenNothingIsClosed()
    {
        await using var heat = await HeatServer.StartAsync();

        foreach (var (method, path) in AddressesOf(heat).Where(address => address.Path != "/health"))
        {
            using var answer = await SendAsync(heat, method, path, "application/json");
            answer.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized, path);
        }
    }

    [Fact]
    public async Task ASecondTokenLooksAtEverythingAndChangesNothing()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with
        {
            ApiToken = TestSecret.Of("s3cret"), ApiTokenRead = TestSecret.Of("l00k"),
        });
        using var browser = Browser(heat);
        (await SignInAsync(browser, "l00k", "/ui")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var program = new HttpClient { BaseAddress = heat.Client.BaseAddress };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "l00k");
        foreach (var client in new[] { program, browser })
            foreach (var (method, path) in AddressesOf(heat))
            {
                if (Open.ContainsKey($"{method} {path}")) continue;
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                if (method != "GET") (await answer.JsonAsync()).Problem().ShouldBe("read-only", $"{method} {path}");
                else answer.StatusCode.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
            }
        (await browser.GetStringAsync("/ui", Cancellation)).ShouldContain("<body class=\"looking\"");
    }

    [Fact]
    public async Task WhoChangedWhatIsInALogOfItsOwn()
    {
        var log = new FakeLogCollector();
        await using var heat = await HeatServer.StartAsync(settings => settings with
        {
            ApiToken = TestSecret.Of("s3cret"), LogLevel = LogLevel.Information,
        });
        heat.Part<ILoggerFactory>().AddProvider(new FakeLoggerProvider(log));
        heat.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret");
        using var begun = await heat.PostAsync("/ui/start", new FormUrlEncodedContent([new("session", "alice")]));
        await heat.PostAsync("/ui/sessions/nobody/forget");
        await heat.GetAsync("/sessions");

        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        log.GetSnapshot().Where(line => line.Category == "Heat.Acts").ShouldHaveSingleItem().Message
            .ShouldStartWith("127.0.0.1 by Bearer: POST /ui/start alice (302) /ui/runs/");
    }

    [Fact]
    public async Task HeadIsAnsweredWhereverGetIsWithTheSameHeadersAndNoBody()
    {
        await using var heat = await HeatServer.StartAsync();
        var run = (await heat.SitAsync("alice")).Text("run_id");
        foreach (var (method, path) in AddressesOf(heat, run).Where(address => address.Method == "GET"))
        {
            using var get = await SendAsync(heat, method, path, "application/json");
            using var head = await SendAsync(heat, "HEAD", path, "application/json");

            head.StatusCode.ShouldBe(get.StatusCode, path);
            head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType, path);
            (await head.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty(path);
        }
        using var wrong = await SendAsync(heat, "PUT", "/health", "application/json");
        wrong.Content.Headers.Allow.ShouldBe(["GET", "HEAD"]);
    }

    [Fact]
    public async Task ABrowserSignsInOnceAndIsLedToWhatItWanted()
    {
        await using var heat = await ClosedAsync();
        using var browser = Browser(heat);
        using var led = await browser.GetAsync("/some/page?x=1", Cancellation);
        led.Headers.Location!.OriginalString.ShouldBe("/ui/sign-in?return=%2Fsome%2Fpage%3Fx%3D1");
        (await browser.GetStringAsync(led.Headers.Location, Cancellation)).ShouldContain("value=\"/some/page?x=1\"");

        using var wrong = await SignInAsync(browser, "guess", "/");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrong.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("guess");
        using var right = await SignInAsync(browser, "s3cret", "/some/page?x=1");

        right.Headers.Location!.OriginalString.ShouldBe("/some/page?x=1");
        var cookie = right.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        foreach (var rule in new[] { "httponly", "samesite=strict", "path=/" }) cookie.ShouldContain(rule, Case.Insensitive);
        (await browser.GetAsync("/sessions", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/warmup/alice", null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await browser.GetAsync("/no/page", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await browser.PostAsync("/ui/sign-out", null, Cancellation);
        (await browser.GetAsync("/sessions", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ASignInOutlivesARestartAndEndsWithTheToken()
    {
        using var folder = new TempFolder();
        string cookie;
        await using (var heat = await ClosedAsync(folder))
        {
            using var browser = Browser(heat);
            using var signedIn = await SignInAsync(browser, "s3cret", "/");
            cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        await using (var same = await ClosedAsync(folder))
            (await SendAsync(same, "GET", "/sessions", "*/*", cookie)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var other = await ClosedAsync(folder, "an0ther");
        (await SendAsync(other, "GET", "/sessions", "*/*", cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(other, "GET", "/sessions", "*/*", cookie[..^3])).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(other, "GET", "/sessions", "*/*", "heat_up=x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site=same-origin", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site=none", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site=cross-site;Sec-Fetch-Dest=document", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site=cross-site", HttpStatusCode.Unauthorized)]
    [InlineData("Sec-Fetch-Site=same-site;Sec-Fetch-Dest=empty", HttpStatusCode.Unauthorized)]
    [InlineData("Sec-Fetch-Site=cross-site;Sec-Fetch-Dest=image", HttpStatusCode.Unauthorized)]
    [InlineData("Sec-Fetch-Site=cross-site;Sec-Fetch-Dest=iframe", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization=Basic YTpi", HttpStatusCode.OK)]
    [InlineData("Authorization=Bearer guess", HttpStatusCode.Unauthorized)]
    public async Task ACookieCountsForOurOwnPagesAndWhereNoTokenIsShown(string headers, HttpStatusCode status)
    {
        await using var heat = await ClosedAsync();
        using var browser = Browser(heat);
        using var signedIn = await SignInAsync(browser, "s3cret", "/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        foreach (var header in headers.Split(';', StringSplitOptions.RemoveEmptyEntries))
            request.Headers.TryAddWithoutValidation(header.Split('=')[0], header.Split('=', 2)[1]);

        (await browser.SendAsync(request, Cancellation)).StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task ACookieThatCameByTlsGoesByTlsAlone(string scheme, bool isSecure)
    {
        await using var heat = await ClosedAsync();
        using var browser = Browser(heat);
        browser.DefaultRequestHeaders.Add("Origin", $"{scheme}://{heat.Client.BaseAddress!.Authority}");

        using var answer = await SignInAsync(browser, "s3cret", "/");

        answer.Headers.GetValues("Set-Cookie").Single()
            .Contains("; secure", StringComparison.OrdinalIgnoreCase).ShouldBe(isSecure);
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nbroken")]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("application/json", "{}")]
    public async Task AFormThatCannotBeReadIsRefused(string type, string? body)
    {
        await using var heat = await ClosedAsync();
        // More fields than a form may have.
        using var content = new StringContent(body ?? string.Concat(Enumerable.Repeat("a&", 2000)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var answer = await heat.PostAsync("/ui/sign-in", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Problem().ShouldBe("invalid-body");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("evil")]
    [InlineData("")]
    public async Task SigningInLeadsNowhereElse(string place)
    {
        await using var heat = await ClosedAsync();
        using var browser = Browser(heat);

        using var answer = await SignInAsync(browser, "s3cret", place);

        answer.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory]
    [InlineData("POST", "/warmup/alice", "Origin=https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/warmup/alice", "Origin=null", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/warmup/alice", "Sec-Fetch-Site=cross-site", HttpStatusCode.Forbidden)]
    [InlineData("POST", "/warmup/alice", "Sec-Fetch-Site=same-site", HttpStatusCode.Forbidden)]
    [InlineData("DELETE", "/sessions/alice", "Sec-Fetch-Site=cross-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/sessions", "Upgrade=websocket;Connection=Upgrade;Origin=https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/sessions", "Upgrade=websocket;Connection=Upgrade;Sec-Fetch-Site=cross-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/sessions", "Upgrade=websocket;Connection=Upgrade", HttpStatusCode.OK)]
    [InlineData("GET", "/sessions", "Sec-Fetch-Site=cross-site", HttpStatusCode.OK)]
    [InlineData("GET", "/sessions", "Origin=https://evil.example", HttpStatusCode.OK)]
    [InlineData("POST", "/warmup/alice", "Sec-Fetch-Site=same-origin", HttpStatusCode.Accepted)]
    [InlineData("POST", "/warmup/alice", "Sec-Fetch-Site=none", HttpStatusCode.Accepted)]
    [InlineData("POST", "/warmup/alice", "Origin=http://{host}", HttpStatusCode.Accepted)]
    [InlineData("POST", "/warmup/alice", "Origin=https://{host}", HttpStatusCode.Accepted)]
    public async Task APageOfAnotherSiteMayNeitherActNorConnect(string method, string path, string headers, HttpStatusCode status)
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var header in headers.Split(';'))
            request.Headers.TryAddWithoutValidation(
                header.Split('=')[0], header.Split('=')[1].Replace("{host}", heat.Client.BaseAddress!.Authority, StringComparison.Ordinal));

        (await heat.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("/docs/", "sha256-")]
    [InlineData("/docs/no-such-page", "script-src 'self';")]
    [InlineData("/ui/sign-in", "script-src 'self';")]
    [InlineData("/no/such/page", "script-src 'self';")]
    public async Task APageLoadsNothingFromElsewhereAndIsInNobodysFrame(string path, string scripts)
    {
        await using var heat = await HeatServer.StartAsync();
        using var answer = await SendAsync(heat, "GET", path, "text/html");
        if (answer.StatusCode == HttpStatusCode.Redirect) return;

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain(scripts);
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("script-src 'self' 'unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
    }

    [Fact]
    public async Task ABrowserThatIsLostSeesAPageAndAProgramAProblem()
    {
        await using var heat = await HeatServer.StartAsync();

        using var page = await SendAsync(heat, "GET", "/no/such/page", "text/html,*/*");
        using var problem = await SendAsync(heat, "GET", "/no/such/page", "application/json");
        using var ofApi = await SendAsync(heat, "GET", "/warmups/none", "text/html,*/*");
        using var belowApi = await SendAsync(heat, "GET", "/warmups/none/at/all", "text/html,*/*");

        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await page.Content.ReadAsStringAsync(Cancellation)).ShouldContain("<h1>There is nothing at this address.</h1>");
        (await problem.JsonAsync()).Problem().ShouldBe("not-found");
        (await ofApi.JsonAsync()).Problem().ShouldBe("run-not-found");
        (await belowApi.JsonAsync()).Problem().ShouldBe("not-found");
    }

    [Theory]
    [InlineData("/sessions/a/b/c")]
    [InlineData("/Sessions/a/b")]
    [InlineData("/warmups")]
    [InlineData("/warmup/alice")]
    [InlineData("/health/deep")]
    [InlineData("/openapi/v2.json")]
    public async Task BelowAnAddressOfTheApiNobodyIsGivenAPage(string path)
    {
        await using var heat = await HeatServer.StartAsync();
        await using var closed = await ClosedAsync();

        using var lost = await SendAsync(heat, "GET", path, "text/html");
        using var shut = await SendAsync(closed, "GET", path, "text/html");

        lost.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        shut.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await shut.JsonAsync()).Problem().ShouldBe("unauthorized");
    }

    private static Task<HeatServer> ClosedAsync(TempFolder? folder = null, string token = "s3cret") =>
        HeatServer.StartAsync(settings => settings with { ApiToken = TestSecret.Of(token) }, folder: folder);

    private static IEnumerable<(string Method, string Path)> AddressesOf(
        HeatServer heat, string run = "0123456789abcdef0123456789abcdef") =>
        from endpoint in heat.Part<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        from path in PathsOf(endpoint.RoutePattern.RawText!, run)
        select (method, path);

    private static IEnumerable<string> PathsOf(string pattern, string run)
    {
        var path = "/" + pattern.TrimStart('/').Replace("{**session_id}", "alice", StringComparison.Ordinal)
            .Replace("{session_id}", "alice", StringComparison.Ordinal).Replace("{run_id}", run, StringComparison.Ordinal)
            .Replace("{channel}", "durov", StringComparison.Ordinal).Replace("{name}", "nobody", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
        // The page's own addresses: with the name of a document, or without.
        if (path.Contains("{documentName?}", StringComparison.Ordinal))
            return [path.Replace("/{documentName?}", "", StringComparison.Ordinal)];
        path.Contains('{', StringComparison.Ordinal).ShouldBeFalse($"{pattern} needs a value here");
        return [path];
    }

    private static Task<HttpResponseMessage> SendAsync(
        HeatServer heat, string method, string path, string accept, string? cookie = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return heat.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static HttpClient Browser(HeatServer heat)
    {
        var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = heat.Client.BaseAddress };
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return browser;
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token, string place) =>
        browser.PostAsync("/ui/sign-in", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["token"] = token, ["return"] = place }), Cancellation);
}
