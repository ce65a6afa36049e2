using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HeatUp.Testing;

/// <summary>
/// TGStat's API on loopback, as far as its contract is known: usage, lists of codes, searches. Answers what a test tells
/// it to, and else with three good channels for each search.
/// </summary>
public sealed class StubTgstat : IAsyncDisposable
{
    /// <summary>The token that it knows.</summary>
    public const string Token = "a1B2c3+very/secret=token";

    private readonly ConcurrentQueue<StubSearch> searches = new();
    private readonly ConcurrentQueue<string> paths = new();
    private readonly ConcurrentQueue<StubReply?> script = new();
    private readonly ConcurrentDictionary<string, StubReply> byPath = new();

    private StubServer server = null!;

    private StubTgstat()
    {
    }

    /// <summary>What <c>TGSTAT_BASE_URL</c> is set to.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The searches so far: each costs a call.</summary>
    public IReadOnlyCollection<StubSearch> Searches => searches;

    /// <summary>The paths of all requests so far.</summary>
    public IReadOnlyCollection<string> Paths => paths;

    /// <summary>What a subscription has spent, such as <c>7/50</c>; null for no subscription.</summary>
    public string? SpentRequests { get; set; } = "7/50";

    /// <summary>The codes of categories that it has.</summary>
    public IReadOnlyList<string> Categories { get; set; } =
        ["news", "tech", "crypto", "business", "edutainment", "entertainment", "sport", "music", "blogs", "food"];

    /// <summary>What a search finds, as JSON objects; null for three good channels.</summary>
    public Func<StubSearch, IEnumerable<string>>? Items { get; set; }

    /// <summary>Starts a server on a free port.</summary>
    public static async Task<StubTgstat> StartAsync()
    {
        var stub = new StubTgstat();
        stub.server = await StubServer.StartAsync(stub.AnswerAsync);
        stub.BaseUrl = new Uri(stub.server.Address);
        return stub;
    }

    /// <summary>An error in TGStat's words; status 200, as far as anybody knows.</summary>
    public static StubReply Error(string error) => Json(new { status = "error", error });

    /// <summary>A good reply with these items.</summary>
    public static StubReply Found(params IEnumerable<string> items)
    {
        var all = items.ToList();
        return StubReply.Raw(
            $$$"""{"status":"ok","response":{"count":{{{all.Count}}},"items":[{{{string.Join(',', all)}}}]}}""",
            "application/json");
    }

    /// <summary>An item of a search as the documentation shows it.</summary>
    public static string Item(string name, string title = "A channel", object? subscribers = null, string more = "") =>
        $$"""{"id":1,"link":"t.me/{{name}}","peer_type":"channel","username":"@{{name}}","title":{{Text(title)}},"""
        + $$""" "about":"About it.\nMore.","image100":"//static10.tgstat.ru/a.jpg","participants_count":"""
        + $"{JsonSerializer.Serialize(subscribers ?? 21905)}{more}}}";

    /// <summary>A text as JSON.</summary>
    public static string Text(string text) => JsonSerializer.Serialize(text);

    /// <summary>Answers the next searches with these, one each; null stands for a good answer.</summary>
    public StubTgstat Then(params IEnumerable<StubReply?> replies)
    {
        foreach (var reply in replies) script.Enqueue(reply);
        return this;
    }

    /// <summary>Always answers a path, such as <c>/usage/stat</c>, with this.</summary>
    public StubTgstat Always(string path, StubReply reply)
    {
        byPath[path] = reply;
        return this;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        paths.Enqueue(path);
        var reply = ReplyTo(path, http.Request);
        if (reply.Holds) await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        await reply.WriteAsync(http.Response);
        if (reply.IsCutOff) http.Abort();
    }

    private StubReply ReplyTo(string path, HttpRequest request)
    {
        var query = request.Query;
        if (path == "/channels/search") searches.Enqueue(StubSearch.Of(query));
        if (byPath.TryGetValue(path, out var always)) return always;
        if (path == "/channels/search" && script.TryDequeue(out var next) && next is not null) return next;
        if (query["token"].Count == 0 || query["token"] == "") return Error("empty_token");
        if (query["token"] != Token) return Error("token_invalid");
        if (!HttpMethods.IsGet(request.Method)) return Error("wrong_method_type");
        return path switch
        {
            "/usage/stat" => Usage(),
            "/database/categories" => List(Categories),
            "/database/countries" => List(["ru", "ua", "by", "uz", "kz", "ir", "kg"]),
            "/database/languages" => List(["russian", "english"]),
            "/channels/search" => Search(StubSearch.Of(query)),
            _ => Error("wrong_method"),
        };
    }

    private StubReply Usage() => Json(new
    {
        status = "ok",
        response = SpentRequests is null ? [] : new object[]
        {
            new { serviceKey = "api_search_l", title = "Search", spentWords = "651/1000", expiredAt = 1893456000 },
            new
            {
                serviceKey = "api_stat_s",
                title = "Stat",
                spentChannels = "3/50",
                spentRequests = SpentRequests,
                expiredAt = 1893456000,
            },
        },
    });

    private StubReply Search(StubSearch search)
    {
        if (SpentRequests is null) return Error("no_active_subscription");
        if (search.Country is null) return Error("param country required");
        if (search.Category is null && search.Query is null or { Length: < 3 }) return Error("param q is too short");
        if (Items is { } items) return Found(items(search));
        var topic = search.Category ?? $"q{Math.Abs(search.Query!.Sum(c => c)) % 1000}";
        return Found(Enumerable.Range(1, 3).Select(number => Item($"{topic}_no{number}", $"{topic} {number}", 1000 * number)));
    }

    private static StubReply List(IEnumerable<string> codes) =>
        Json(new { status = "ok", response = codes.Select(code => new { code, name = $"имя {code}" }) });

    private static StubReply Json(object body) => new() { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
}

/// <summary>A search that came to <see cref="StubTgstat"/>.</summary>
/// <param name="Category">The code of a category, or null.</param>
/// <param name="Query">What is searched for, or null.</param>
/// <param name="Country">The code of a country, or null.</param>
/// <param name="Language">The code of a language, or null.</param>
public sealed record StubSearch(string? Category, string? Query, string? Country, string? Language)
{
    internal static StubSearch Of(IQueryCollection query) => new(
        query["category"].FirstOrDefault(), query["q"].FirstOrDefault(),
        query["country"].FirstOrDefault(), query["language"].FirstOrDefault());
}
